import type { Clock } from '../../clock.js';

/**
 * A measurement that takes time. The last one is given at once; asking for one that is too old starts the next, so
 * nobody waits and an idle gateway measures nothing.
 */
export class BackgroundSample<Value> {
  #value: Value;
  #takenMs: number;
  #measuring: Promise<void> | null = null;

  static async open<Value>(
    clock: Clock,
    maxAgeMs: number,
    measure: () => Promise<Value | null>,
  ): Promise<BackgroundSample<Value> | null> {
    const first = await measure();
    return first === null ? null : new BackgroundSample(clock, maxAgeMs, measure, first);
  }

  private constructor(
    private readonly clock: Clock,
    private readonly maxAgeMs: number,
    private readonly measure: () => Promise<Value | null>,
    first: Value,
  ) {
    this.#value = first;
    this.#takenMs = clock.monotonicMs();
  }

  get value(): Value {
    void this.refresh();
    return this.#value;
  }

  /** Resolves when the value is recent; null when it is. */
  refresh(): Promise<void> | null {
    const isOld = this.clock.monotonicMs() - this.#takenMs > this.maxAgeMs;
    if (isOld) this.#measuring ??= this.#measure();
    return this.#measuring;
  }

  async #measure(): Promise<void> {
    // A measurement that fails leaves the last one: a tool that hangs must not stop every start.
    this.#value = (await this.measure()) ?? this.#value;
    this.#takenMs = this.clock.monotonicMs();
    this.#measuring = null;
  }
}
