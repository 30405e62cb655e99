/** Shorter spans tell more of the clock's ticks than of the engine. */
const SHORTEST_MS = 500;

/** Turns readings of the CPU time used so far into a share: 100 is one core kept busy. */
export class CpuMeter {
  /** Over the time between the last two readings; null until there were two. */
  percent: number | null = null;
  #last: { readonly seconds: number; readonly readMs: number } | null = null;

  note(seconds: number | null, readMs: number): void {
    const last = this.#last;
    if (seconds === null) return;
    if (last !== null && readMs - last.readMs < SHORTEST_MS) return;
    this.#last = { seconds, readMs };
    // A process that left took its time along.
    if (last === null || seconds < last.seconds) return;
    this.percent = ((seconds - last.seconds) / (readMs - last.readMs)) * 100_000;
  }
}
