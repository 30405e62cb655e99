import type { ServerResponse } from 'node:http';
import type { Slotted } from '../../common/slot-set.js';

/**
 * A caller that takes nothing for so long, while more waits for it, has stopped reading: without a limit it would hold the
 * engine, its place and its money for as long as the connection stands.
 */
const stallLimitMs = 300_000;

/** Why an answer ends before it is complete, for reasons that are not the upstream's. */
export type Interruption = 'caller left' | 'gateway stops';

/**
 * The answer to one caller. Nothing is sent before `commit`; after it the upstream never changes. Writes straight
 * to the socket: returning streams through the framework costs several times as much a request.
 */
export class ClientReply implements Slotted {
  slot = -1;
  /** Content type of a streamed answer. */
  readonly streamType: string = 'text/event-stream; charset=utf-8';
  private committed = false;
  private interruptListener: ((reason: Interruption) => void) | null = null;
  private drainListener: (() => void) | null = null;
  private awaitsDrain = false;
  private isTimed = false;
  private hasStalled = false;
  private closing: Promise<void> | null = null;
  private resolveClosing: (() => void) | null = null;

  constructor(
    private readonly raw: ServerResponse,
    private readonly limitMs = stallLimitMs,
  ) {
    raw.on('close', () => {
      if (!raw.writableFinished) this.interruptListener?.('caller left');
      this.resolveClosing?.();
    });
  }

  get isCommitted(): boolean {
    return this.committed;
  }

  /** Has the caller left before the whole answer was sent? */
  get isGone(): boolean {
    return this.raw.destroyed && !this.raw.writableFinished;
  }

  /** How the caller was lost, for the log. */
  get departure(): string {
    return this.hasStalled
      ? `The caller took nothing of its answer for ${this.limitMs / 1000} s.`
      : 'The caller left before the answer was complete.';
  }

  get status(): number {
    return this.raw.statusCode;
  }

  /** At most one listener: whoever holds the call at the moment. */
  onInterrupt(listener: ((reason: Interruption) => void) | null): void {
    this.interruptListener = listener;
  }

  /** The gateway's time to stop has come before this answer was complete. */
  interrupt(): void {
    this.interruptListener?.('gateway stops');
  }

  onDrain(listener: (() => void) | null): void {
    this.drainListener = listener;
  }

  /** Sends status and headers; from here on errors go into the answer itself. */
  commit(status: number, headers: readonly string[]): void {
    this.committed = true;
    this.raw.writeHead(status, headers as string[]);
  }

  /** False when the caller reads too slowly: stop until `onDrain` is called. */
  write(output: Buffer | string): boolean {
    const hasRoom = this.raw.write(output);
    if (!hasRoom) this.awaitDrain();
    return hasRoom;
  }

  end(output?: Buffer | string): void {
    if (output === undefined) this.raw.end();
    else this.raw.end(output);
    // once all is sent, Node sets the limit of an idle connection instead
    if (this.raw.writableLength > 0) this.limitStall();
  }

  /** Resolves when the last byte is with the operating system or the caller has left. */
  closed(): Promise<void> {
    if (this.raw.writableFinished || this.raw.destroyed) return Promise.resolve();
    this.closing ??= new Promise((resolve) => (this.resolveClosing = resolve));
    return this.closing;
  }

  /** Hardly any answer ever comes to this. */
  private awaitDrain(): void {
    if (this.awaitsDrain) return;
    this.awaitsDrain = true;
    this.limitStall();
    this.raw.once('drain', () => {
      this.awaitsDrain = false;
      this.raw.socket?.setTimeout(0);
      this.drainListener?.();
    });
  }

  /** The socket tells progress from a stall by what the system has taken, so a slow caller is not taken for one that stopped. */
  private limitStall(): void {
    this.raw.socket?.setTimeout(this.limitMs);
    if (this.isTimed) return;
    this.isTimed = true;
    this.raw.once('timeout', () => {
      this.hasStalled = true;
      this.raw.destroy();
    });
  }
}
