/** The moves every decision is built from. */
import type {
  InstanceEffect,
  InstanceLimits,
  InstanceState,
  Rejection,
  StopReason,
  Transition,
} from './instance-state.js';

export function unchanged(state: InstanceState): Transition {
  return { state, effects: [] };
}

/** `retryAfterMs` null = waiting alone does not help, or nobody knows how long. */
export function reject(
  tickets: readonly number[],
  cause: Rejection,
  retryAfterMs: number | null = null,
): InstanceEffect[] {
  return tickets.map((ticket) => ({ type: 'reject', ticket, cause, retryAfterMs }));
}

/** Begins the next generation; the waiting tickets stay and are served by it. */
export function begin(state: InstanceState, now: number): Transition {
  const generation = state.generation + 1;
  return {
    state: {
      ...state,
      phase: 'starting',
      generation,
      startedAt: now,
      lingerUntil: null,
      retryAt: null,
    },
    effects: [{ type: 'spawn', generation }],
  };
}

/** Ends the generation, taking the leases that are left; `gone` follows. Tickets stay, for the next generation. */
export function beginStopping(
  state: InstanceState,
  stopReason: StopReason,
  isForced: boolean,
): Transition {
  const effects: InstanceEffect[] = [];
  if (state.leases > 0) effects.push({ type: 'lose-leases' });
  effects.push({ type: 'end', generation: state.generation, isForced });
  const stopped = { ...state, phase: 'stopping', stopReason, leases: 0 } as const;
  return { state: { ...stopped, lingerUntil: null, isIdleTimerArmed: false }, effects };
}

/** Leaves those being served until `drainMs` have passed; ends at once when nobody is. */
export function beginDraining(
  state: InstanceState,
  stopReason: StopReason,
  now: number,
  limits: InstanceLimits,
): Transition {
  if (state.leases === 0) return beginStopping(state, stopReason, false);
  return {
    state: { ...state, phase: 'draining', stopReason, drainUntil: now + limits.drainMs },
    effects: [{ type: 'arm', timer: 'drain', delayMs: limits.drainMs }],
  };
}

/** Arms the idle timer unless it runs already: a running one finds out itself that it came too early. */
export function armIdleTimer(state: InstanceState, { idleStopMs }: InstanceLimits): Transition {
  if (idleStopMs === null || state.leases > 0 || state.isIdleTimerArmed) return unchanged(state);
  return {
    state: { ...state, isIdleTimerArmed: true },
    effects: [{ type: 'arm', timer: 'idle', delayMs: idleStopMs }],
  };
}
