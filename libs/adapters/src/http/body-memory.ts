/** From here on memory is kept for the next body; smaller bodies are cheap to allocate. */
export const largeBodyBytes = 512 * 1024;

const mebibyte = 1024 * 1024;
const idleMs = 30_000;
const maxKeptBytes = 128 * mebibyte;

/**
 * Memory of request bodies: bounded in sum, and that of large ones used again and again. Fresh memory of that size
 * costs more than all the rest of a request: the kernel clears each page, and V8 marks its whole heap for every
 * 64 MB that it learns of. What was not used for half a minute is let go.
 */
export class BodyMemory {
  private kept: Buffer[] = [];
  private keptBytes = 0;
  private lentBytes = 0;
  private wasUsed = false;
  private timer: NodeJS.Timeout | null = null;

  /** @param limitBytes of all that is lent at one time. */
  constructor(private readonly limitBytes: number) {}

  /** @returns at least so many bytes, with anything in them: use only what you have written; null = none is left. */
  take(byteCount: number): Buffer | null {
    if (this.lentBytes + byteCount > this.limitBytes) return null;
    const memory =
      byteCount < largeBodyBytes ? Buffer.allocUnsafeSlow(byteCount) : this.large(byteCount);
    this.lentBytes += memory.length;
    return memory;
  }

  /**
   * For what `take` returned, once.
   * @param mayStillBeRead by the network: then it must not be written again, and is left to the garbage collector.
   */
  giveBack(memory: Buffer, mayStillBeRead = false): void {
    this.lentBytes -= memory.length;
    if (mayStillBeRead || memory.length < largeBodyBytes) return;
    if (this.keptBytes + memory.length > maxKeptBytes) return;
    this.kept.push(memory);
    this.keptBytes += memory.length;
    this.timer ??= setInterval(() => this.letGoIfIdle(), idleMs).unref();
  }

  private large(byteCount: number): Buffer {
    this.wasUsed = true;
    const fits = ({ length }: Buffer): boolean => length >= byteCount && length <= byteCount * 2;
    const at = this.kept.findLastIndex(fits);
    const [memory] = at === -1 ? [] : this.kept.splice(at, 1);
    if (memory === undefined)
      return Buffer.allocUnsafeSlow(Math.ceil(byteCount / mebibyte) * mebibyte);
    this.keptBytes -= memory.length;
    return memory;
  }

  private letGoIfIdle(): void {
    if (this.wasUsed) {
      this.wasUsed = false;
      return;
    }
    this.kept = [];
    this.keptBytes = 0;
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }
}
