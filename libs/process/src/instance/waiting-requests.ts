import type { Clock } from '../clock.js';
import type { Lease } from '../lease.js';
import { ProcessError } from '../process-error.js';

/** How long a caller waits for a lease. */
export interface LeaseRequest {
  readonly signal: AbortSignal;
  readonly maxWaitMs: number;
}

interface Waiter {
  readonly enqueuedMs: number;
  readonly resolve: (lease: Lease) => void;
  readonly reject: (error: ProcessError) => void;
  stopWatching: () => void;
}

/** The callers behind the tickets: each is answered exactly once, by a lease or by an error. */
export class WaitingRequests {
  readonly #waiters = new Map<number, Waiter>();
  #lastTicket = 0;

  constructor(
    private readonly clock: Clock,
    private readonly onLeave: (ticket: number) => void,
  ) {}

  /**
   * Adds a caller and lets `announce` ask for a lease with its ticket. Timers and listeners are only made
   * when that did not answer at once, which keeps them off the path of a ready engine.
   */
  add(request: LeaseRequest, announce: (ticket: number) => void): Promise<Lease> {
    const ticket = ++this.#lastTicket;
    return new Promise((resolve, reject) => {
      const enqueuedMs = this.clock.monotonicMs();
      const waiter: Waiter = { enqueuedMs, resolve, reject, stopWatching: () => undefined };
      this.#waiters.set(ticket, waiter);
      announce(ticket);
      if (this.#waiters.has(ticket)) this.#watch(ticket, waiter, request);
    });
  }

  /** When the caller came, in monotonic milliseconds; null when it has left. */
  enqueuedMs(ticket: number): number | null {
    return this.#waiters.get(ticket)?.enqueuedMs ?? null;
  }

  resolve(ticket: number, lease: Lease): void {
    this.#take(ticket)?.resolve(lease);
  }

  reject(ticket: number, error: ProcessError): void {
    this.#take(ticket)?.reject(error);
  }

  #watch(ticket: number, waiter: Waiter, { signal, maxWaitMs }: LeaseRequest): void {
    const leave = (error: ProcessError): void => {
      this.reject(ticket, error);
      this.onLeave(ticket);
    };
    const onAbort = (): void => leave(new ProcessError('cancelled', 'The request was cancelled.'));
    const cancelTimer = this.clock.schedule(maxWaitMs, () => {
      const message = `The local model was not ready within ${Math.round(maxWaitMs / 1000)} s. It may still be loading: try again.`;
      leave(new ProcessError('wait-exceeded', message));
    });
    signal.addEventListener('abort', onAbort, { once: true });
    waiter.stopWatching = () => {
      cancelTimer();
      signal.removeEventListener('abort', onAbort);
    };
  }

  #take(ticket: number): Waiter | undefined {
    const waiter = this.#waiters.get(ticket);
    this.#waiters.delete(ticket);
    waiter?.stopWatching();
    return waiter;
  }
}
