import type { MemoryPool } from './memory-pool.js';
import type { PoolBytes } from './pool-bytes.js';

const GIB = 1024 ** 3;
const KEPT_SHARE = 0.25;
const LEAST_KEPT = GIB / 2;
const MOST_KEPT = 8 * GIB;

/** What models may use of main memory: all but a part that is kept for everything else. */
export function usableMainMemory(totalBytes: number): number {
  const keptBytes = Math.min(Math.max(totalBytes * KEPT_SHARE, LEAST_KEPT), MOST_KEPT);
  return Math.max(0, totalBytes - keptBytes);
}

/** The declared budget where there is one, else what the machine gives. `ram` names main memory of every kind. */
export function poolBudget(pools: readonly MemoryPool[], declared: PoolBytes): PoolBytes {
  const entries = pools.map(({ name, card, usableBytes }) => {
    const own = declared[name] ?? (card === null ? declared['ram'] : undefined);
    return [name, own ?? usableBytes];
  });
  return Object.fromEntries(entries) as PoolBytes;
}
