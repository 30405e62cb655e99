const FIRST_BACKOFF_MS = 1000;
const JITTER_SHARE = 0.2;

/**
 * Milliseconds to wait after a row of failures (the first counts 1): one second, doubled with each, at most
 * `maxBackoffMs`, then spread by ±20 % so that models that failed together do not retry together.
 */
export function backoffMs(failureCount: number, maxBackoffMs: number, jitter: number): number {
  const base = Math.min(FIRST_BACKOFF_MS * 2 ** (failureCount - 1), maxBackoffMs);
  return Math.round(base * (1 - JITTER_SHARE + 2 * JITTER_SHARE * jitter));
}
