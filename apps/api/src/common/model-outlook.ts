import type { ModelViewState } from '#process';

/** Why a local model cannot serve, however long one waits now. */
export type UnavailableCode =
  | 'not_installed'
  | 'model_missing'
  | 'disabled'
  | 'backoff'
  | 'quarantined'
  | 'queue_full'
  | 'out_of_memory'
  | 'shutting_down';

/** What a request that came now would meet at a local model. */
export interface ModelOutlook {
  readonly state: ModelViewState;
  /** True when a lease would be given at once. */
  readonly isServingNow: boolean;
  /** Until the engine would begin to work on it; 0 when at once, null when nobody knows. */
  readonly predictedWaitMs: number | null;
  /** Share of the load that is done, from 0 to 1; null when nothing loads or nobody knows. */
  readonly progress: number | null;
  /** Why it would be refused; null when it would be served or may wait. */
  readonly unavailable: {
    readonly code: UnavailableCode;
    /** Says what to do; safe to show to callers. */
    readonly message: string;
    readonly retryAfterMs: number | null;
  } | null;
}
