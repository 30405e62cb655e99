import type { WireProtocolId } from '#translation';

/** What one attempt must know to reach its upstream. Built once per route, not per request. */
export interface UpstreamEndpoint {
  /** `https://host`, or `unix:/path` of an engine's socket. */
  readonly origin: string;
  /** Path of the inference call, e.g. `/v1/chat/completions`. */
  readonly path: string;
  readonly protocol: WireProtocolId;
  readonly allowPrivateNetwork: boolean;
  /** An engine of this machine, which private requests may be sent to. */
  readonly isLocal: boolean;
  /** Flat name/value list: content type and credentials, never a caller's header. */
  readonly headers: readonly string[];
}
