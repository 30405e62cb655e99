import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_MS = 150;
const BUSY_SHARE = 0.1;
const PATIENCE_MS = 3000;

/** @returns {{ busy: number, total: number } | null} ticks over all CPUs since boot */
function cpuTicks() {
  try {
    const numbers =
      readFileSync('/proc/stat', 'latin1')
        .split('\n')[0]
        ?.trim()
        .split(/\s+/)
        .slice(1)
        .map(Number) ?? [];
    const total = numbers.slice(0, 8).reduce((sum, ticks) => sum + ticks, 0);
    return { busy: total - (numbers[3] ?? 0) - (numbers[4] ?? 0), total };
  } catch {
    return null;
  }
}

/**
 * Waits for a quiet machine, but not for ever.
 *
 * @returns {Promise<number | null>} share of all CPUs that others used just before the sample; null when unknown
 */
export async function idleGate() {
  const deadlineMs = performance.now() + PATIENCE_MS;
  let share = null;
  do {
    const before = cpuTicks();
    await sleep(LOOK_MS);
    const after = cpuTicks();
    if (before === null || after === null) return null;
    share = (after.busy - before.busy) / Math.max(1, after.total - before.total);
  } while (share > BUSY_SHARE && performance.now() < deadlineMs);
  return share;
}
