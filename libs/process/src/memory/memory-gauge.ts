import type { MemoryPool } from './memory-pool.js';
import type { PoolBytes } from './pool-bytes.js';

/** What a machine has, and what of it is free. Asking never blocks: what takes time is measured ahead. */
export interface MemoryGauge {
  readonly pools: readonly MemoryPool[];
  /** Pools that cannot be measured are left out. */
  free(): PoolBytes;
  /** Measures again what is too old to be decided by; null where nothing is. */
  refresh(): Promise<void> | null;
  /** What these processes take of the graphics cards; cards that cannot tell are left out. */
  usedBy(pids: readonly number[]): PoolBytes;
}
