import type { AnswerFacts, RequestEnvelope, WireProtocol } from '#translation';
import { AnswerBuffer } from './answer-buffer.js';
import { answerTooLarge, failedFacts, noFacts } from './failed-facts.js';
import type { Output, Relay } from './relay.js';

/** A whole answer in the same protocol: read once for its facts, sent as it came. */
export class PassthroughJsonRelay implements Relay {
  readonly isReady = false;
  facts: AnswerFacts = noFacts;
  private readonly buffer = new AnswerBuffer();

  constructor(
    private readonly protocol: WireProtocol,
    private readonly envelope: RequestEnvelope,
  ) {}

  push(chunk: Buffer): Output {
    this.buffer.add(chunk);
    if (this.buffer.isTooLarge) this.facts = failedFacts(answerTooLarge);
    return null;
  }

  end(): Output {
    if (this.facts.error !== null) return null;
    const bytes = this.buffer.bytes();
    try {
      const text = bytes.toString('utf8');
      this.facts = this.protocol.readAnswer(text);
      if (this.facts.error !== null) return null;
      return this.protocol.repairAnswer?.(text, this.envelope) ?? bytes;
    } catch (error) {
      this.facts = failedFacts(error);
      return null;
    }
  }
}
