import { pause } from '../clock.js';
import type { Clock } from '../clock.js';
import type { OwnedProcesses } from './owned-processes.js';

const FIRST_POLL_MS = 5;
const LONGEST_POLL_MS = 100;
/** How long to wait for a process that was killed: the kernel may first have to give back its memory. */
const KILL_WAIT_MS = 10_000;

interface StopOptions {
  readonly clock: Clock;
  /** Milliseconds each polite signal has before the next one, and the last one before KILL; 0 skips them all. */
  readonly graceMs: number;
  /** Default: SIGTERM alone. */
  readonly signals?: readonly NodeJS.Signals[];
  /** Aborting ends the grace at once. */
  readonly hurry?: AbortSignal;
}

async function waitUntilGone(
  owned: OwnedProcesses,
  { clock, graceMs, hurry }: StopOptions,
): Promise<void> {
  const deadline = clock.monotonicMs() + graceMs;
  let pollMs = FIRST_POLL_MS;
  while (!hurry?.aborted && owned.live().length > 0 && clock.monotonicMs() < deadline) {
    await pause(clock, Math.min(pollMs, deadline - clock.monotonicMs()), hurry);
    pollMs = Math.min(pollMs * 1.5, LONGEST_POLL_MS);
  }
}

/**
 * Ends every process of an instance: TERM (or what the engine wants) and CONT to the group, since a stopped process
 * cannot act on TERM; the grace, KILL, then KILL to whatever still carries the marker. Resolves when no live member is left,
 * or after ten seconds with the pids that even KILL did not end (stuck in a driver).
 */
export async function stopProcesses(
  owned: OwnedProcesses,
  options: StopOptions,
): Promise<number[]> {
  for (const signal of options.signals ?? ['SIGTERM']) {
    if (options.graceMs === 0 || options.hurry?.aborted || owned.live().length === 0) break;
    owned.signal(signal);
    owned.signal('SIGCONT');
    await waitUntilGone(owned, options);
  }
  const deadline = options.clock.monotonicMs() + KILL_WAIT_MS;
  let survivors = await killAll(owned);
  while (survivors.length > 0 && options.clock.monotonicMs() < deadline) {
    await waitUntilGone(owned, { clock: options.clock, graceMs: LONGEST_POLL_MS });
    survivors = await killAll(owned);
  }
  return survivors;
}

async function killAll(owned: OwnedProcesses): Promise<number[]> {
  if (owned.live().length > 0) owned.signal('SIGKILL');
  try {
    const escaped = await owned.findEscaped();
    if (escaped.length > 0) owned.signal('SIGKILL');
    return owned.live();
  } catch {
    // Whether somebody escaped is not known: look again, and report a failure if that never works.
    return owned.suspects().map(([pid]) => pid);
  }
}
