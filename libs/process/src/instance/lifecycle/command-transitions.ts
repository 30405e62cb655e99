/** What people do to a local model: start it, stop it, pin it, change its settings, shut the gateway down. */
import type { Transition } from './instance-effect.js';
import type { EventOf } from './instance-event.js';
import type { InstanceLimits, InstanceState } from './instance-state.js';
import {
  after,
  armIdleTimer,
  askForMemory,
  begin,
  beginDraining,
  beginStopping,
  fallAsleep,
  isAtRest,
  isAwaited,
  isLeaving,
  leaveQueue,
  reject,
  unchanged,
} from './transitions.js';

/**
 * A person may start what is resting after a failure: the series of failures is forgotten. Nothing happens when it
 * runs or the gateway is shutting down.
 */
export function onStart(state: InstanceState, { now }: EventOf<'start'>): Transition {
  const isServing = state.phase === 'ready' || state.phase === 'suspect';
  if (state.isShutDown || isServing) return unchanged(state);
  const wanted = { ...state, isWanted: true, lingerUntil: null };
  switch (state.phase) {
    case 'cold':
    case 'backoff':
    case 'quarantined':
    case 'unavailable':
      return begin({ ...wanted, failureCount: 0 }, now);
    case 'sleeping':
      return askForMemory(wanted, now);
    default:
      return unchanged(wanted);
  }
}

/**
 * Ends the engine after its requests have finished, or at once when forced. Those who wait for it are turned
 * away; those who came during the end get the next generation.
 */
export function onStop(
  state: InstanceState,
  { isForced, isPatient = false, now }: EventOf<'stop'>,
  limits: InstanceLimits,
): Transition {
  const drainMs = isPatient ? null : limits.drainMs;
  const unwanted = { ...state, isWanted: false };
  const alone = { ...unwanted, tickets: [] };
  const rejected = reject(state.tickets, 'stopped');
  switch (state.phase) {
    case 'queued':
    case 'starting':
    case 'waking':
      return after(rejected, endStart(alone, { reason: 'stopped', isForced, now }, limits));
    case 'sleeping':
      return beginStopping(unwanted, 'stopped', isForced);
    case 'ready':
    case 'suspect': {
      const ended = isForced
        ? beginStopping(alone, 'stopped', true)
        : beginDraining(alone, 'stopped', now, drainMs);
      return after(rejected, ended);
    }
    case 'draining':
      return isForced
        ? beginStopping(unwanted, state.stopReason, true)
        : beginDraining(unwanted, 'stopped', now, drainMs);
    case 'stopping': {
      const { generation } = state;
      const effects = isForced ? [{ type: 'end', generation, isForced } as const] : [];
      return { state: unwanted, effects };
    }
    default:
      return unchanged(unwanted);
  }
}

/** Ends what has no process yet by leaving the queue, and what has one by stopping it. */
function endStart(
  state: InstanceState,
  { reason, isForced, now }: { reason: 'stopped' | 'shut-down'; isForced: boolean; now: number },
  limits: InstanceLimits,
): Transition {
  const hasProcess = state.phase !== 'queued' || state.isAsleep;
  return hasProcess ? beginStopping(state, reason, isForced) : leaveQueue(state, now, limits);
}

/** Only an engine at rest that can sleep does; all others stay as they are. */
export function onNap(
  state: InstanceState,
  { now }: EventOf<'nap'>,
  limits: InstanceLimits,
): Transition {
  return isAtRest(state) && limits.canSleep ? fallAsleep(state, now, limits) : unchanged(state);
}

/** Who waits for a load that has not begun is turned away; one that has begun is finished. */
export function onPaused(
  state: InstanceState,
  { isPaused, now }: EventOf<'paused'>,
  limits: InstanceLimits,
): Transition {
  const changed = { ...state, isPaused };
  const isQueued = state.phase === 'queued';
  if (!isPaused || !(isQueued || isLeaving(state))) return unchanged(changed);
  const alone = { ...changed, tickets: [], isWanted: false, isMemoryRetry: false };
  const left = isQueued ? leaveQueue(alone, now, limits) : unchanged(alone);
  return after(reject(state.tickets, 'paused'), left);
}

/** A pinned engine is neither stopped for being idle nor for another model. */
export function onPinned(
  state: InstanceState,
  { isPinned, now }: EventOf<'pinned'>,
  limits: InstanceLimits,
): Transition {
  if (isPinned === state.isPinned) return unchanged(state);
  const changed = { ...state, isPinned, idleSince: Math.max(state.idleSince, now) };
  const isIdle = state.phase === 'ready' || state.phase === 'sleeping';
  return isIdle ? armIdleTimer(changed, now, limits) : unchanged(changed);
}

/**
 * New settings: a running engine drains and the waiting get one with the new settings; a failed one may be tried
 * again.
 */
export function onReconfigured(
  state: InstanceState,
  { isLaunchChanged, now }: EventOf<'reconfigured'>,
  limits: InstanceLimits,
): Transition {
  if (!isLaunchChanged) {
    // A timer armed for the old idle time is replaced: the new one may be shorter.
    const isIdle = state.phase === 'ready' || state.phase === 'sleeping';
    const unarmed = { ...state, isIdleTimerArmed: false };
    return isIdle ? armIdleTimer(unarmed, now, limits) : unchanged(state);
  }
  switch (state.phase) {
    case 'backoff':
    case 'quarantined':
    case 'unavailable':
      return unchanged({ ...state, phase: 'cold', failure: null, failureCount: 0, retryAt: null });
    case 'queued':
      return requeue(state, now, limits);
    case 'starting':
    case 'waking':
    case 'sleeping':
      return beginStopping(state, 'reconfigured', false);
    case 'ready':
    case 'suspect':
    case 'draining':
      return beginDraining(state, 'reconfigured', now, limits.drainMs);
    default:
      return unchanged(state);
  }
}

/** The new settings may need another amount of memory: it is asked for anew, in the old place. */
function requeue(state: InstanceState, now: number, limits: InstanceLimits): Transition {
  if (state.isAsleep) return beginStopping(state, 'reconfigured', false);
  const left = leaveQueue(state, now, limits);
  return isAwaited(left.state) ? after(left.effects, begin(left.state, now)) : left;
}

/** Turns everybody away who waits, lets those being served finish, and starts nothing any more. */
export function onShutDown(
  state: InstanceState,
  { now }: EventOf<'shut-down'>,
  limits: InstanceLimits,
): Transition {
  const closed = { ...state, isShutDown: true, isWanted: false, tickets: [] };
  return after(reject(state.tickets, 'shutting-down'), leaveFor(closed, now, limits));
}

function leaveFor(closed: InstanceState, now: number, limits: InstanceLimits): Transition {
  switch (closed.phase) {
    case 'queued':
    case 'starting':
    case 'waking':
      return endStart(closed, { reason: 'shut-down', isForced: false, now }, limits);
    case 'sleeping':
      return beginStopping(closed, 'shut-down', false);
    case 'ready':
    case 'suspect':
    case 'draining':
      return beginDraining(closed, 'shut-down', now, limits.drainMs);
    default:
      return unchanged(closed);
  }
}
