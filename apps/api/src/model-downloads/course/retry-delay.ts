/** Tries in a row without a byte coming, and files with wrong content, before a download fails. */
export const maxFailures = 8;
export const maxDamages = 1;
/** A hub that asks for a longer rest than a day is asked again after one. */
const longestWaitMs = 24 * 3_600_000;
const firstDelayMs = 1_000;
const longestDelayMs = 60_000;

/**
 * How long to wait before the next try: as long as the other side asks, and not less than 1 s, 2 s, 4 s … 60 s, of
 * which up to a half is left to chance, so that many gateways do not come back at once.
 * @param jitter in [0, 1)
 */
export function retryDelayMs(
  failureCount: number,
  retryAfterMs: number | null,
  jitter: number,
): number {
  const steps = Math.min(Math.max(failureCount, 1) - 1, 10);
  const backoffMs = Math.min(firstDelayMs * 2 ** steps, longestDelayMs);
  const ownMs = Math.round(backoffMs * (0.5 + jitter / 2));
  return Math.min(Math.max(ownMs, retryAfterMs ?? 0), longestWaitMs);
}
