import type { MemoryPool } from '../../memory/memory-pool.js';
import type { PoolBytes } from '../../memory/pool-bytes.js';

/**
 * What to reserve for an engine that is adopted: it is where its first gateway put it, and takes there what such a model
 * is known to take by now. Without a record, or on a machine that has lost one of the cards, the first place it could go.
 */
export function placeOfAdopted(
  reserved: PoolBytes | null,
  options: readonly PoolBytes[],
  pools: readonly MemoryPool[],
): PoolBytes {
  const [first = {}] = options;
  const names = Object.keys(reserved ?? {});
  const isHere = names.every((name) => pools.some((pool) => pool.name === name));
  if (reserved === null || names.length === 0 || !isHere) return first;
  const isSamePlace = (option: PoolBytes): boolean =>
    Object.keys(option).length === names.length && names.every((name) => name in option);
  return options.find(isSamePlace) ?? reserved;
}
