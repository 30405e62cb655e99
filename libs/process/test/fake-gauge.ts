import type { MemoryGauge } from '../src/memory/memory-gauge.js';
import type { PoolBytes } from '../src/memory/pool-bytes.js';

/** A machine with these pools, all of them free; `gpu0`, `gpu1`… are cards of NVIDIA. */
export function fakeGauge(pools: PoolBytes): MemoryGauge {
  return {
    pools: Object.entries(pools).map(([name, totalBytes]) => {
      const index = /^gpu(\d+)$/.exec(name)?.[1];
      const card =
        index === undefined ? null : ({ maker: 'nvidia', index: Number(index) } as const);
      return { name, totalBytes, usableBytes: totalBytes, card };
    }),
    free: () => pools,
    refresh: () => null,
    usedBy: () => ({}),
  };
}
