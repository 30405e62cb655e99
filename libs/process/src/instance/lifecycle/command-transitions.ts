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

export function onStart(state: InstanceState): Transition {
  if (state.isShutDown || state.phase === 'ready') return unchanged(state);
  const wanted = { ...state, isWanted: true, lingerUntil: null };
  const isDown = state.phase === 'cold' || state.phase === 'backoff' || state.phase === 'failed';
  return isDown ? begin({ ...wanted, failureCount: 0 }) : unchanged(wanted);
}

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
