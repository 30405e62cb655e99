import type { InstanceState, TimerName } from './instance-state.js';

/** Why a waiting or new request gets no engine; `backoff` and `failure` differ in whether time alone may help. */
export type Rejection =
  'failure' | 'backoff' | 'queue-full' | 'stopped' | 'disabled' | 'paused' | 'shutting-down';

/** What the caller must do, in this order, after it has taken over the new state. */
export type InstanceEffect =
  /** Ask the arbiter for memory; answered by `permitted` or `refused`. */
  | {
      readonly type: 'ask';
      readonly generation: number;
      readonly since: number;
      /** The last start ran out of memory: the need was underestimated. */
      readonly isAfterOutOfMemory: boolean;
    }
  /** Take the question back. */
  | { readonly type: 'withdraw' }
  /** Give the reserved memory back. */
  | { readonly type: 'release-memory' }
  | { readonly type: 'spawn'; readonly generation: number }
  /** End the generation; answered by `gone`. May be repeated with `isForced` to skip the grace. */
  | { readonly type: 'end'; readonly generation: number; readonly isForced: boolean }
  /** Wait until its memory is back; answered by `reclaimed`. */
  | { readonly type: 'reclaim'; readonly generation: number }
  /** Find out whether it still generates; answered by `probed`. */
  | { readonly type: 'probe'; readonly generation: number }
  /** Ask what it works on; answered by `work-counted` where it tells. */
  | { readonly type: 'count-work'; readonly generation: number }
  /** Let it give memory back without ending; a failure is answered by `failed`. */
  | { readonly type: 'sleep'; readonly generation: number }
  /** Answered by `woken` or `failed`. */
  | { readonly type: 'wake'; readonly generation: number }
  | { readonly type: 'grant'; readonly ticket: number; readonly isCold: boolean }
  | {
      readonly type: 'reject';
      readonly ticket: number;
      readonly cause: Rejection;
      readonly retryAfterMs: number | null;
    }
  /** The engine is going away under its leases: tell their holders. */
  | { readonly type: 'lose-leases' }
  /** One timer per name: arming replaces. */
  | { readonly type: 'arm'; readonly timer: TimerName; readonly delayMs: number };

/** The answer to one event. Pure: the same state, event and limits give the same one. */
export interface Transition {
  readonly state: InstanceState;
  readonly effects: readonly InstanceEffect[];
}
