import type { Placement } from '../../memory/placement/placement.js';
import type { PoolBytes } from '../../memory/pool-bytes.js';

/** What the arbiter reserved for one start, and what that means for the engine. */
export interface MemoryPermit {
  readonly reserved: PoolBytes;
  /** Null where there is nothing to tell the engine. */
  readonly placement: Placement | null;
}
