export type LogStream = 'stdout' | 'stderr';

export interface LogLine {
  /** Grows by one with every line of an instance, starting at 1. */
  readonly seq: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly stream: LogStream;
  readonly text: string;
}

interface LogRingLimits {
  readonly maxLines: number;
  readonly maxCharacters: number;
}

const DEFAULT_LIMITS: LogRingLimits = { maxLines: 2000, maxCharacters: 512 * 1024 };

/** The last lines an engine wrote, bounded in number and size, with live listeners. */
export class LogRing {
  readonly #lines: LogLine[] = [];
  readonly #listeners = new Set<(line: LogLine) => void>();
  #first = 0;
  #characters = 0;
  #seq = 0;

  constructor(
    private readonly now: () => number,
    private readonly limits: LogRingLimits = DEFAULT_LIMITS,
  ) {}

  push(stream: LogStream, text: string): void {
    const line = { seq: ++this.#seq, at: this.now(), stream, text };
    this.#lines.push(line);
    this.#characters += text.length;
    this.#dropOldest();
    for (const listener of this.#listeners) {
      try {
        listener(line);
      } catch {
        // A broken viewer must not stop the draining of the pipe: the engine would block on it.
      }
    }
  }

  /** The kept lines with a greater sequence number, oldest first. */
  since(seq = 0): LogLine[] {
    const kept = this.#lines.slice(this.#first);
    const oldest = kept[0]?.seq ?? 0;
    return seq < oldest ? kept : kept.slice(seq - oldest + 1);
  }

  last(count: number): string[] {
    return this.#lines
      .slice(Math.max(this.#first, this.#lines.length - count))
      .map(({ text }) => text);
  }

  /** Calls the listener for every new line until the returned function is called. */
  watch(listener: (line: LogLine) => void): () => void {
    // Wrapped, so that the same function can watch twice and each watch ends on its own.
    const own = (line: LogLine) => listener(line);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  #dropOldest(): void {
    const { maxLines, maxCharacters } = this.limits;
    while (this.#lines.length - this.#first > maxLines || this.#characters > maxCharacters) {
      this.#characters -= this.#lines[this.#first]?.text.length ?? 0;
      this.#first += 1;
    }
    if (this.#first > maxLines) {
      this.#lines.splice(0, this.#first);
      this.#first = 0;
    }
  }
}
