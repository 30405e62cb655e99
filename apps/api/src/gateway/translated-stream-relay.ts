import { createSseReader, type AnswerFacts, type CanonicalEvent, type Protocol, type ReplyContext, type SseEvent, type StreamDecoder, type StreamEncoder } from '#translation';
import { StringDecoder } from 'node:string_decoder';
import { noFacts } from './failed-facts.js';
import type { Output, Relay } from './relay.js';

/** A stream from one protocol to another, event by event; everything of one read is written at once. */
export class TranslatedStreamRelay implements Relay {
  isReady = false;
  facts: AnswerFacts = noFacts;
  private readonly text = new StringDecoder('utf8');
  private readonly events = createSseReader();
  private readonly decoder: StreamDecoder;
  private readonly encoder: StreamEncoder;
  private outputChars = 0;

  constructor(upstream: Protocol, client: Protocol, context: ReplyContext) {
    this.decoder = upstream.createStreamDecoder();
    this.encoder = client.createStreamEncoder(context);
  }

  push(chunk: Buffer): Output {
    return this.translate(this.events.push(this.text.write(chunk)));
  }

  end(): Output {
    const rest = this.events.push(this.text.end()).concat(this.events.end());
    const output = this.translate(rest);
    const tail = this.encode(this.decoder.end());
    return (output ?? '') + tail || null;
  }

  private translate(events: readonly SseEvent[]): string | null {
    let output = '';
    for (const event of events) output += this.encode(this.decoder.push(event));
    return output === '' ? null : output;
  }

  private encode(events: readonly CanonicalEvent[]): string {
    let output = '';
    for (const event of events) {
      this.isReady = true;
      this.note(event);
      if (event.type !== 'error') output += this.encoder.push(event);
    }
    return output;
  }

  /** Keeps usage, finish and error for the log; the error itself is written by whoever ends the reply. */
  private note(event: CanonicalEvent): void {
    if (this.facts.error !== null) return;
    switch (event.type) {
      case 'response-start':
        this.facts = { ...this.facts, model: event.model };
        break;
      case 'usage':
        this.facts = { ...this.facts, usage: event.usage };
        break;
      case 'response-end':
        this.facts = { ...this.facts, finishReason: event.finishReason, isComplete: true, outputChars: this.outputChars };
        break;
      case 'error':
        this.facts = { ...this.facts, error: event.error, isComplete: false, outputChars: this.outputChars };
        break;
      default:
        if ('text' in event && typeof event.text === 'string') this.outputChars += event.text.length;
    }
  }
}
