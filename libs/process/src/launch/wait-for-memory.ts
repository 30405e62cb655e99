import { pause } from '../clock.js';
import type { Clock } from '../clock.js';

const LOOK_EVERY_MS = 100;
/** Other programs free and take as much all the time: less is not waited for. */
const WORTH_WAITING_BYTES = 256 * 1024 * 1024;
/** Part of the footprint that shared libraries and the file cache do not keep. */
const RETURNED_SHARE = 0.5;

interface ReclaimWatch {
  readonly clock: Clock;
  /** What the engine took, and what was free before it ended; null where that is not known. */
  readonly footprintBytes: number | null;
  readonly freeBeforeBytes: number | null;
  readonly limitMs: number;
  freeBytes(): number | null;
}

/** True when there is nothing worth waiting for, so that the small ones need not take turns. */
export function isReclaimedAtOnce({ footprintBytes, freeBeforeBytes }: ReclaimWatch): boolean {
  return (
    footprintBytes === null || freeBeforeBytes === null || footprintBytes < WORTH_WAITING_BYTES
  );
}

/** Resolves when the memory of an ended engine has really come back, at the latest after the limit. */
export async function waitForMemory(watch: ReclaimWatch): Promise<void> {
  const { clock, limitMs, footprintBytes, freeBeforeBytes } = watch;
  const until = clock.monotonicMs() + limitMs;
  const wanted = (freeBeforeBytes ?? 0) + (footprintBytes ?? 0) * RETURNED_SHARE;
  while (clock.monotonicMs() < until) {
    const free = watch.freeBytes();
    if (free === null || free >= wanted) return;
    await pause(clock, LOOK_EVERY_MS);
  }
}
