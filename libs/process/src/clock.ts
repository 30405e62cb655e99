/** Time as the supervisor sees it; tests put a virtual one in its place. */
export interface Clock {
  /** Wall time in epoch milliseconds: for people only, it may jump. */
  now(): number;
  /** Milliseconds that never jump: every decision is made on these. */
  monotonicMs(): number;
  /** Runs the callback once after the delay; the returned function cancels it. */
  schedule(delayMs: number, callback: () => void): () => void;
}

/** Longest delay `setTimeout` accepts; above it the callback would run at once. */
const MAX_DELAY_MS = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  schedule(delayMs, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(delayMs, 0), MAX_DELAY_MS));
    return () => clearTimeout(timer);
  },
};

/** Resolves after the delay, or as soon as the signal aborts. Never rejects. */
export function pause(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const onAbort = () => {
      cancel();
      resolve();
    };
    const cancel = clock.schedule(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
