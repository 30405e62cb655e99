import { GatewayError } from '#translation';

const maxFailures = 5;
const lockMs = 15 * 60_000;
const maxHashesAtOnce = 2;
const maxWaiting = 16;
const maxAccounts = 10_000;

interface Failures {
  count: number;
  untilMs: number;
}

/** Slows down guessing, and keeps a flood of sign-ins from eating the processor that serves requests. */
export class LoginThrottle {
  private readonly failures = new Map<string, Failures>();
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  /**
   * Counts the try as failed before it is made, so that parallel tries cannot all slip in.
   * @throws GatewayError `rate_limited` with the time to wait.
   */
  begin(account: string, nowMs: number): void {
    const known = this.failures.get(account);
    const entry = known === undefined || known.untilMs <= nowMs ? { count: 0, untilMs: nowMs + lockMs } : known;
    if (entry.count >= maxFailures) {
      throw new GatewayError('rate_limited', `Too many wrong passwords. Try again in ${Math.ceil((entry.untilMs - nowMs) / 60_000)} minutes.`, { retryAfterMs: entry.untilMs - nowMs });
    }
    entry.count += 1;
    if (this.failures.size >= maxAccounts) this.failures.clear();
    this.failures.set(account, entry);
  }

  succeed(account: string): void {
    this.failures.delete(account);
  }

  /** Runs a costly hash with at most one other. @throws GatewayError `rate_limited` when too many wait. */
  async hash<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= maxHashesAtOnce) {
      if (this.waiting.length >= maxWaiting) throw new GatewayError('rate_limited', 'Too many sign-ins at once. Try again in a moment.', { retryAfterMs: 2_000 });
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.running += 1;
    try {
      return await work();
    } finally {
      this.running -= 1;
      this.waiting.shift()?.();
    }
  }
}
