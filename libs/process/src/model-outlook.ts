import type { ModelViewState } from './instance-view.js';

/** Why a local model cannot serve, however long one waits now. A closed list. */
export type UnavailableCode =
  | 'not_installed'
  | 'platform_unsupported'
  | 'model_missing'
  | 'disabled'
  | 'resource_paused'
  | 'backoff'
  | 'quarantined'
  | 'queue_full'
  | 'out_of_memory'
  | 'shutting_down';

export interface Unavailability {
  readonly code: UnavailableCode;
  /** Says what to do; safe to show to callers. */
  readonly message: string;
  /** Milliseconds after which another try makes sense; null when waiting alone does not help. */
  readonly retryAfterMs: number | null;
}

/** What a request that came now would meet. Asking changes nothing and starts nothing. */
export interface ModelOutlook {
  readonly state: ModelViewState;
  /** True when a lease would be given at once. The engine may still queue it: see `predictedWaitMs`. */
  readonly isServingNow: boolean;
  /** Until the engine would begin to work on it; 0 when at once, null when nothing was learned yet. */
  readonly predictedWaitMs: number | null;
  /** Share of the load that is done, from 0 to 1; null when nothing loads or nobody knows. */
  readonly progress: number | null;
  /** Why it would be refused; null when it would be served or may wait. */
  readonly unavailable: Unavailability | null;
}
