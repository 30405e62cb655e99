import { GatewayError } from '#translation';

const maxFailures = 5;
const lockMs = 15 * 60_000;
const maxHashesAtOnce = 2;
const maxWaiting = 16;
const maxAccounts = 10_000;

interface Failures {
  readonly count: number;
  /** When they are forgotten: a rest's end, or 15 minutes after the latest one. */
  readonly untilMs: number;
}

/** Slows down guessing, and keeps a flood of sign-ins from eating the processor that serves requests. */
export class LoginThrottle {
  /** Accounts with fewer than five failures, the latest last. */
  private readonly counting = new Map<string, Failures>();
  /** Accounts that rest. Apart from the others, because names that somebody makes up must not push these out. */
  private readonly resting = new Map<string, number>();
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  /** @throws GatewayError `rate_limited` with the time to wait, while the account rests. */
  assertAwake(account: string, nowMs: number): void {
    const untilMs = this.resting.get(account);
    if (untilMs === undefined) return;
    if (untilMs > nowMs) throw tooManyFailures(untilMs - nowMs);
    this.resting.delete(account);
  }

  /**
   * Counts the try as failed before it is made, so that parallel tries cannot all slip in.
   * @throws GatewayError `rate_limited` with the time to wait.
   */
  begin(account: string, nowMs: number): void {
    this.assertAwake(account, nowMs);
    const known = this.counting.get(account);
    const count = known === undefined || known.untilMs <= nowMs ? 1 : known.count + 1;
    this.counting.delete(account);
    if (count >= maxFailures) this.rest(account, nowMs);
    else this.count(account, { count, untilMs: nowMs + lockMs });
  }

  succeed(account: string): void {
    this.counting.delete(account);
    this.resting.delete(account);
  }

  /** Runs a costly hash with at most one other. @throws GatewayError `rate_limited` when too many wait. */
  async hash<T>(work: () => Promise<T>): Promise<T> {
    await this.takeSlot();
    try {
      return await work();
    } finally {
      this.giveSlot();
    }
  }

  private count(account: string, failures: Failures): void {
    const [oldest] = this.counting.keys();
    if (this.counting.size >= maxAccounts && oldest !== undefined) this.counting.delete(oldest);
    this.counting.set(account, failures);
  }

  private rest(account: string, nowMs: number): void {
    if (this.resting.size >= maxAccounts) {
      for (const [name, untilMs] of this.resting) if (untilMs <= nowMs) this.resting.delete(name);
    }
    // more cannot be locked in 15 minutes of two hashes at a time; if they were, none is let go for another
    if (this.resting.size >= maxAccounts) throw tooManyFailures(lockMs);
    this.resting.set(account, nowMs + lockMs);
  }

  private async takeSlot(): Promise<void> {
    if (this.running < maxHashesAtOnce) {
      this.running += 1;
      return;
    }
    if (this.waiting.length >= maxWaiting) {
      throw new GatewayError('rate_limited', 'Too many sign-ins at once. Try again in a moment.', {
        retryAfterMs: 2_000,
      });
    }
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Hands the slot to who waits longest: given back first, it could be taken by somebody else before that one wakes up. */
  private giveSlot(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.running -= 1;
    else next();
  }
}

function tooManyFailures(waitMs: number): GatewayError {
  return new GatewayError(
    'rate_limited',
    `Too many wrong passwords. Try again in ${Math.ceil(waitMs / 60_000)} minutes.`,
    { retryAfterMs: waitMs },
  );
}
