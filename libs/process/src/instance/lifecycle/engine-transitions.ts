/** What engines do to a local model: they become ready, fail, and are gone. */
import type {
  EventOf,
  InstanceFailure,
  InstanceLimits,
  InstanceState,
  Transition,
} from './instance-state.js';
import { backoffMs } from './backoff.js';
import { armIdleTimer, begin, beginStopping, reject, unchanged } from './transitions.js';

/** Everybody who waits gets a lease at once. */
export function onReady(
  state: InstanceState,
  { now }: EventOf<'became-ready'>,
  limits: InstanceLimits,
): Transition {
  if (state.phase !== 'starting') return unchanged(state);
  const { tickets } = state;
  const grants = tickets.map((ticket) => ({ type: 'grant', ticket, isCold: true }) as const);
  const ready: InstanceState = {
    ...state,
    phase: 'ready',
    tickets: [],
    leases: tickets.length,
    isWanted: false,
    readySince: now,
    idleSince: now,
    lingerUntil: null,
    failure: null,
  };
  const idle = armIdleTimer(ready, limits);
  return { state: idle.state, effects: [...grants, ...idle.effects] };
}

/**
 * A start that fails turns away who waited for it; a running engine that fails loses its leases. A long stable run
 * forgets earlier failures.
 */
export function onFailed(
  state: InstanceState,
  { failure, now }: EventOf<'failed'>,
  limits: InstanceLimits,
): Transition {
  switch (state.phase) {
    case 'starting': {
      const failed = { ...state, failure, tickets: [], isWanted: false };
      const stopping = beginStopping(failed, 'failed', false);
      return {
        state: stopping.state,
        effects: [...reject(state.tickets, 'failure'), ...stopping.effects],
      };
    }
    case 'ready': {
      const wasStable = now - state.readySince >= limits.stableMs;
      const failureCount = wasStable ? 0 : state.failureCount;
      return beginStopping({ ...state, failure, failureCount }, 'failed', false);
    }
    case 'draining':
      // It was leaving anyway: those who wait for the next generation need not pay for it.
      return beginStopping(state, state.stopReason, false);
    default:
      return unchanged(state);
  }
}

/**
 * No process of the generation is left: the model rests after a failure, begins anew when somebody waits, or is
 * cold.
 */
export function onGone(
  state: InstanceState,
  { now, jitter }: EventOf<'gone'>,
  limits: InstanceLimits,
): Transition {
  if (state.phase !== 'stopping') return unchanged(state);
  if (state.isShutDown) return unchanged({ ...state, phase: 'cold' });
  const { failure, stopReason } = state;
  if (stopReason === 'failed' && failure !== null && !state.isWanted) {
    return rest(state, failure, now + pauseMs(state, failure, { jitter, limits }), now);
  }
  // A run that became ready and left in order ends a series of failures.
  const failureCount = failure === null ? 0 : state.failureCount;
  const cold = { ...state, phase: 'cold', failureCount } as const;
  return state.tickets.length > 0 || state.isWanted ? begin(cold, now) : unchanged(cold);
}

function isMissing(failure: InstanceFailure): boolean {
  return failure.code === 'not-installed' || failure.code === 'model-missing';
}

function pauseMs(
  state: InstanceState,
  failure: InstanceFailure,
  { jitter, limits }: { jitter: number; limits: InstanceLimits },
): number {
  if (failure.isRetryable) return backoffMs(state.failureCount + 1, limits.maxBackoffMs, jitter);
  // What is missing may be put in place any moment, and looking costs nothing; the rest needs a person.
  return isMissing(failure) ? limits.recheckMs : Infinity;
}

/** Pauses after a failure; those who came during the clean-up are told when to try again. */
function rest(
  state: InstanceState,
  failure: InstanceFailure,
  until: number,
  now: number,
): Transition {
  const retryAfterMs = Number.isFinite(until) ? until - now : null;
  const retryAt = retryAfterMs === null ? null : until;
  const failureCount = state.failureCount + 1;
  const rested = { ...state, tickets: [], failure, failureCount, retryAt } as const;
  if (!failure.isRetryable) {
    const effects = reject(state.tickets, 'failure', retryAfterMs);
    return { state: { ...rested, phase: 'failed' }, effects };
  }
  const rejected = reject(state.tickets, 'backoff', retryAfterMs);
  const timer = { type: 'arm', timer: 'backoff', delayMs: until - now } as const;
  return { state: { ...rested, phase: 'backoff' }, effects: [...rejected, timer] };
}
