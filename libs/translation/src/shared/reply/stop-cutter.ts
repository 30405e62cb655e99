/** Finds the first of some stop strings in a text that arrives in pieces. */
export class StopCutter {
  #held = '';
  /** The stop string that was hit. */
  hit: string | null = null;

  constructor(private readonly stops: readonly string[]) {}

  /** Text that surely stands before any stop string. */
  push(text: string): string {
    if (this.hit !== null) return '';
    this.#held += text;
    const first = this.#firstHit();
    if (first !== null) {
      this.hit = first.stop;
      return this.#take(first.at, true);
    }
    return this.#take(this.#held.length - this.#possibleStart(), false);
  }

  /** What was held back because a stop string might have begun in it. */
  end(): string {
    return this.hit === null ? this.#take(this.#held.length, true) : '';
  }

  #take(length: number, isAll: boolean): string {
    const text = this.#held.slice(0, length);
    this.#held = isAll ? '' : this.#held.slice(length);
    return text;
  }

  #firstHit(): { at: number; stop: string } | null {
    let first: { at: number; stop: string } | null = null;
    for (const stop of this.stops) {
      const at = this.#held.indexOf(stop);
      if (at !== -1 && (first === null || at < first.at)) first = { at, stop };
    }
    return first;
  }

  /** Length of the longest end of the text that is the beginning of a stop string. */
  #possibleStart(): number {
    let longest = 0;
    for (const stop of this.stops) {
      const most = Math.min(stop.length - 1, this.#held.length);
      for (let length = most; length > longest; length -= 1) {
        if (this.#held.endsWith(stop.slice(0, length))) longest = length;
      }
    }
    return longest;
  }
}
