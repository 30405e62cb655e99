/** What engines do to a local model: they become ready, fail, stall, and are gone. */
import { backoffMs } from './backoff.js';
import type { Transition } from './instance-effect.js';
import type { EventOf } from './instance-event.js';
import { isMissing } from './instance-state.js';
import type { InstanceFailure, InstanceLimits, InstanceState } from './instance-state.js';
import { after, beginStopping, isAwaited, reject, serve, unchanged } from './transitions.js';

/** Failed probes in a row that end a suspect, and the pause between two of them. */
const PROBES = 3;
const PROBE_AGAIN_MS = 1000;
const trusted = { suspicion: null, failedProbes: 0, probeAt: null } as const;

/** Everybody who waits gets a lease at once. */
export function onReady(
  state: InstanceState,
  { now }: EventOf<'became-ready' | 'woken'>,
  limits: InstanceLimits,
): Transition {
  if (state.phase !== 'starting' && state.phase !== 'waking') return unchanged(state);
  const ready: InstanceState = {
    ...state,
    readySince: now,
    idleSince: now,
    progress: null,
    owesService: state.tickets.length > 0,
    hasServed: state.phase === 'waking' && state.hasServed,
    lingerUntil: null,
    isMemoryRetry: false,
    failure: null,
    ...trusted,
  };
  return serve(ready, { isCold: true, now }, limits);
}

export function onProgressed(state: InstanceState, { share }: EventOf<'progressed'>): Transition {
  return unchanged(state.phase === 'starting' ? { ...state, progress: share } : state);
}

/**
 * A start that fails turns away who waited for it, unless it ran out of memory for the first time; a running engine
 * that fails loses its leases. A long stable run forgets earlier failures.
 */
export function onFailed(
  state: InstanceState,
  { failure, now }: EventOf<'failed'>,
  limits: InstanceLimits,
): Transition {
  switch (state.phase) {
    case 'starting':
    case 'waking':
      return onFailedStart(state, failure);
    case 'ready':
    case 'suspect': {
      const wasStable = state.hasServed && now - state.readySince >= limits.stableMs;
      const failureCount = wasStable ? 0 : state.failureCount;
      return beginStopping({ ...state, failure, failureCount }, 'failed', false);
    }
    case 'draining':
      // It was leaving anyway: those who wait for the next generation need not pay for it.
      return beginStopping(state, state.stopReason, false);
    case 'sleeping':
      return beginStopping(state, 'idle', false);
    case 'queued':
      return state.isAsleep ? beginStopping(state, 'idle', false) : unchanged(state);
    default:
      return unchanged(state);
  }
}

function onFailedStart(state: InstanceState, failure: InstanceFailure): Transition {
  const isOutOfMemory = failure.code === 'out-of-memory';
  if (isOutOfMemory && !state.isMemoryRetry && isAwaited(state)) {
    return beginStopping({ ...state, failure, isMemoryRetry: true }, 'out-of-memory', false);
  }
  const failed = { ...state, failure, tickets: [], isWanted: false, isMemoryRetry: false };
  return after(reject(state.tickets, 'failure'), beginStopping(failed, 'failed', false));
}

/** No new leases until a probe has told whether it still works. */
export function onSuspected(state: InstanceState, { cause }: EventOf<'suspected'>): Transition {
  const { phase, generation } = state;
  const isBelieved = phase === 'ready' || (phase === 'draining' && state.suspicion === null);
  if (!isBelieved) return unchanged(state);
  const suspect = { ...state, ...trusted, suspicion: cause };
  return {
    state: phase === 'ready' ? { ...suspect, phase: 'suspect' } : suspect,
    effects: [{ type: 'probe', generation }],
  };
}

/** A good answer ends every doubt. One failed probe may be bad luck; an engine that fails several is ended. */
export function onProbed(
  state: InstanceState,
  { failure, generation, now }: EventOf<'probed'>,
  limits: InstanceLimits,
): Transition {
  if (failure === null) {
    const cleared = { ...state, ...trusted };
    return state.phase === 'suspect'
      ? serve(cleared, { isCold: false, now }, limits)
      : unchanged(cleared);
  }
  if (state.suspicion === null) return unchanged(state);
  const failedProbes = state.failedProbes + 1;
  if (failedProbes >= PROBES) {
    return onFailed(state, { type: 'failed', generation, failure, now }, limits);
  }
  return {
    state: { ...state, failedProbes, probeAt: now + PROBE_AGAIN_MS },
    effects: [{ type: 'arm', timer: 'probe', delayMs: PROBE_AGAIN_MS }],
  };
}

/** No process of the generation is left; its memory may take a moment longer. */
export function onGone(
  state: InstanceState,
  { now, jitter, generation }: EventOf<'gone'>,
  limits: InstanceLimits,
): Transition {
  if (state.phase !== 'stopping') return unchanged(state);
  const { reclaimMs } = limits;
  const counted = counting(state, now, { jitter, limits });
  return {
    state: { ...counted, phase: 'reclaiming', reclaimUntil: now + reclaimMs },
    effects: [
      { type: 'arm', timer: 'reclaim', delayMs: reclaimMs },
      { type: 'reclaim', generation },
    ],
  };
}

/** A failure lengthens the series and sets the pause; a run that became ready and left in order ends it. */
function counting(
  state: InstanceState,
  now: number,
  { jitter, limits }: { jitter: number; limits: InstanceLimits },
): InstanceState {
  const { failure, stopReason, isWanted } = state;
  if (failure === null) return { ...state, failureCount: 0 };
  if (stopReason !== 'failed' || isWanted) return state;
  const failureCount = state.failureCount + 1;
  const pause = pauseMs(failure, failureCount, { jitter, limits });
  return { ...state, failureCount, retryAt: pause === null ? null : now + pause };
}

function pauseMs(
  failure: InstanceFailure,
  failureCount: number,
  { jitter, limits }: { jitter: number; limits: InstanceLimits },
): number | null {
  if (isMissing(failure)) return limits.recheckMs;
  const isTooOften = limits.quarantineAfter !== null && failureCount >= limits.quarantineAfter;
  if (!failure.isRetryable || isTooOften) return null;
  return backoffMs(failureCount, limits.maxBackoffMs, jitter);
}
