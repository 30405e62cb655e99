import type { Clock } from '../clock.js';
import type { TimerName } from './lifecycle/instance-state.js';

/** The timers of one local model: one per name, arming replaces. */
export class ModelTimers {
  readonly #cancels = new Map<TimerName, () => void>();

  constructor(
    private readonly clock: Clock,
    private readonly onElapsed: (timer: TimerName) => void,
  ) {}

  arm(timer: TimerName, delayMs: number): void {
    this.#cancels.get(timer)?.();
    const cancel = this.clock.schedule(delayMs, () => {
      this.#cancels.delete(timer);
      this.onElapsed(timer);
    });
    this.#cancels.set(timer, cancel);
  }

  cancelAll(): void {
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }
}
