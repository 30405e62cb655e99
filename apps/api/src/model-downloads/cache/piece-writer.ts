import type { FileHandle } from 'node:fs/promises';

/** So much waits in memory before whoever adds must wait too. */
const maxWaitingBytes = 1024 * 1024;

/**
 * Writes small pieces of a file in as few calls as the disk allows: what comes while one call is under way goes with the
 * next one.
 */
export class PieceWriter {
  private waiting: Uint8Array[] = [];
  private waitingBytes = 0;
  private running: Promise<void> | null = null;
  private failure: { readonly error: unknown } | null = null;

  /** @param onWritten hears how many bytes more have been written. */
  constructor(
    private readonly file: FileHandle,
    private position: number,
    private readonly onWritten: (byteCount: number) => void,
  ) {}

  /** Resolves when there is room for more. @throws whatever an earlier write met */
  async add(piece: Uint8Array): Promise<void> {
    this.assertSound();
    this.waiting.push(piece);
    this.waitingBytes += piece.length;
    this.running ??= this.drain();
    if (this.waitingBytes >= maxWaitingBytes) await this.running;
    this.assertSound();
  }

  /** Resolves when everything is written. @throws whatever a write met */
  async finish(): Promise<void> {
    await this.running;
    this.assertSound();
  }

  private async drain(): Promise<void> {
    try {
      while (this.waiting.length > 0 && this.failure === null) {
        const [pieces, byteCount] = [this.waiting, this.waitingBytes];
        [this.waiting, this.waitingBytes] = [[], 0];
        const { bytesWritten } = await this.file.writev(pieces, this.position);
        // only a full disk takes a part
        if (bytesWritten !== byteCount)
          throw Object.assign(new Error('a part was written'), { code: 'ENOSPC' });
        this.position += byteCount;
        this.onWritten(byteCount);
      }
    } catch (error) {
      this.failure = { error };
    } finally {
      this.running = null;
    }
  }

  private assertSound(): void {
    if (this.failure !== null) throw this.failure.error;
  }
}
