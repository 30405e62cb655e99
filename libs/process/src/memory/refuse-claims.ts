import type { ArbiterState, ArbiterView, Claim, RefusalCause } from './arbiter-state.js';
import { fits, plus } from './pool-bytes.js';

/** Why a claim can never be met as things are, so that nobody waits in vain; null when waiting may help. */
export function refusalOf(
  claim: Claim,
  { held, budget }: ArbiterState,
  { standings, now, limits }: ArbiterView,
  starvedSince: number | null,
): RefusalCause | null {
  if (!fits(claim.need, budget)) return 'too-large';
  const pinned = [...held].filter(([key]) => {
    return key !== claim.key && standings.get(key)?.isPinned === true;
  });
  const beside = pinned.reduce((room, [, { need }]) => plus(room, need, -1), budget);
  const isGroupPinned = pinned.some(([, { group }]) => group !== null && group === claim.group);
  if (isGroupPinned || !fits(claim.need, beside)) return 'pinned';
  const isStarved = starvedSince !== null && now - starvedSince >= limits.starvedMs;
  return isStarved ? 'no-free-memory' : null;
}
