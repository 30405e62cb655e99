import type { MemoryRule } from '../../engine-traits.js';
import type { Footprint } from '../../learned/learned-figures.js';
import { mainPoolOf } from '../../memory/memory-pool.js';
import type { MemoryPool } from '../../memory/memory-pool.js';
import { totalOf } from '../../memory/pool-bytes.js';
import type { PoolBytes } from '../../memory/pool-bytes.js';
import type { MemoryPermit } from './memory-permit.js';

/** What a run teaches of the next ones, told from what it took; null when too little of that was measured. */
export function learnableFootprint(
  taken: PoolBytes,
  { reserved, placement }: MemoryPermit,
  rule: MemoryRule,
  pools: readonly MemoryPool[],
): Footprint | null {
  const mainBytes = taken[mainPoolOf(pools)] ?? 0;
  const cards = pools.filter(({ card }) => card !== null && rule.cards.includes(card.maker));
  const isDivided = placement !== null && (placement.cards.length === 0 || placement.cardShare < 1);
  // What was divided between cards and main memory is divided anew, by the budget of then.
  if (cards.length === 0 || isDivided) return { footprintBytes: totalOf(taken), cardBytes: null };
  if (cards.every(({ name }) => taken[name] !== undefined)) {
    const cardBytes = cards.reduce((sum, { name }) => sum + (taken[name] ?? 0), 0);
    return { footprintBytes: mainBytes, cardBytes };
  }
  // Cards that do not tell: a model that shows in main memory did not go there.
  const isInMain = mainBytes * 2 >= totalOf(reserved);
  return isInMain ? { footprintBytes: mainBytes, cardBytes: 0 } : null;
}
