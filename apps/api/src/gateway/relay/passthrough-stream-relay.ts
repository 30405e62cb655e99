import type { AnswerFacts, StreamTap, WireProtocol } from '#translation';
import type { Output, Relay } from './relay.js';

/** The same protocol on both sides: bytes as they came, while a tap reads usage, finish and errors. */
export class PassthroughStreamRelay implements Relay {
  private readonly tap: StreamTap;

  constructor(protocol: WireProtocol, hideUsage: boolean) {
    this.tap = protocol.createStreamTap(hideUsage);
  }

  push(chunk: Buffer): Output {
    const text = chunk.toString('latin1');
    const kept = this.tap.push(text);
    if (kept === text) return chunk;
    return kept === '' ? null : Buffer.from(kept, 'latin1');
  }

  end(): Output {
    const rest = this.tap.end();
    return rest === '' ? null : Buffer.from(rest, 'latin1');
  }

  get isReady(): boolean {
    return this.tap.sawEvent;
  }

  get facts(): AnswerFacts {
    return this.tap.facts;
  }
}
