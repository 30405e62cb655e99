import type { LocalModelSpec } from '#process';
import type { Price } from '#adapters';
import type { LossMode, WireProtocolId } from '#translation';
import type { TargetCapabilities } from './target-capabilities.js';
import type { CloudChoice } from '../routes/cloud-choice.js';
import type { BudgetWindow } from '../common/money/budget-window.js';
import type { WhenCold } from '../routes/when-cold.js';

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

/** When a request waits for a local model, and when it goes elsewhere. */
export interface WaitingPolicy {
  readonly whenCold: WhenCold;
  /** The longest wait for a local model; null = as long as the caller says. */
  readonly maxWaitMs: number | null;
  /** When a stream that still waits is begun, after which no other target can serve it. */
  readonly commitAfterMs: number;
  /** When the next target is asked beside a local one that has not begun; null = never. */
  readonly hedgeAfterMs: number | null;
}

/** A public model name with everything behind it, as it stood when the configuration last changed. */
export interface ResolvedRoute {
  readonly id: string;
  readonly name: string;
  readonly cloud: CloudChoice;
  readonly isPrivate: boolean;
  readonly createdAtMs: number;
  readonly lossMode: LossMode;
  readonly waiting: WaitingPolicy;
  /** What its paid targets may cost together in a window; null = no limit of its own. */
  readonly fallbackBudgetNanos: number | null;
  readonly fallbackBudgetWindow: BudgetWindow;
  readonly hasLocalTarget: boolean;
  readonly targets: readonly ResolvedTarget[];
}
