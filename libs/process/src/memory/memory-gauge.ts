import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import type { PoolBytes } from './pool-bytes.js';

/** What a machine has, and what of it is free right now. Pools it cannot measure are left out. */
export interface MemoryGauge {
  total(): PoolBytes;
  free(): PoolBytes;
}

const GIB = 1024 ** 3;
const KEPT_SHARE = 0.25;
const LEAST_KEPT = GIB / 2;
const MOST_KEPT = 8 * GIB;

/** What models may use when nobody has set a budget: all but a part that is kept for everything else. */
export function defaultBudget(total: PoolBytes): PoolBytes {
  const entries = Object.entries(total).map(([pool, bytes]) => {
    const keptBytes = Math.min(Math.max(bytes * KEPT_SHARE, LEAST_KEPT), MOST_KEPT);
    // A graphics card serves models and little else.
    return [pool, pool === 'ram' ? Math.max(0, bytes - keptBytes) : bytes];
  });
  return Object.fromEntries(entries) as PoolBytes;
}

/** Bytes in pages that can be had at once, from the text of `vm_stat`; null when it says nothing of them. */
export function parseVmStat(text: string): number | null {
  const pageBytes = Number(/page size of (\d+) bytes/.exec(text)?.[1] ?? Number.NaN);
  const pagesOf = (name: string): number =>
    Number(new RegExp(`^Pages ${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  const names = ['free', 'inactive', 'speculative', 'purgeable'];
  const pages = names.reduce((sum, name) => sum + pagesOf(name), 0);
  return Number.isFinite(pageBytes) && pages > 0 ? pages * pageBytes : null;
}

function freeOnDarwin(): number | null {
  try {
    // `freemem` leaves out what is only cached there.
    return parseVmStat(execFileSync('/usr/bin/vm_stat', { encoding: 'utf8', timeout: 1000 }));
  } catch {
    return null;
  }
}

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

/** Main memory of this machine or of the container it runs in. */
export const machineGauge: MemoryGauge = {
  total() {
    const limit = readNumber('/sys/fs/cgroup/memory.max', /^(\d+)$/m) ?? Infinity;
    return { ram: Math.min(totalmem(), limit) };
  },
  free() {
    if (process.platform === 'darwin') {
      const bytes = freeOnDarwin();
      return bytes === null ? {} : { ram: bytes };
    }
    return { ram: Math.min(freemem(), freeInContainer() ?? Infinity) };
  },
};
