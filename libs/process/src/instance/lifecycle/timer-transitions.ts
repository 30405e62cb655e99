/** What the passing of time does to a local model. */
import type {
  EventOf,
  InstanceLimits,
  InstanceState,
  TimerName,
  Transition,
} from './instance-state.js';
import { beginStopping, unchanged } from './transitions.js';

/**
 * Judges by the clock, not by the timer: one that fires early is armed again, one whose reason is gone changes
 * nothing.
 */
export function onTimer(
  state: InstanceState,
  { timer, now }: EventOf<'timer'>,
  limits: InstanceLimits,
): Transition {
  switch (timer) {
    case 'idle':
      return onIdleTimer({ ...state, isIdleTimerArmed: false }, now, limits);
    case 'linger':
      if (state.phase !== 'starting' || state.lingerUntil === null) return unchanged(state);
      if (now < state.lingerUntil) return rearm(state, 'linger', state.lingerUntil - now);
      return beginStopping(state, 'cancelled', false);
    case 'drain':
      if (state.phase !== 'draining') return unchanged(state);
      if (now < state.drainUntil) return rearm(state, 'drain', state.drainUntil - now);
      return beginStopping(state, state.stopReason, false);
    case 'backoff':
      if (state.phase !== 'backoff' || state.retryAt === null) return unchanged(state);
      if (now < state.retryAt) return rearm(state, 'backoff', state.retryAt - now);
      return unchanged({ ...state, phase: 'cold', retryAt: null });
  }
}

function rearm(state: InstanceState, timer: TimerName, delayMs: number): Transition {
  return { state, effects: [{ type: 'arm', timer, delayMs }] };
}

function onIdleTimer(state: InstanceState, now: number, limits: InstanceLimits): Transition {
  const { idleStopMs } = limits;
  if (state.phase !== 'ready' || state.leases > 0 || idleStopMs === null) return unchanged(state);
  const remainingMs = state.idleSince + idleStopMs - now;
  if (remainingMs <= 0) return beginStopping(state, 'idle', false);
  return rearm({ ...state, isIdleTimerArmed: true }, 'idle', remainingMs);
}
