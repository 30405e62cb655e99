import type { SuspicionCause } from '../../health/suspicion.js';
import type { ProcessErrorCode } from '../../process-error.js';

/**
 * `queued` waits for the arbiter's permit, `suspect` is being probed and takes no new leases, `reclaiming` has no
 * process left but keeps its reservation until the memory is back. `unavailable` lacks its program or file,
 * `quarantined` failed in a way that another try cannot mend, or too often.
 */
export type InstancePhase =
  | 'cold'
  | 'queued'
  | 'starting'
  | 'ready'
  | 'suspect'
  | 'draining'
  | 'sleeping'
  | 'waking'
  | 'stopping'
  | 'reclaiming'
  | 'backoff'
  | 'quarantined'
  | 'unavailable';

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

/** What is missing may be put in place any moment, and looking costs nothing. */
export function isMissing({ code }: InstanceFailure): boolean {
  return code === 'not-installed' || code === 'model-missing' || code === 'platform-unsupported';
}

/** The whole truth about one local model. All times are monotonic milliseconds. */
export interface InstanceState {
  readonly phase: InstancePhase;
  /** Counts starts; an event of another generation is stale and changes nothing. */
  readonly generation: number;
  /** Requests waiting for an engine, oldest first. */
  readonly tickets: readonly number[];
  /** When the oldest of them came. */
  readonly waitingSince: number;
  readonly leases: number;
  /** When each request was given up that the engine may still be working on, oldest first; they keep their slots. */
  readonly abandoned: readonly number[];
  /** Somebody asked for the engine itself: it is started even when no request waits. */
  readonly isWanted: boolean;
  readonly isPinned: boolean;
  readonly isShutDown: boolean;
  /** Nothing is loaded or woken; what is in memory goes on serving. */
  readonly isPaused: boolean;
  /** The process of the generation is there and has given its memory back. */
  readonly isAsleep: boolean;
  /** When the process was begun, or the wake. */
  readonly startedAt: number;
  /** Share of the load the engine told of; null when it does not. */
  readonly progress: number | null;
  readonly readySince: number;
  /** Started for requests, none of which is finished yet: it may not be sent away before. */
  readonly owesService: boolean;
  /** It finished a request in this generation. */
  readonly hasServed: boolean;
  /** When the last lease was released (or the engine became ready); the idle time counts from here. */
  readonly idleSince: number;
  readonly isIdleTimerArmed: boolean;
  /** When an abandoned start is cancelled; null while somebody waits. */
  readonly lingerUntil: number | null;
  /** When those still served are cut; null means never. */
  readonly drainUntil: number | null;
  readonly reclaimUntil: number;
  readonly stopReason: StopReason;
  readonly failure: InstanceFailure | null;
  readonly failureCount: number;
  /** Why the engine of the generation is doubted; null while it is not. */
  readonly suspicion: SuspicionCause | null;
  /** Probes that have failed since it is. */
  readonly failedProbes: number;
  /** When the next one is due; null while one is under way. */
  readonly probeAt: number | null;
  /** The next start is the one more try after the memory ran out. */
  readonly isMemoryRetry: boolean;
  /** When a request may try again after a failure; null means only a person or new settings can. */
  readonly retryAt: number | null;
}

/** Why a generation is being ended; the first reason stays, whatever comes after it. */
export type StopReason =
  | 'stopped'
  | 'idle'
  | 'evicted'
  | 'cancelled'
  | 'failed'
  | 'out-of-memory'
  | 'reconfigured'
  | 'shut-down';

/** Each timer may fire too early or too late: its handler looks at the clock and re-arms if need be. */
export type TimerName = 'idle' | 'linger' | 'drain' | 'probe' | 'abandoned' | 'reclaim' | 'backoff';

/** What becomes of a load that nobody waits for any more. */
export type AbandonedPolicy = 'finish' | 'cancel' | 'auto';

/** The figures the decisions depend on, in milliseconds and counts. */
export interface InstanceLimits {
  readonly idleStopMs: number | null;
  /** True when an idle engine sleeps before it is stopped. */
  readonly canSleep: boolean;
  readonly abandoned: AbandonedPolicy;
  readonly lingerMs: number;
  /** How long earlier loads took; null when there was none. */
  readonly expectedLoadMs: number | null;
  readonly drainMs: number;
  readonly reclaimMs: number;
  readonly maxQueue: number;
  /** Most leases at a time; further requests wait, although the engine is ready. Null means any number. */
  readonly maxLeases: number | null;
  /** How long an engine may go on with a request that was given up; null where it stops at once. */
  readonly abandonedWorkMs: number | null;
  /** True when the engine tells how many requests it works on. */
  readonly canCountWork: boolean;
  readonly maxBackoffMs: number;
  /** Failures in a row after which only a person starts it again; null means never. */
  readonly quarantineAfter: number | null;
  /** A run that stayed ready this long and served ends a series of failures. */
  readonly stableMs: number;
  /** Pause before missing files or programs are looked for again. */
  readonly recheckMs: number;
}

/** A model that was never started. */
export const initialState: InstanceState = {
  phase: 'cold',
  generation: 0,
  tickets: [],
  waitingSince: 0,
  leases: 0,
  abandoned: [],
  isWanted: false,
  isPinned: false,
  isShutDown: false,
  isPaused: false,
  isAsleep: false,
  startedAt: 0,
  progress: null,
  readySince: 0,
  owesService: false,
  hasServed: false,
  idleSince: 0,
  isIdleTimerArmed: false,
  lingerUntil: null,
  drainUntil: null,
  reclaimUntil: 0,
  stopReason: 'stopped',
  failure: null,
  failureCount: 0,
  suspicion: null,
  failedProbes: 0,
  probeAt: null,
  isMemoryRetry: false,
  retryAt: null,
};
