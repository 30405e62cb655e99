/**
 * Cuts a text at the first stop string that is complete, and holds back what may be the beginning of one. The result
 * is the same wherever the text was cut into pieces.
 */
export class StopFilter {
  #pending = '';
  #isStopped = false;

  constructor(private readonly stops: readonly string[]) {}

  /** Whether a stop string was found; nothing comes out any more. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  push(text: string): string {
    if (this.#isStopped) return '';
    this.#pending += text;
    const cut = this.#firstStop();
    if (cut !== null) {
      this.#isStopped = true;
      return this.#pending.slice(0, cut);
    }
    const shown = this.#pending.length - this.#heldBack();
    const output = this.#pending.slice(0, shown);
    this.#pending = this.#pending.slice(shown);
    return output;
  }

  /** The text is over: answers what was held back. */
  end(): string {
    const rest = this.#isStopped ? '' : this.#pending;
    this.#pending = '';
    return rest;
  }

  /** Where the stop string begins that ends first, as it would be met character by character. */
  #firstStop(): number | null {
    const found = this.stops
      .map((stop) => ({ at: this.#pending.indexOf(stop), length: stop.length }))
      .filter(({ at }) => at !== -1)
      .sort((a, b) => a.at + a.length - (b.at + b.length) || a.at - b.at);
    return found[0]?.at ?? null;
  }

  #heldBack(): number {
    let longest = 0;
    for (const stop of this.stops) {
      const most = Math.min(stop.length - 1, this.#pending.length);
      for (let length = most; length > longest; length -= 1) {
        if (this.#pending.endsWith(stop.slice(0, length))) longest = length;
      }
    }
    return longest;
  }
}
