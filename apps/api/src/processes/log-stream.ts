import type { InstanceView, LogReader } from '#process';

const HEARTBEAT_MS = 15_000;
/** A reader that takes nothing for so many heartbeats is let go; it resumes where it was when it comes back. */
const PATIENT_HEARTBEATS = 4;
/** How soon a viewer whose connection broke shall come back. */
const RETRY_MS = 1000;

/** The instance whose log is streamed. */
export interface StreamedInstance {
  readonly log: LogReader;
  view(): InstanceView;
  /** Calls the listener when its state changes, until the returned function is called. */
  watch(listener: () => void): () => void;
}

/** The connection; a response of Node is one. */
export interface StreamSink {
  /** False when the reader does not keep up: then `drain` follows. */
  write(text: string): boolean;
  end(): unknown;
  destroy(): unknown;
  on(event: 'drain', listener: () => void): unknown;
  once(event: 'close', listener: () => void): unknown;
}

/**
 * One viewer of a log, over server-sent events: each line under its number as the id, `gap` where lines are no longer
 * kept, `end` when the instance has ended. Nothing is buffered for a slow viewer: it reads from the kept lines at its
 * own pace, and what was dropped meanwhile becomes a gap. The engine never waits for it.
 */
export class LogStream {
  private isBlocked = false;
  private isOver = false;
  private silentHeartbeats = 0;
  private sent: number;
  private readonly stops: (() => void)[] = [];

  /** `after` is the number of the last line that the viewer has. */
  constructor(
    private readonly instance: StreamedInstance,
    private readonly sink: StreamSink,
    after: number,
  ) {
    this.sent = Math.min(after, instance.log.lastSeq);
  }

  start(): void {
    const { sink, instance } = this;
    sink.once('close', () => this.stop());
    sink.on('drain', () => {
      this.isBlocked = false;
      this.silentHeartbeats = 0;
      this.pump();
    });
    const heartbeat = setInterval(() => this.beat(), HEARTBEAT_MS);
    this.stops.push(() => clearInterval(heartbeat));
    this.stops.push(instance.log.watch(() => this.pump()));
    this.stops.push(instance.watch(() => this.pump()));
    this.write(`retry: ${RETRY_MS}\n\n`);
    this.pump();
  }

  /** Sends what there is, as far as the viewer takes it. */
  private pump(): void {
    const { log } = this.instance;
    const firstMissing = this.sent + 1;
    if (!this.isIdle()) return;
    if (log.firstSeq > firstMissing) {
      this.sent = log.firstSeq - 1;
      const missed = log.firstSeq - firstMissing;
      this.send('gap', { missed, from: firstMissing, to: this.sent });
    }
    for (const line of log.since(this.sent)) {
      if (!this.isIdle()) return;
      this.sent = line.seq;
      this.send(null, line);
    }
    if (this.isIdle()) this.endWithInstance();
  }

  private endWithInstance(): void {
    const { state, endedAt, exit } = this.instance.view();
    if (endedAt === null || exit === null) return;
    const { code, signal, reason, message } = exit;
    this.send('end', { state, endedAt, code, signal, reason, message });
    this.stop();
    this.sink.end();
  }

  private beat(): void {
    if (!this.isBlocked) {
      this.write(': still here\n\n');
      return;
    }
    this.silentHeartbeats += 1;
    if (this.silentHeartbeats < PATIENT_HEARTBEATS) return;
    this.stop();
    this.sink.destroy();
  }

  private isIdle(): boolean {
    return !this.isBlocked && !this.isOver;
  }

  private send(event: 'gap' | 'end' | null, data: object): void {
    const name = event === null ? '' : `event: ${event}\n`;
    this.write(`${name}id: ${this.sent}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  private write(text: string): void {
    if (!this.sink.write(text)) this.isBlocked = true;
  }

  private stop(): void {
    this.isOver = true;
    for (const stop of this.stops.splice(0)) stop();
  }
}
