import type { LocalModelSpec } from '#process';
import type { Price } from '#adapters';
import type { LossMode, WireProtocolId } from '#translation';
import type { TargetCapabilities } from './target-capabilities.js';

interface TargetFacts {
  /** `local:<model>` or `provider:<name>/<model>`, as in headers and logs. */
  readonly label: string;
  readonly upstreamModel: string;
  readonly price: Price | 'free' | null;
  /** Limits of this route for the time to the first byte, or null for the gateway's own. */
  readonly firstByteTimeoutMs: number | null;
  readonly capabilities: TargetCapabilities;
}

/** A model that runs on this machine. */
export interface LocalTarget extends TargetFacts {
  readonly kind: 'local';
  readonly spec: LocalModelSpec;
}

/** A model at a provider: another machine, usually for money. */
export interface ProviderTarget extends TargetFacts {
  readonly kind: 'provider';
  /** What the upstream speaks, the preferred first. */
  readonly spoken: readonly WireProtocolId[];
  readonly origin: string;
  /** Path of the base URL, without a slash at its end. */
  readonly basePath: string;
  readonly allowPrivateNetwork: boolean;
  /** @throws GatewayError `secrets_locked` */
  readonly credential: () => string | null;
}

export type ResolvedTarget = LocalTarget | ProviderTarget;

/** A public model name with everything behind it, as it stood when the configuration last changed. */
export interface ResolvedRoute {
  readonly id: string;
  readonly name: string;
  readonly cloud: 'never' | 'allow';
  readonly isPrivate: boolean;
  readonly createdAtMs: number;
  readonly lossMode: LossMode;
  readonly targets: readonly ResolvedTarget[];
}
