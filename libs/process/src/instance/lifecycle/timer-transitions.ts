/** What the passing of time does to a local model. */
import { onAbandonedTimer } from './abandoned-work.js';
import type { Transition } from './instance-effect.js';
import type { EventOf } from './instance-event.js';
import type { InstanceLimits, InstanceState, TimerName } from './instance-state.js';
import { afterReclaim } from './memory-transitions.js';
import { shouldFinishLoad } from './should-finish-load.js';
import { beginStopping, fallAsleep, isAtRest, unchanged } from './transitions.js';

/**
 * Judges by the clock, not by the timer: one that fires early is armed again, one whose reason is gone changes
 * nothing.
 */
export function onTimer(
  state: InstanceState,
  { timer, now }: EventOf<'timer'>,
  limits: InstanceLimits,
): Transition {
  if (timer === 'idle') return onIdleTimer({ ...state, isIdleTimerArmed: false }, now, limits);
  if (timer === 'abandoned') return onAbandonedTimer(state, now, limits);
  const until = deadlineOf(state, timer);
  if (until === null) return unchanged(state);
  if (now < until) return rearm(state, timer, until - now);
  switch (timer) {
    case 'linger':
      return shouldFinishLoad(state, now, limits)
        ? unchanged({ ...state, lingerUntil: null })
        : beginStopping(state, 'cancelled', false);
    case 'drain':
      return beginStopping(state, state.stopReason, false);
    case 'probe': {
      const { generation } = state;
      return { state: { ...state, probeAt: null }, effects: [{ type: 'probe', generation }] };
    }
    case 'reclaim':
      return afterReclaim(state, now);
    case 'backoff':
      return unchanged({ ...state, phase: 'cold', retryAt: null });
  }
}

/** When the timer is due in this state; null when the state has no use for it any more. */
function deadlineOf(
  state: InstanceState,
  timer: Exclude<TimerName, 'idle' | 'abandoned'>,
): number | null {
  switch (timer) {
    case 'linger':
      return state.phase === 'starting' ? state.lingerUntil : null;
    case 'drain':
      return state.phase === 'draining' ? state.drainUntil : null;
    case 'probe':
      return state.phase === 'suspect' || state.phase === 'draining' ? state.probeAt : null;
    case 'reclaim':
      return state.phase === 'reclaiming' ? state.reclaimUntil : null;
    case 'backoff':
      return state.phase === 'backoff' ? state.retryAt : null;
  }
}

function rearm(state: InstanceState, timer: TimerName, delayMs: number): Transition {
  return { state, effects: [{ type: 'arm', timer, delayMs }] };
}

/**
 * An idle engine that can sleep does so first, and is stopped when it slept as long. What it does for callers who have
 * left is ended by stopping it; sleep has to wait for it, and the end of that work arms the timer anew.
 */
function onIdleTimer(state: InstanceState, now: number, limits: InstanceLimits): Transition {
  const { idleStopMs, canSleep } = limits;
  const isIdle = (state.phase === 'ready' && state.leases === 0) || state.phase === 'sleeping';
  if (!isIdle || state.isPinned || idleStopMs === null) return unchanged(state);
  const remainingMs = state.idleSince + idleStopMs - now;
  if (remainingMs > 0) return rearm({ ...state, isIdleTimerArmed: true }, 'idle', remainingMs);
  if (state.phase === 'sleeping' || !canSleep) return beginStopping(state, 'idle', false);
  if (state.phase === 'ready' && !isAtRest(state)) return unchanged(state);
  return fallAsleep(state, now, limits);
}
