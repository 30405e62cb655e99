import type { Clock } from '../clock.js';
import { totalOf } from '../memory/pool-bytes.js';
import type { PoolBytes } from '../memory/pool-bytes.js';

const LOADING_EVERY_MS = 1000;
const SETTLED_EVERY_MS = 10_000;
/** Less than this is noise, not a model that is being read. */
const GROWTH_BYTES = 1024 * 1024;

/** Measures what an engine's processes take: often while it loads, since growing is a sign of life, then rarely. */
export class FootprintWatch {
  /** As last measured; null until then and where it cannot be measured. */
  current: PoolBytes | null = null;
  peak: PoolBytes | null = null;
  /** Monotonic milliseconds of the last growth; null while nothing grew. */
  lastGrowthMs: number | null = null;
  #isSettled = false;
  #isStopped = false;
  #cancel: () => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly measure: () => Promise<PoolBytes | null>,
  ) {}

  start(): void {
    if (this.#isStopped) return;
    const everyMs = this.#isSettled ? SETTLED_EVERY_MS : LOADING_EVERY_MS;
    this.#cancel = this.clock.schedule(everyMs, () => void this.look().then(() => this.start()));
  }

  /** The load is over: its result is measured at once. */
  async settle(): Promise<void> {
    this.#isSettled = true;
    await this.look();
  }

  async look(): Promise<void> {
    const current = await this.measure();
    if (current === null || this.#isStopped) return;
    const isGrowth = this.peak !== null && totalOf(current) >= totalOf(this.peak) + GROWTH_BYTES;
    if (isGrowth) this.lastGrowthMs = this.clock.monotonicMs();
    this.current = current;
    if (this.peak === null || isGrowth) this.peak = current;
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }
}
