import type { AnswerFacts, Protocol, ReplyContext } from '#translation';
import { AnswerBuffer } from './answer-buffer.js';
import { answerTooLarge, failedFacts, noFacts } from './failed-facts.js';
import type { Output, Relay } from './relay.js';

/** A whole answer from one protocol to another, through the canonical form. */
export class TranslatedJsonRelay implements Relay {
  readonly isReady = false;
  facts: AnswerFacts = noFacts;
  private readonly buffer = new AnswerBuffer();

  constructor(
    private readonly upstream: Protocol,
    private readonly client: Protocol,
    private readonly context: ReplyContext,
  ) {}

  push(chunk: Buffer): Output {
    this.buffer.add(chunk);
    if (this.buffer.isTooLarge) this.facts = failedFacts(answerTooLarge);
    return null;
  }

  end(): Output {
    if (this.facts.error !== null) return null;
    try {
      const text = this.buffer.bytes().toString('utf8');
      const output = this.client.encodeResponse(this.upstream.decodeResponse(text), this.context);
      this.facts = this.upstream.readAnswer(text);
      return this.facts.error === null ? output : null;
    } catch (error) {
      this.facts = failedFacts(error);
      return null;
    }
  }
}
