/** The moves every decision is built from. */
import type { InstanceEffect, Rejection, Transition } from './instance-effect.js';
import type { InstanceLimits, InstanceState, StopReason } from './instance-state.js';

export function unchanged(state: InstanceState): Transition {
  return { state, effects: [] };
}

/** Runs the effects of a decision before those of the move that follows from it. */
export function after(effects: readonly InstanceEffect[], next: Transition): Transition {
  return { state: next.state, effects: [...effects, ...next.effects] };
}

/** `retryAfterMs` null = waiting alone does not help, or nobody knows how long. */
export function reject(
  tickets: readonly number[],
  cause: Rejection,
  retryAfterMs: number | null = null,
): InstanceEffect[] {
  return tickets.map((ticket) => ({ type: 'reject', ticket, cause, retryAfterMs }));
}

/** True when a generation would have somebody to serve. */
export function isAwaited({ tickets, isWanted }: InstanceState): boolean {
  return tickets.length > 0 || isWanted;
}

/** True when requests that wait do so for the next generation. */
export function isLeaving({ phase }: InstanceState): boolean {
  return phase === 'draining' || phase === 'stopping' || phase === 'reclaiming';
}

export function enqueued(state: InstanceState, ticket: number, now: number): InstanceState {
  const waitingSince = state.tickets.length === 0 ? now : state.waitingSince;
  return { ...state, tickets: [...state.tickets, ticket], waitingSince, lingerUntil: null };
}

/**
 * Asks for memory, for the next generation or for the one that sleeps. Waiting tickets stay and are served by it; while
 * loading is paused they are turned away.
 */
export function askForMemory(state: InstanceState, now: number): Transition {
  const { generation, tickets, waitingSince } = state;
  if (state.isPaused) {
    const phase = state.isAsleep ? 'sleeping' : 'cold';
    const resting = {
      ...state,
      phase,
      tickets: [],
      isWanted: false,
      isMemoryRetry: false,
    } as const;
    return { state: resting, effects: reject(tickets, 'paused') };
  }
  const since = tickets.length > 0 ? waitingSince : now;
  const isAfterOutOfMemory = state.isMemoryRetry;
  return {
    state: { ...state, phase: 'queued' },
    effects: [{ type: 'ask', generation, since, isAfterOutOfMemory }],
  };
}

/** Begins the next generation: its process is spawned when the arbiter permits it. */
export function begin(state: InstanceState, now: number): Transition {
  const generation = state.generation + 1;
  const next = { ...state, generation, isAsleep: false, progress: null };
  return askForMemory({ ...next, lingerUntil: null, retryAt: null }, now);
}

/** Stops waiting for memory: a sleeping engine goes on sleeping, one that has no process yet is cold. */
export function leaveQueue(state: InstanceState, now: number, limits: InstanceLimits): Transition {
  if (!state.isAsleep) {
    return { state: { ...state, phase: 'cold' }, effects: [{ type: 'release-memory' }] };
  }
  const asleep = armIdleTimer({ ...state, phase: 'sleeping' }, now, limits);
  return after([{ type: 'withdraw' }], asleep);
}

/** Ends the generation, taking the leases that are left; `gone` follows. Tickets stay, for the next generation. */
export function beginStopping(
  state: InstanceState,
  stopReason: StopReason,
  isForced: boolean,
): Transition {
  const effects: InstanceEffect[] = [];
  if (state.phase === 'queued') effects.push({ type: 'withdraw' });
  if (state.leases > 0) effects.push({ type: 'lose-leases' });
  effects.push({ type: 'end', generation: state.generation, isForced });
  // What it still did for nobody ends with its process.
  const idle = { ...state, leases: 0, abandoned: [], isAsleep: false };
  const stopped = { ...idle, phase: 'stopping', stopReason } as const;
  return { state: { ...stopped, lingerUntil: null, isIdleTimerArmed: false }, effects };
}

/**
 * Leaves those being served for `deadlineMs` (null: as long as they take); ends at once when nobody is, whatever the
 * engine still does for callers who have left.
 */
export function beginDraining(
  state: InstanceState,
  stopReason: StopReason,
  now: number,
  deadlineMs: number | null,
): Transition {
  if (state.leases === 0) return beginStopping(state, stopReason, false);
  // Asking again does not put off an end that was set before.
  const knownUntil = state.phase === 'draining' ? (state.drainUntil ?? Infinity) : Infinity;
  const until = Math.min(knownUntil, deadlineMs === null ? Infinity : now + deadlineMs);
  const drainUntil = Number.isFinite(until) ? until : null;
  const draining = { ...state, phase: 'draining', stopReason, drainUntil } as const;
  if (drainUntil === null) return unchanged(draining);
  return { state: draining, effects: [{ type: 'arm', timer: 'drain', delayMs: until - now }] };
}

/** The engine gives its memory back and keeps its process; `canSleep` and being idle are the caller's business. */
export function fallAsleep(state: InstanceState, now: number, limits: InstanceLimits): Transition {
  const asleep = { ...state, phase: 'sleeping', isAsleep: true, idleSince: now } as const;
  const { generation } = state;
  return after([{ type: 'sleep', generation }], armIdleTimer(asleep, now, limits));
}

/** How many more leases may be given; infinite where nothing limits them. */
export function freeLeases(
  { leases, abandoned }: Pick<InstanceState, 'leases' | 'abandoned'>,
  { maxLeases }: InstanceLimits,
): number {
  return maxLeases === null ? Infinity : Math.max(0, maxLeases - leases - abandoned.length);
}

/** True when the engine works on nothing: neither for a caller nor for one who has left. */
export function isAtRest({ phase, leases, abandoned }: InstanceState): boolean {
  return phase === 'ready' && leases === 0 && abandoned.length === 0;
}

/** Those who wait get a lease at once, as far as the engine may take them; `isCold` when they waited for a load. */
export function serve(
  state: InstanceState,
  { isCold, now }: { readonly isCold: boolean; readonly now: number },
  limits: InstanceLimits,
): Transition {
  const served = state.tickets.slice(0, freeLeases(state, limits));
  const tickets = state.tickets.slice(served.length);
  const grants = served.map((ticket) => ({ type: 'grant', ticket, isCold }) as const);
  const leases = state.leases + served.length;
  // Who was asked for longest is being served: the others wait from now on, should the engine have to leave.
  const waitingSince = served.length > 0 ? now : state.waitingSince;
  const ready = {
    ...state,
    phase: 'ready',
    tickets,
    waitingSince,
    leases,
    isWanted: false,
  } as const;
  return after(grants, armIdleTimer(ready, now, limits));
}

/** Arms the idle timer unless it runs already: a running one finds out itself that it came too early. */
export function armIdleTimer(
  state: InstanceState,
  now: number,
  { idleStopMs }: InstanceLimits,
): Transition {
  const isKept = state.leases > 0 || state.isPinned;
  if (idleStopMs === null || isKept || state.isIdleTimerArmed) return unchanged(state);
  return {
    state: { ...state, isIdleTimerArmed: true },
    effects: [
      { type: 'arm', timer: 'idle', delayMs: Math.max(0, state.idleSince + idleStopMs - now) },
    ],
  };
}
