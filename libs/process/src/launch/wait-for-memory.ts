import { pause } from '../clock.js';
import type { Clock } from '../clock.js';
import type { PoolBytes } from '../memory/pool-bytes.js';

const LOOK_EVERY_MS = 100;
/** Other programs free and take as much all the time: less is not waited for. */
const WORTH_WAITING_BYTES = 256 * 1024 * 1024;
/** Part of what was taken that shared libraries and the file cache do not keep. */
const RETURNED_SHARE = 0.5;

interface ReclaimWatch {
  readonly clock: Clock;
  /** What the engine took of each pool, and what was free before it ended; pools that nobody measured are left out. */
  readonly taken: PoolBytes;
  readonly freeBefore: PoolBytes;
  readonly limitMs: number;
  free(): PoolBytes;
}

/** What must be free again in each pool; pools without anything worth waiting for are left out. */
function awaitedOf({ taken, freeBefore }: ReclaimWatch): [pool: string, bytes: number][] {
  return Object.entries(taken).flatMap(([pool, bytes]) => {
    const before = freeBefore[pool];
    if (before === undefined || bytes < WORTH_WAITING_BYTES) return [];
    return [[pool, before + bytes * RETURNED_SHARE]];
  });
}

/** True when there is nothing worth waiting for, so that the small ones need not take turns. */
export function isReclaimedAtOnce(watch: ReclaimWatch): boolean {
  return awaitedOf(watch).length === 0;
}

/** Resolves when the memory of an ended engine has really come back, at the latest after the limit. */
export async function waitForMemory(watch: ReclaimWatch): Promise<void> {
  const { clock, limitMs } = watch;
  const until = clock.monotonicMs() + limitMs;
  const awaited = awaitedOf(watch);
  while (clock.monotonicMs() < until) {
    const free = watch.free();
    if (awaited.every(([pool, bytes]) => (free[pool] ?? Infinity) >= bytes)) return;
    await pause(clock, LOOK_EVERY_MS);
  }
}
