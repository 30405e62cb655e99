/** A whole answer, kept until it is complete. */
export class AnswerBuffer {
  private pieces: Buffer[] = [];
  private byteCount = 0;

  /** More than any model answers; an upstream that sends more is broken or hostile. */
  static readonly maxBytes = 64 * 1024 * 1024;

  get isTooLarge(): boolean {
    return this.byteCount > AnswerBuffer.maxBytes;
  }

  add(piece: Buffer): void {
    this.byteCount += piece.length;
    if (!this.isTooLarge) this.pieces.push(piece);
  }

  bytes(): Buffer {
    const [only] = this.pieces;
    if (this.pieces.length !== 1 || only === undefined) this.pieces = [Buffer.concat(this.pieces)];
    return this.pieces[0] ?? Buffer.alloc(0);
  }
}
