import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Clock } from '../clock.js';

/** An engine's log file is emptied when it has grown beyond this; what was read stays in the ring. */
export const MAX_LOG_BYTES = 8 * 1024 * 1024;
const LOOK_EVERY_MS = 100;
const PIECE_BYTES = 64 * 1024;

/**
 * Reads what an engine appends to a file, and keeps the file bounded: the engine writes at its end, wherever that is,
 * so it may be emptied under it. Never slows the engine down, and never fails: a file that cannot be read stays silent.
 */
export class LogFileTail {
  #file: FileHandle | null = null;
  #offset: number;
  #cancel: () => void = () => undefined;
  #isStopped = false;
  #looking: Promise<void> = Promise.resolve();

  /** Begins at the last `backlogBytes` of what is there already. */
  static async open(
    path: string,
    options: { readonly clock: Clock; readonly backlogBytes: number },
    onData: (piece: Buffer) => void,
  ): Promise<LogFileTail> {
    const size = await stat(path).then(
      (found) => found.size,
      () => 0,
    );
    const tail = new LogFileTail(path, Math.max(0, size - options.backlogBytes), options, onData);
    await tail.#look();
    tail.#lookLater();
    return tail;
  }

  private constructor(
    private readonly path: string,
    offset: number,
    private readonly options: { readonly clock: Clock },
    private readonly onData: (piece: Buffer) => void,
  ) {
    this.#offset = offset;
  }

  /** Reads what is left and lets the file go. */
  async finish(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#looking;
    await this.#look();
    await this.#file?.close().catch(() => undefined);
    this.#file = null;
  }

  #lookLater(): void {
    if (this.#isStopped) return;
    this.#cancel = this.options.clock.schedule(LOOK_EVERY_MS, () => {
      this.#looking = this.#look().then(() => this.#lookLater());
    });
  }

  async #look(): Promise<void> {
    try {
      this.#file ??= await open(this.path, 'r+');
      const { size } = await this.#file.stat();
      // Somebody else emptied it.
      if (size < this.#offset) this.#offset = 0;
      await this.#readTo(this.#file, size);
      if (this.#offset < MAX_LOG_BYTES) return;
      await this.#file.truncate(0);
      this.#offset = 0;
    } catch {
      // Not there yet, or no descriptor is free: the next look may succeed.
    }
  }

  async #readTo(file: FileHandle, size: number): Promise<void> {
    // A flood is skipped, not followed: the ring keeps the end of it anyway.
    this.#offset = Math.max(this.#offset, size - MAX_LOG_BYTES);
    while (this.#offset < size) {
      const piece = Buffer.alloc(Math.min(PIECE_BYTES, size - this.#offset));
      const { bytesRead } = await file.read(piece, 0, piece.length, this.#offset);
      if (bytesRead === 0) return;
      this.#offset += bytesRead;
      this.onData(piece.subarray(0, bytesRead));
    }
  }
}
