/**
 * Some engines go on with a request whose caller has left. What they still do for nobody keeps its slot, so that they
 * never have more to do at once than they were meant to, until they prove that it is over or its time is up.
 */
import type { Transition } from './instance-effect.js';
import type { EventOf } from './instance-event.js';
import type { InstanceLimits, InstanceState } from './instance-state.js';
import { after, serve, unchanged } from './transitions.js';

/** How often an engine that tells what it works on is asked. */
const COUNT_EVERY_MS = 500;
/** A request may reach the engine a moment after its caller has left: a count before that proves nothing. */
const ARRIVAL_MS = 250;

/** The slot of a request that was given up; free at once where the engine stops when its caller leaves. */
export function keepSlot(state: InstanceState, now: number, limits: InstanceLimits): Transition {
  if (limits.abandonedWorkMs === null) return unchanged(state);
  const kept = { ...state, abandoned: [...state.abandoned, now] };
  // The timer that runs for an older one is never later than the own.
  return state.abandoned.length > 0 ? unchanged(kept) : watch(kept, now, limits);
}

/** Frees what has had its time, and asks about the rest. */
export function onAbandonedTimer(
  state: InstanceState,
  now: number,
  limits: InstanceLimits,
): Transition {
  const boundMs = limits.abandonedWorkMs ?? 0;
  const freed = leave(
    state,
    state.abandoned.filter((since) => now < since + boundMs),
    { now, limits },
  );
  if (freed.state.abandoned.length === 0) return freed;
  const { generation } = state;
  const asked = limits.canCountWork ? [{ type: 'count-work', generation } as const] : [];
  return after([...freed.effects, ...asked], watch(freed.state, now, limits));
}

/**
 * Of what was given up in time, no more can be left than the engine has under way. Which of it is told from what is
 * being served nobody knows, so all of that may be.
 */
export function onWorkCounted(
  state: InstanceState,
  { underWay, askedAt, now }: EventOf<'work-counted'>,
  limits: InstanceLimits,
): Transition {
  const { abandoned } = state;
  const judged = abandoned.filter((since) => since + ARRIVAL_MS <= askedAt).length;
  const over = Math.max(0, judged - underWay);
  return leave(state, abandoned.slice(over), { now, limits });
}

function leave(
  state: InstanceState,
  abandoned: readonly number[],
  { now, limits }: { readonly now: number; readonly limits: InstanceLimits },
): Transition {
  if (abandoned.length === state.abandoned.length) return unchanged(state);
  const freed = { ...state, abandoned };
  return state.phase === 'ready' ? serve(freed, { isCold: false, now }, limits) : unchanged(freed);
}

function watch(state: InstanceState, now: number, limits: InstanceLimits): Transition {
  const { abandonedWorkMs, canCountWork } = limits;
  const untilBoundMs = (state.abandoned[0] ?? now) + (abandonedWorkMs ?? 0) - now;
  const delayMs = Math.max(0, canCountWork ? Math.min(COUNT_EVERY_MS, untilBoundMs) : untilBoundMs);
  return { state, effects: [{ type: 'arm', timer: 'abandoned', delayMs }] };
}
