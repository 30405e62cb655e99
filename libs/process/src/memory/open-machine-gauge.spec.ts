import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/process-checks.js';
import { systemClock } from '../clock.js';
import type { PoolAdapter } from './gauges/pool-adapter.js';
import { joinAdapters, openMachineGauge } from './open-machine-gauge.js';

const MIB = 1024 * 1024;
const NVIDIA = { maker: 'nvidia', index: 0 } as const;

function adapter(
  mainName: string | null,
  free: readonly number[],
  used: readonly (ReadonlyMap<number, number> | null)[] = [],
): PoolAdapter {
  const card = mainName === null ? NVIDIA : null;
  return {
    mainName,
    pools: free.map((totalBytes) => ({ totalBytes, usableBytes: totalBytes, card })),
    read: () => free.map((freeBytes, at) => ({ freeBytes, usedByPid: used[at] ?? null })),
  };
}

it('cards are numbered over all makers, and what processes take is added up', () => {
  const used = new Map([
    [7, 3],
    [8, 2],
  ]);
  const gauge = joinAdapters([
    adapter('ram', [100]),
    adapter(null, [10, 20], [used, null]),
    adapter(null, [30]),
  ]);
  expect(gauge.pools.map(({ name }) => name)).toEqual(['ram', 'gpu0', 'gpu1', 'gpu2']);
  expect(gauge.free()).toEqual({ ram: 100, gpu0: 10, gpu1: 20, gpu2: 30 });
  expect(gauge.usedBy([7, 8, 9])).toEqual({ gpu0: 5 });
  expect(gauge.refresh()).toBeNull();
});

describe('openMachineGauge', () => {
  const folderWithTool = (script: string): string => {
    const folder = temporaryFolder();
    const tool = join(folder, 'nvidia-smi');
    writeFileSync(tool, `#!/bin/sh\n${script}\n`);
    chmodSync(tool, 0o755);
    return folder;
  };

  it('measures the main memory of this machine', async () => {
    const gauge = await openMachineGauge({ PATH: '/nowhere' }, systemClock);
    const [main] = gauge.pools;
    const free = gauge.free()[main?.name ?? ''] ?? 0;
    expect(main?.card).toBeNull();
    expect(free).toBeGreaterThan(0);
    expect(free).toBeLessThanOrEqual(main?.totalBytes ?? 0);
    expect(main?.usableBytes).toBeLessThan(main?.totalBytes ?? 0);
  });

  it('finds cards through the program of their driver, which is given nothing of ours', async () => {
    const folder = folderWithTool(`case "$1" in
  --query-gpu=*) echo "0, GPU-aaaa, 8192, $([ -z "$CANARY" ] && echo 8000 || echo 0)" ;;
  *) echo "GPU-aaaa, 4242, 100" ;;
esac`);
    const gauge = await openMachineGauge({ PATH: folder, CANARY: 'x' }, systemClock);
    const totalBytes = 8192 * MIB;
    const pool = { name: 'gpu0', totalBytes, usableBytes: totalBytes, card: NVIDIA };
    expect(gauge.pools).toContainEqual(pool);
    expect(gauge.free()['gpu0']).toBe(8000 * MIB);
    expect(gauge.usedBy([4242])).toEqual({ gpu0: 100 * MIB });
  });

  it('goes on without cards where that program fails', async () => {
    const folder = folderWithTool('echo "NVIDIA-SMI has failed"; exit 9');
    const gauge = await openMachineGauge({ PATH: folder }, systemClock);
    expect(gauge.pools.filter(({ card }) => card?.maker === 'nvidia')).toEqual([]);
  });
});
