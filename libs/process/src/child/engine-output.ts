import type { Readable } from 'node:stream';
import type { Clock } from '../clock.js';
import { LineSplitter } from './line-splitter.js';
import { LogFileTail } from './log-file-tail.js';
import type { LogRing, LogStream } from './log-ring.js';

/** What one engine writes, on its way into its log. */
export class EngineOutput {
  #lastMs: number;

  constructor(
    private readonly log: LogRing,
    private readonly clock: Clock,
  ) {
    this.#lastMs = clock.monotonicMs();
  }

  /** Monotonic milliseconds of the last byte. */
  get lastMs(): number {
    return this.#lastMs;
  }

  followPipe(pipe: Readable | null, stream: LogStream): void {
    const splitter = this.#splitter(stream);
    pipe?.on('data', (piece: Buffer) => this.#take(splitter, piece));
    pipe?.once('close', () => splitter.end());
    pipe?.on('error', () => undefined);
  }

  /** Follows log files until the returned function is called, which resolves when the rest has been read. */
  followFiles(pathOf: (stream: LogStream) => string, backlogBytes: number): () => Promise<void> {
    const tails = (['stdout', 'stderr'] as const).map(async (stream) => {
      const splitter = this.#splitter(stream);
      const options = { clock: this.clock, backlogBytes };
      const tail = await LogFileTail.open(pathOf(stream), options, (piece) =>
        this.#take(splitter, piece),
      );
      return { tail, splitter };
    });
    const finish = async (following: (typeof tails)[number]): Promise<void> => {
      const { tail, splitter } = await following;
      await tail.finish();
      splitter.end();
    };
    return async () => {
      await Promise.all(tails.map(finish));
    };
  }

  #splitter(stream: LogStream): LineSplitter {
    return new LineSplitter((text) => this.log.push(stream, text));
  }

  #take(splitter: LineSplitter, piece: Buffer): void {
    this.#lastMs = this.clock.monotonicMs();
    splitter.write(piece);
  }
}
