import type { Environment } from '../child/child-environment.js';
import type { Clock } from '../clock.js';
import { openAmdCards } from './gauges/amd-cards.js';
import { openDarwinMemory } from './gauges/darwin-memory.js';
import { openLinuxMemory } from './gauges/linux-memory.js';
import { openNvidiaCards } from './gauges/nvidia-cards.js';
import type { OpenPoolAdapter, PoolAdapter, PoolReading } from './gauges/pool-adapter.js';
import type { MemoryGauge } from './memory-gauge.js';
import type { MemoryPool } from './memory-pool.js';
import type { PoolBytes } from './pool-bytes.js';

/** Every kind of memory the product knows. A new one is one file in `gauges/` and one line here. */
const adapters: readonly OpenPoolAdapter[] = [
  (machine) => (machine.platform === 'darwin' ? openDarwinMemory(machine) : openLinuxMemory()),
  openNvidiaCards,
  (machine) => openAmdCards(machine),
];

/** Looks at the machine once for what memory it has; how much of it is free is measured from then on. */
export async function openMachineGauge(
  environment: Environment,
  clock: Clock,
): Promise<MemoryGauge> {
  const { platform, arch } = process;
  const machine = { platform, arch, environment, clock };
  const opened = await Promise.all(adapters.map((open) => open(machine)));
  return joinAdapters(opened.filter((adapter) => adapter !== null));
}

/** Several adapters as one gauge; cards are numbered in the order they are found in. */
export function joinAdapters(found: readonly PoolAdapter[]): MemoryGauge {
  let cardCount = 0;
  const pools: readonly MemoryPool[] = found.flatMap((adapter) =>
    adapter.pools.map((pool) => ({ ...pool, name: adapter.mainName ?? `gpu${cardCount++}` })),
  );
  const readings = (): [string, PoolReading][] => {
    const read = found.flatMap((adapter) => adapter.read());
    return pools.flatMap(({ name }, index) => {
      const reading = read[index];
      return reading === undefined ? [] : [[name, reading]];
    });
  };
  return {
    pools,
    free() {
      const known = readings().flatMap(([name, { freeBytes }]) =>
        freeBytes === null ? [] : [[name, freeBytes]],
      );
      return Object.fromEntries(known) as PoolBytes;
    },
    refresh() {
      const pending = found.flatMap((adapter) => adapter.refresh?.() ?? []);
      return pending.length === 0 ? null : Promise.all(pending).then(() => undefined);
    },
    usedBy(pids) {
      const known = readings().flatMap(([name, { usedByPid }]) => {
        if (usedByPid === null) return [];
        return [[name, pids.reduce((sum, pid) => sum + (usedByPid.get(pid) ?? 0), 0)]];
      });
      return Object.fromEntries(known) as PoolBytes;
    },
  };
}
