import { totalmem } from 'node:os';
import { usableMainMemory } from '../pool-budget.js';
import { BackgroundSample } from './background-sample.js';
import type { MachineFacts, PoolAdapter } from './pool-adapter.js';
import { runTool } from './run-tool.js';

const MIB = 1024 * 1024;
const SAMPLE_AGE_MS = 500;
/** Metal recommends no larger working set; the rest is for the system and for what is on the screen. */
const METAL_SHARE = 0.75;

/** Bytes in pages that can be had at once, from the text of `vm_stat`; null when it says nothing of them. */
export function parseVmStat(text: string): number | null {
  const pageBytes = Number(/page size of (\d+) bytes/.exec(text)?.[1] ?? Number.NaN);
  const pagesOf = (name: string): number =>
    Number(new RegExp(`^Pages ${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  const names = ['free', 'inactive', 'speculative', 'purgeable'];
  const pages = names.reduce((sum, name) => sum + pagesOf(name), 0);
  return Number.isFinite(pageBytes) && pages > 0 ? pages * pageBytes : null;
}

/** The limit the owner of the machine set with `sysctl iogpu.wired_limit_mb`; null while it is the system's own. */
export function parseWiredLimit(text: string): number | null {
  const mebibytes = Number(/^\s*(\d+)\s*$/.exec(text)?.[1] ?? 0);
  return mebibytes > 0 ? mebibytes * MIB : null;
}

/** What models may take where graphics use main memory too. */
export function usableUnifiedMemory(totalBytes: number, wiredLimitBytes: number | null): number {
  const metalBytes = wiredLimitBytes ?? totalBytes * METAL_SHARE;
  return Math.floor(Math.min(metalBytes, totalBytes - MIB));
}

/** Main memory of a Mac. With Apple's own processors graphics use it too, so it is one pool for every engine. */
export async function openDarwinMemory({ arch, clock }: MachineFacts): Promise<PoolAdapter> {
  const isUnified = arch === 'arm64';
  const totalBytes = totalmem();
  const limit = isUnified
    ? await runTool('/usr/sbin/sysctl', ['-n', 'iogpu.wired_limit_mb'])
    : null;
  const wiredLimitBytes = limit === null ? null : parseWiredLimit(limit);
  const usableBytes = isUnified
    ? usableUnifiedMemory(totalBytes, wiredLimitBytes)
    : usableMainMemory(totalBytes);
  // Node's own figure leaves out what is only cached there.
  const sample = await BackgroundSample.open(clock, SAMPLE_AGE_MS, async () => {
    const text = await runTool('/usr/bin/vm_stat', []);
    return text === null ? null : parseVmStat(text);
  });
  return {
    mainName: isUnified ? 'unified' : 'ram',
    pools: [{ totalBytes, usableBytes, card: null }],
    refresh: () => sample?.refresh() ?? null,
    read: () => [{ freeBytes: sample?.value ?? null, usedByPid: null }],
  };
}
