/** A socket that was given so much asks for a pause until the system has taken it. */
const leastLentBytes = 128 * 1024;
const sliceBytes = 512 * 1024;

/**
 * A large body on its way to an upstream, made of parts of another buffer and small insertions. The parts are lent,
 * not copied: `onSent` tells when the network has taken the last of them. It stays silent for a body that was not
 * sent to its end; then nobody knows what still reads the buffer.
 */
export class PiecewiseBody implements AsyncIterable<Buffer> {
  readonly byteLength: number;
  private readonly slices: readonly Buffer[];

  /** @param parts those shorter than 128 KiB are copied, longer ones lent. */
  constructor(
    parts: readonly Buffer[],
    private readonly onSent: () => void,
  ) {
    this.byteLength = parts.reduce((sum, part) => sum + part.length, 0);
    this.slices = sliced(parts);
  }

  /**
   * Whoever asks for the next slice says that the last one has left the process: undici waits for `drain` behind
   * each write that reaches the socket's high-water mark (16 or 64 KiB), and lent slices are longer than that.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (const slice of this.slices) yield slice;
    this.onSent();
  }

  /** The text, for people; nothing counts as sent. */
  toString(): string {
    return Buffer.concat(this.slices).toString('utf8');
  }
}

/** Neighbouring short parts become one slice; long parts are cut into even ones. */
function sliced(parts: readonly Buffer[]): Buffer[] {
  const slices: Buffer[] = [];
  let short: Buffer[] = [];
  const flush = (): void => {
    if (short.length > 0) slices.push(Buffer.concat(short));
    short = [];
  };
  for (const part of parts) {
    if (part.length < leastLentBytes) {
      if (part.length > 0) short.push(part);
      continue;
    }
    flush();
    const count = Math.ceil(part.length / sliceBytes);
    const size = Math.ceil(part.length / count);
    for (let at = 0; at < part.length; at += size) slices.push(part.subarray(at, at + size));
  }
  flush();
  return slices;
}
