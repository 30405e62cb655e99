/**
 * The one place that gives out memory: a pure function, so that no two models can be promised the same bytes. It
 * never touches a model itself: it permits, evicts and reprieves, and each model decides how.
 */
import type {
  ArbiterEvent,
  ArbiterState,
  ArbiterTransition,
  ArbiterView,
  Claim,
  Holding,
} from './arbiter-state.js';
import { cutTo, fits, plus } from './pool-bytes.js';
import type { PoolBytes } from './pool-bytes.js';
import { settle } from './settle-claims.js';

/** Next state and the effects to run, in order. The whole queue is looked at after every event. */
export function arbitrate(
  state: ArbiterState,
  event: ArbiterEvent,
  view: ArbiterView,
): ArbiterTransition {
  return settle(applied(state, event), view);
}

function applied(state: ArbiterState, event: ArbiterEvent): ArbiterState {
  switch (event.type) {
    case 'ask':
      return { ...state, queue: inserted(state.queue, event.claim) };
    case 'withdraw':
      return { ...state, queue: unqueued(state.queue, event.key) };
    case 'release': {
      const { queue, held } = state;
      return { ...state, queue: unqueued(queue, event.key), held: without(held, event.key) };
    }
    case 'resize':
      return resized(state, event.key, event.need);
    case 'regroup': {
      const holding = state.held.get(event.key);
      if (holding === undefined) return state;
      const regrouped = { ...holding, group: event.group };
      return { ...state, held: new Map(state.held).set(event.key, regrouped) };
    }
    case 'budget':
      return { ...state, budget: event.budget };
    case 'look':
      return state;
  }
}

/** Oldest request first; a model has one claim at most. */
function inserted(queue: readonly Claim[], claim: Claim): readonly Claim[] {
  return [...unqueued(queue, claim.key), claim].sort((a, b) => a.since - b.since);
}

function unqueued(queue: readonly Claim[], key: string): readonly Claim[] {
  return queue.filter((claim) => claim.key !== key);
}

function without(held: ReadonlyMap<string, Holding>, key: string): ReadonlyMap<string, Holding> {
  const left = new Map(held);
  left.delete(key);
  return left;
}

function resized(state: ArbiterState, key: string, need: PoolBytes): ArbiterState {
  const holding = state.held.get(key);
  if (holding === undefined) return state;
  const others = without(state.held, key);
  const left = roomIn(state.budget, others);
  // What is measured is a fact, but nobody else may lose a reservation over it.
  const bounded = fits(need, left) ? need : cutTo(need, atLeast(left, holding.need));
  return { ...state, held: new Map(others).set(key, { ...holding, need: bounded }) };
}

function atLeast(left: PoolBytes, held: PoolBytes): PoolBytes {
  const most = Object.entries(left).map(([pool, bytes]) => [
    pool,
    Math.max(bytes, held[pool] ?? 0),
  ]);
  return Object.fromEntries(most) as PoolBytes;
}

/** What is left of the budget beside what is held. */
export function roomIn(budget: PoolBytes, held: ReadonlyMap<string, Holding>): PoolBytes {
  return [...held.values()].reduce((room, { need }) => plus(room, need, -1), budget);
}
