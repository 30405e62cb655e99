/** What the arbiter's answers do to a local model. */
import type { Transition } from './instance-effect.js';
import type { EventOf } from './instance-event.js';
import { isMissing } from './instance-state.js';
import type { InstanceLimits, InstanceState } from './instance-state.js';
import {
  after,
  begin,
  beginDraining,
  beginStopping,
  isAwaited,
  leaveQueue,
  reject,
  serve,
  unchanged,
} from './transitions.js';

/** Other programs may free memory any moment; until then nobody needs to wait for it. */
const NO_MEMORY_REST_MS = 10_000;

/** The memory is reserved: the process is spawned, or the sleeping one is woken. */
export function onPermitted(state: InstanceState, { now }: EventOf<'permitted'>): Transition {
  if (state.phase !== 'queued') return unchanged(state);
  const { generation, isAsleep } = state;
  const phase = isAsleep ? 'waking' : 'starting';
  const started = { ...state, phase, startedAt: now, isAsleep: false } as const;
  return { state: started, effects: [{ type: isAsleep ? 'wake' : 'spawn', generation }] };
}

/** There will be no memory: those who wait are told at once. */
export function onRefused(
  state: InstanceState,
  { failure, now }: EventOf<'refused'>,
  limits: InstanceLimits,
): Transition {
  if (state.phase !== 'queued') return unchanged(state);
  const rejected = reject(state.tickets, 'failure', failure.isRetryable ? NO_MEMORY_REST_MS : null);
  const empty = { ...state, tickets: [], isWanted: false, isMemoryRetry: false, failure };
  const left = leaveQueue(empty, now, limits);
  if (left.state.phase !== 'cold' || !failure.isRetryable) return after(rejected, left);
  const rested = { ...left.state, phase: 'backoff', retryAt: now + NO_MEMORY_REST_MS } as const;
  const timer = { type: 'arm', timer: 'backoff', delayMs: NO_MEMORY_REST_MS } as const;
  return { state: rested, effects: [...rejected, ...left.effects, timer] };
}

/** Another model was promised this one's memory: those being served finish first. */
export function onEvicted(
  state: InstanceState,
  { deadlineMs, now }: EventOf<'evicted'>,
): Transition {
  switch (state.phase) {
    case 'ready':
    case 'suspect':
      return beginDraining(state, 'evicted', now, deadlineMs);
    case 'sleeping':
      return beginStopping(state, 'evicted', false);
    case 'queued':
      return state.isAsleep ? beginStopping(state, 'evicted', false) : unchanged(state);
    default:
      return unchanged(state);
  }
}

/** Nobody needs the memory any more: who still drains serves again, those who came meanwhile included. */
export function onReprieved(
  state: InstanceState,
  { now }: EventOf<'reprieved'>,
  limits: InstanceLimits,
): Transition {
  if (state.phase !== 'draining' || state.stopReason !== 'evicted') return unchanged(state);
  return serve({ ...state, drainUntil: null }, { isCold: false, now }, limits);
}

/** The memory is back, or was waited for long enough: the reservation ends and what was planned follows. */
export function afterReclaim(state: InstanceState, now: number): Transition {
  if (state.phase !== 'reclaiming') return unchanged(state);
  const released = [{ type: 'release-memory' } as const];
  if (state.isShutDown) return after(released, unchanged({ ...state, phase: 'cold' }));
  if (state.stopReason === 'failed' && state.failure !== null && !state.isWanted) {
    return after(released, restAfterFailure(state, now));
  }
  const cold = { ...state, phase: 'cold' } as const;
  const isAwaitedNow = isAwaited(cold);
  const next = isAwaitedNow ? begin(cold, now) : unchanged({ ...cold, isMemoryRetry: false });
  return after(released, next);
}

/** Pauses after a failure; those who came during the clean-up are told when to try again. */
function restAfterFailure(state: InstanceState, now: number): Transition {
  const { tickets, retryAt, failure } = state;
  const retryAfterMs = retryAt === null ? null : Math.max(0, retryAt - now);
  const rested = { ...state, tickets: [] };
  const isAbsent = failure !== null && isMissing(failure);
  if (retryAfterMs === null || isAbsent) {
    const phase = isAbsent ? 'unavailable' : 'quarantined';
    return { state: { ...rested, phase }, effects: reject(tickets, 'failure', retryAfterMs) };
  }
  const timer = { type: 'arm', timer: 'backoff', delayMs: retryAfterMs } as const;
  const rejected = reject(tickets, 'backoff', retryAfterMs);
  return { state: { ...rested, phase: 'backoff' }, effects: [...rejected, timer] };
}
