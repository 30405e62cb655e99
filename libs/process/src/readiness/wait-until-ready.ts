import { pause } from '../clock.js';
import type { Clock } from '../clock.js';
import { checkReadiness } from './check-readiness.js';
import type { ReadinessTarget } from './check-readiness.js';

const FAST_POLL_MS = 20;
const FAST_PHASE_MS = 2000;
const SLOWEST_POLL_MS = 1000;
const POLL_GROWTH = 1.5;

interface ReadinessWait {
  readonly clock: Clock;
  /** Aborts when the engine ended or nobody wants it any more. */
  readonly signal: AbortSignal;
  /** Milliseconds without any sign of life after which the wait ends. */
  readonly stallMs: number;
  /** Milliseconds after which it ends whatever the engine prints. */
  readonly capMs: number;
  /** The target, or null while the engine has not told its port yet. */
  target(): ReadinessTarget | null;
  /** Monotonic milliseconds of the engine's last sign of life: output, or memory it took. */
  lastSignMs(): number;
}

/**
 * `stranger`: something answers on the port, and it is not the engine that was started; it must never get a prompt.
 */
export type ReadinessOutcome =
  | { readonly status: 'ready'; readonly servedModel: string }
  | { readonly status: 'stranger' | 'timed-out' | 'aborted' };

/** Polls quickly at first (small models load in milliseconds), then less and less often. */
export async function waitUntilReady(wait: ReadinessWait): Promise<ReadinessOutcome> {
  const { clock, signal } = wait;
  const startedMs = clock.monotonicMs();
  let pollMs = FAST_POLL_MS;
  while (!signal.aborted) {
    const target = wait.target();
    const readiness = target === null ? null : await checkReadiness(target, signal);
    // The engine may have ended while we asked: then the answer came from somebody else.
    if (signal.aborted) break;
    if (readiness?.status === 'ready' || readiness?.status === 'stranger') return readiness;
    const now = clock.monotonicMs();
    const lastSignMs = Math.max(startedMs, wait.lastSignMs());
    if (now - lastSignMs >= wait.stallMs || now - startedMs >= wait.capMs) {
      return { status: 'timed-out' };
    }
    await pause(clock, pollMs, signal);
    if (now - startedMs > FAST_PHASE_MS) pollMs = Math.min(pollMs * POLL_GROWTH, SLOWEST_POLL_MS);
  }
  return { status: 'aborted' };
}
