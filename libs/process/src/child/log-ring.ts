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

/** What a viewer may do with the log of an instance. */
export interface LogReader {
  /** Number of the oldest kept line; one above `lastSeq` while none is kept. Lines before it are gone. */
  readonly firstSeq: number;
  /** Number of the newest line; 0 before the first. */
  readonly lastSeq: number;
  /** The kept lines with a greater number, oldest first. */
  since(seq?: number): LogLine[];
  /** The newest `limit` kept lines with a smaller number, oldest first. */
  before(seq: number, limit: number): LogLine[];
  /** Calls the listener for every new line until the returned function is called. */
  watch(listener: (line: LogLine) => void): () => void;
}

/** The last lines an engine wrote, bounded in number and size, with live listeners. */
export class LogRing implements LogReader {
  readonly #lines: LogLine[] = [];
  readonly #listeners = new Set<(line: LogLine) => void>();
  #first = 0;
  #characters = 0;
  #seq = 0;

  constructor(
    private readonly now: () => number,
    private readonly limits: LogRingLimits = DEFAULT_LIMITS,
  ) {}

  /** The log of an instance that has ended, as it was kept: consecutive lines under their old numbers. */
  static restore(lines: readonly LogLine[]): LogRing {
    const ring = new LogRing(() => 0);
    ring.#lines.push(...lines);
    ring.#seq = lines.at(-1)?.seq ?? 0;
    return ring;
  }

  get firstSeq(): number {
    return this.#seq + 1 - (this.#lines.length - this.#first);
  }

  get lastSeq(): number {
    return this.#seq;
  }

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

  since(seq = 0): LogLine[] {
    return this.#lines.slice(this.#indexOf(seq + 1));
  }

  before(seq: number, limit: number): LogLine[] {
    const end = this.#indexOf(seq);
    return this.#lines.slice(Math.max(this.#first, end - limit), end);
  }

  last(count: number): string[] {
    return this.#lines
      .slice(Math.max(this.#first, this.#lines.length - count))
      .map(({ text }) => text);
  }

  watch(listener: (line: LogLine) => void): () => void {
    // Wrapped, so that the same function can watch twice and each watch ends on its own.
    const own = (line: LogLine) => listener(line);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** Where the line with this number stands, or the nearest kept one would. */
  #indexOf(seq: number): number {
    const index = this.#first + seq - this.firstSeq;
    return Math.min(Math.max(index, this.#first), this.#lines.length);
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
