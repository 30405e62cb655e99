import type { ProcessErrorCode } from '../../process-error.js';

type InstancePhase = 'cold' | 'starting' | 'ready' | 'draining' | 'stopping' | 'backoff' | 'failed';

/** Why an engine did not start or ended by itself. Plain data, so that states can be compared. */
export interface InstanceFailure {
  readonly code: ProcessErrorCode;
  /** A short stable word for the exit record. */
  readonly reason: string;
  readonly message: string;
  readonly lastLines: readonly string[];
  /** False when another try with the same settings cannot end differently. */
  readonly isRetryable: boolean;
}

/** The whole truth about one local model. All times are monotonic milliseconds. */
export interface InstanceState {
  readonly phase: InstancePhase;
  /** Counts starts; an event of another generation is stale and changes nothing. */
  readonly generation: number;
  /** Requests waiting for an engine, oldest first. */
  readonly tickets: readonly number[];
  readonly leases: number;
  /** Somebody asked for the engine itself: it is started even when no request waits. */
  readonly isWanted: boolean;
  readonly isShutDown: boolean;
  /** When the generation was begun. */
  readonly startedAt: number;
  readonly readySince: number;
  /** When the last lease was released (or the engine became ready); the idle time counts from here. */
  readonly idleSince: number;
  readonly isIdleTimerArmed: boolean;
  /** When an abandoned start is cancelled; null while somebody waits. */
  readonly lingerUntil: number | null;
  readonly drainUntil: number;
  readonly stopReason: StopReason;
  readonly failure: InstanceFailure | null;
  readonly failureCount: number;
  /** When a request may try again after a failure; null means only a person or new settings can. */
  readonly retryAt: number | null;
}

/** Why a generation is being ended; the first reason stays, whatever comes after it. */
export type StopReason = 'stopped' | 'idle' | 'cancelled' | 'failed' | 'reconfigured' | 'shut-down';

/** Each timer may fire too early or too late: its handler looks at the clock and re-arms if need be. */
export type TimerName = 'idle' | 'linger' | 'drain' | 'backoff';

/**
 * Everything that can happen to a local model. Events of a generation that is over are dropped before they get
 * here.
 */
export type InstanceEvent =
  | { readonly type: 'request'; readonly ticket: number; readonly now: number }
  /** The client left or its patience ended. */
  | { readonly type: 'ticket-left'; readonly ticket: number; readonly now: number }
  | { readonly type: 'start'; readonly now: number }
  | { readonly type: 'stop'; readonly isForced: boolean; readonly now: number }
  | { readonly type: 'became-ready'; readonly generation: number; readonly now: number }
  /** The engine could not start, or ended by itself. */
  | {
      readonly type: 'failed';
      readonly generation: number;
      readonly failure: InstanceFailure;
      readonly now: number;
    }
  /** No process of the generation is left. `jitter` is a random number in [0, 1). */
  | {
      readonly type: 'gone';
      readonly generation: number;
      readonly jitter: number;
      readonly now: number;
    }
  | { readonly type: 'lease-released'; readonly generation: number; readonly now: number }
  | { readonly type: 'timer'; readonly timer: TimerName; readonly now: number }
  | { readonly type: 'reconfigured'; readonly isLaunchChanged: boolean; readonly now: number }
  | { readonly type: 'shut-down'; readonly now: number }
  | { readonly type: 'reopened' };

/** The event with this `type`. */
export type EventOf<Type extends InstanceEvent['type']> = Extract<InstanceEvent, { type: Type }>;

/** Why a waiting or new request gets no engine; `backoff` and `failure` differ in whether time alone may help. */
export type Rejection = 'failure' | 'backoff' | 'queue-full' | 'stopped' | 'shutting-down';

/** What the caller must do, in this order, after it has taken over the new state. */
export type InstanceEffect =
  | { readonly type: 'spawn'; readonly generation: number }
  /** End the generation; answered by `gone`. May be repeated with `isForced` to skip the grace. */
  | { readonly type: 'end'; readonly generation: number; readonly isForced: boolean }
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

/** The figures the decisions depend on, in milliseconds and counts. */
export interface InstanceLimits {
  readonly idleStopMs: number | null;
  readonly lingerMs: number;
  readonly drainMs: number;
  readonly maxQueue: number;
  readonly maxBackoffMs: number;
  /** A run that stayed ready this long ends a series of failures. */
  readonly stableMs: number;
  /** Pause before missing files or programs are looked for again. */
  readonly recheckMs: number;
}

/** The answer to one event. Pure: the same state, event and limits give the same one. */
export interface Transition {
  readonly state: InstanceState;
  readonly effects: readonly InstanceEffect[];
}

/** A model that was never started. */
export const initialState: InstanceState = {
  phase: 'cold',
  generation: 0,
  tickets: [],
  leases: 0,
  isWanted: false,
  isShutDown: false,
  startedAt: 0,
  readySince: 0,
  idleSince: 0,
  isIdleTimerArmed: false,
  lingerUntil: null,
  drainUntil: 0,
  stopReason: 'stopped',
  failure: null,
  failureCount: 0,
  retryAt: null,
};
