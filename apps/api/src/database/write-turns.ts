interface Waiter {
  readonly start: () => void;
  readonly fail: (error: Error) => void;
  readonly deadline: number;
}

/**
 * One holder at a time, first come first served. Taking a free turn costs no promise and no timer, because every
 * batch of the request log takes one.
 */
export class WriteTurns {
  #isTaken = false;
  #waiters: Waiter[] = [];
  #timer: NodeJS.Timeout | null = null;

  /** @param timeoutMs how long a waiter waits before it is told that something holds the turn for good */
  constructor(private readonly timeoutMs: number) {}

  /** Calls `start` when the turn is the caller's, at once if it is free; the caller must then call `leave` once. */
  enter(start: () => void, fail: (error: Error) => void): void {
    if (!this.#isTaken) {
      this.#isTaken = true;
      start();
      return;
    }
    this.#waiters.push({ start, fail, deadline: performance.now() + this.timeoutMs });
    this.#arm();
  }

  leave(): void {
    const next = this.#waiters.shift();
    if (next === undefined) this.#isTaken = false;
    else next.start();
  }

  #arm(): void {
    const head = this.#waiters[0];
    if (this.#timer !== null || head === undefined) return;
    this.#timer = setTimeout(
      () => this.#failLate(),
      Math.max(1, head.deadline - performance.now()),
    );
    this.#timer.unref();
  }

  #failLate(): void {
    this.#timer = null;
    const now = performance.now();
    const late = this.#waiters.filter(({ deadline }) => deadline <= now);
    this.#waiters = this.#waiters.filter(({ deadline }) => deadline > now);
    this.#arm();
    for (const { fail } of late) fail(noTurn(this.timeoutMs));
  }
}

function noTurn(timeoutMs: number): Error {
  return new Error(
    `No turn to write to the database within ${timeoutMs} ms. Another write is stuck, or a transaction waits for a write that waits for the transaction.`,
  );
}
