/** What people do to a local model: start it, stop it, change its settings, shut the gateway down. */
import type { EventOf, InstanceLimits, InstanceState, Transition } from './instance-state.js';
import {
  armIdleTimer,
  begin,
  beginDraining,
  beginStopping,
  reject,
  unchanged,
} from './transitions.js';

/**
 * A person may start what is resting after a failure: the series of failures is forgotten. Nothing happens when it
 * runs or the gateway is shutting down.
 */
export function onStart(state: InstanceState, { now }: EventOf<'start'>): Transition {
  if (state.isShutDown || state.phase === 'ready') return unchanged(state);
  const wanted = { ...state, isWanted: true, lingerUntil: null };
  const isDown = state.phase === 'cold' || state.phase === 'backoff' || state.phase === 'failed';
  return isDown ? begin({ ...wanted, failureCount: 0 }, now) : unchanged(wanted);
}

/**
 * Ends the engine after its requests have finished, or at once when forced. Those who wait for a start are turned
 * away; those who came during the end get the next generation.
 */
export function onStop(
  state: InstanceState,
  { isForced, now }: EventOf<'stop'>,
  limits: InstanceLimits,
): Transition {
  const unwanted = { ...state, isWanted: false };
  switch (state.phase) {
    case 'starting': {
      const stopping = beginStopping({ ...unwanted, tickets: [] }, 'stopped', isForced);
      const effects = [...reject(state.tickets, 'stopped'), ...stopping.effects];
      return { state: stopping.state, effects };
    }
    case 'ready':
      return isForced
        ? beginStopping(unwanted, 'stopped', true)
        : beginDraining(unwanted, 'stopped', now, limits);
    case 'draining':
      return isForced ? beginStopping(unwanted, state.stopReason, true) : unchanged(unwanted);
    case 'stopping': {
      const { generation } = state;
      const effects = isForced ? [{ type: 'end', generation, isForced } as const] : [];
      return { state: unwanted, effects };
    }
    default:
      return unchanged(unwanted);
  }
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
    const isReady = state.phase === 'ready';
    return isReady ? armIdleTimer({ ...state, isIdleTimerArmed: false }, limits) : unchanged(state);
  }
  switch (state.phase) {
    case 'backoff':
    case 'failed':
      return unchanged({ ...state, phase: 'cold', failure: null, failureCount: 0, retryAt: null });
    case 'starting':
      return beginStopping(state, 'reconfigured', false);
    case 'ready':
      return beginDraining(state, 'reconfigured', now, limits);
    default:
      return unchanged(state);
  }
}

/** Turns everybody away who waits, lets those being served finish, and starts nothing any more. */
export function onShutDown(
  state: InstanceState,
  { now }: EventOf<'shut-down'>,
  limits: InstanceLimits,
): Transition {
  const closed = { ...state, isShutDown: true, isWanted: false, tickets: [] };
  const rejected = reject(state.tickets, 'shutting-down');
  const next =
    state.phase === 'starting'
      ? beginStopping(closed, 'shut-down', false)
      : state.phase === 'ready'
        ? beginDraining(closed, 'shut-down', now, limits)
        : unchanged(closed);
  return { state: next.state, effects: [...rejected, ...next.effects] };
}
