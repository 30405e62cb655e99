import { findSchemaMismatch, restoreResponse, type AnswerFacts } from '#translation';
import type { AnswerTranslation } from './answer-translation.js';
import { AnswerBuffer } from './answer-buffer.js';
import { answerTooLarge, failedFacts, noFacts } from './failed-facts.js';
import type { Output, Relay } from './relay.js';

/** A whole answer from one protocol to another, through the canonical form. */
export class TranslatedJsonRelay implements Relay {
  readonly isReady = false;
  facts: AnswerFacts = noFacts;
  private readonly buffer = new AnswerBuffer();

  constructor(private readonly translation: AnswerTranslation) {}

  push(chunk: Buffer): Output {
    this.buffer.add(chunk);
    if (this.buffer.isTooLarge) this.facts = failedFacts(answerTooLarge);
    return null;
  }

  end(): Output {
    if (this.facts.error !== null) return null;
    try {
      const text = this.buffer.bytes().toString('utf8');
      const { upstream, client, context, restoration } = this.translation;
      this.facts = upstream.readAnswer(text);
      if (this.facts.error !== null) return null;
      const answer = restoreResponse(upstream.decodeResponse(text), restoration);
      const { relaxedSchema } = restoration;
      if (relaxedSchema && answer.finishReason === 'stop') {
        const said = answer.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
        this.facts = { ...this.facts, warning: findSchemaMismatch(relaxedSchema, said) };
      }
      return client.encodeResponse(answer, context);
    } catch (error) {
      // an answer that was read but cannot be told has been billed all the same
      this.facts = failedFacts(error, this.facts);
      return null;
    }
  }
}
