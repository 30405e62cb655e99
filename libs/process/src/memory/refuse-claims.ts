import type { ArbiterState, ArbiterView, Claim, RefusalCause } from './arbiter-state.js';
import { fits, plus } from './pool-bytes.js';
import type { PoolBytes } from './pool-bytes.js';

/** Why a claim can never be met as things are, and by which of its options. */
export interface Refusal {
  readonly cause: RefusalCause;
  readonly need: PoolBytes;
}

/** What may change soonest is told first. */
const hopeful: readonly RefusalCause[] = ['no-free-memory', 'pinned', 'too-large'];

/** Null when waiting may help, so that nobody waits in vain. */
export function refusalOf(
  claim: Claim,
  state: ArbiterState,
  view: ArbiterView,
  starvedSince: number | null,
): Refusal | null {
  const refusals: Refusal[] = [];
  for (const need of claim.options) {
    const cause = causeFor(claim, need, state, view);
    if (cause !== null) refusals.push({ cause, need });
    else if (!isStarvedTooLong(starvedSince, view)) return null;
    else refusals.push({ cause: 'no-free-memory', need });
  }
  const found = hopeful.flatMap((cause) => refusals.filter((each) => each.cause === cause));
  return found[0] ?? null;
}

function isStarvedTooLong(starvedSince: number | null, { now, limits }: ArbiterView): boolean {
  return starvedSince !== null && now - starvedSince >= limits.starvedMs;
}

function causeFor(
  claim: Claim,
  need: PoolBytes,
  { held, budget }: ArbiterState,
  { standings }: ArbiterView,
): RefusalCause | null {
  if (!fits(need, budget)) return 'too-large';
  const pinned = [...held].filter(([key]) => {
    return key !== claim.key && standings.get(key)?.isPinned === true;
  });
  const beside = pinned.reduce((room, [, holding]) => plus(room, holding.need, -1), budget);
  const isGroupPinned = pinned.some(([, { group }]) => group !== null && group === claim.group);
  return isGroupPinned || !fits(need, beside) ? 'pinned' : null;
}
