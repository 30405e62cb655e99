import { fits, plus, zeroed } from './pool-bytes.js';
import type { PoolBytes } from './pool-bytes.js';

/** A model that may be stopped for another, and what that would cost. */
export interface Candidate {
  readonly key: string;
  readonly frees: PoolBytes;
  readonly cost: number;
  readonly idleSince: number;
}

/** Up to so many candidates every set is weighed; with more the cheapest are taken one by one. */
const MAX_WEIGHED = 12;

interface VictimSet {
  readonly members: readonly Candidate[];
  readonly cost: number;
}

/** The cheapest set that frees at least what is missing, or null when even all together do not. */
export function chooseVictims(
  candidates: readonly Candidate[],
  missing: PoolBytes,
): readonly Candidate[] | null {
  const useful = candidates
    .filter(({ frees }) => Object.keys(missing).some((pool) => (frees[pool] ?? 0) > 0))
    // Equal costs are told apart by the last use: who was idle longest goes first.
    .sort((a, b) => a.cost - b.cost || a.idleSince - b.idleSince);
  if (!isEnough(useful, missing)) return null;
  return useful.length > MAX_WEIGHED ? greedy(useful, missing) : weighAll(useful, missing);
}

function isEnough(members: readonly Candidate[], missing: PoolBytes): boolean {
  const freed = members.reduce((sum, { frees }) => plus(sum, frees), zeroed(missing));
  return fits(missing, freed);
}

function weighAll(sorted: readonly Candidate[], missing: PoolBytes): readonly Candidate[] {
  let best: VictimSet = { members: sorted, cost: Infinity };
  for (let mask = 1; mask < 2 ** sorted.length; mask += 1) {
    const members = sorted.filter((_, index) => (mask & (1 << index)) !== 0);
    const cost = members.reduce((sum, each) => sum + each.cost, 0);
    const isBetter =
      cost < best.cost || (cost === best.cost && members.length < best.members.length);
    if (isBetter && isEnough(members, missing)) best = { members, cost };
  }
  return best.members;
}

/** Takes the cheapest until it is enough, then puts back whom the later ones made needless. */
function greedy(sorted: readonly Candidate[], missing: PoolBytes): readonly Candidate[] {
  let taken: Candidate[] = [];
  for (const each of sorted) {
    taken.push(each);
    if (isEnough(taken, missing)) break;
  }
  for (const each of [...taken].reverse()) {
    const without = taken.filter((other) => other !== each);
    if (isEnough(without, missing)) taken = without;
  }
  return taken;
}
