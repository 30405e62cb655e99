import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { usableMainMemory } from '../pool-budget.js';
import type { PoolAdapter } from './pool-adapter.js';

function readNumber(path: string, pattern: RegExp): number | null {
  try {
    const found = pattern.exec(readFileSync(path, 'latin1'))?.[1];
    return found === undefined ? null : Number(found);
  } catch {
    return null;
  }
}

/** What a container may still take, its cached files not counted; null without a limit. */
function freeInContainer(): number | null {
  const limit = readNumber('/sys/fs/cgroup/memory.max', /^(\d+)$/m);
  const current = readNumber('/sys/fs/cgroup/memory.current', /^(\d+)$/m);
  if (limit === null || current === null) return null;
  const cached = readNumber('/sys/fs/cgroup/memory.stat', /^inactive_file (\d+)$/m) ?? 0;
  return limit - current + cached;
}

/** Main memory of the machine, or of the container it runs in. Also what is known of systems without a gauge of their own. */
export function openLinuxMemory(): Promise<PoolAdapter> {
  const limit = readNumber('/sys/fs/cgroup/memory.max', /^(\d+)$/m) ?? Infinity;
  const totalBytes = Math.min(totalmem(), limit);
  return Promise.resolve({
    mainName: 'ram',
    pools: [{ totalBytes, usableBytes: usableMainMemory(totalBytes), card: null }],
    // Reading takes a few microseconds: no sample is needed.
    read() {
      const freeBytes = Math.min(freemem(), freeInContainer() ?? Infinity);
      return [{ freeBytes, usedByPid: null }];
    },
  });
}
