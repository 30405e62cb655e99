import {
  createRestorer,
  createSseReader,
  findSchemaMismatch,
  unknownUsage,
  type AnswerFacts,
  type CanonicalEvent,
  type FinishReason,
  type GatewayError,
  type RawJson,
  type Restorer,
  type SseEvent,
  type StreamDecoder,
  type StreamEncoder,
  type Warning,
} from '#translation';
import { StringDecoder } from 'node:string_decoder';
import type { AnswerTranslation } from './answer-translation.js';
import type { Output, Relay } from './relay.js';

/** A stream from one protocol to another, event by event; everything of one read is written at once. */
export class TranslatedStreamRelay implements Relay {
  isReady = false;
  private readonly text = new StringDecoder('utf8');
  private readonly events = createSseReader();
  private readonly decoder: StreamDecoder;
  private readonly restore: Restorer;
  private readonly encoder: StreamEncoder;
  private usage = unknownUsage;
  private finishReason: FinishReason | null = null;
  private error: GatewayError | null = null;
  private model: string | null = null;
  private outputChars = 0;
  /** The text of the answer, kept only where it has to fit a schema. */
  private said = '';
  private readonly schema: RawJson | null;
  private isText = false;
  private warning: Warning | null = null;

  constructor({ upstream, client, context, restoration }: AnswerTranslation) {
    this.decoder = upstream.createStreamDecoder();
    this.schema = restoration.relaxedSchema ?? null;
    this.restore = createRestorer(restoration);
    this.encoder = client.createStreamEncoder(context);
  }

  get facts(): AnswerFacts {
    const { usage, finishReason, error, outputChars, model, warning } = this;
    return {
      usage,
      finishReason,
      error,
      outputChars,
      model,
      isComplete: finishReason !== null && error === null,
      warning,
      progress: this.encoder.progress ?? null,
    };
  }

  push(chunk: Buffer): Output {
    return this.translate(this.events.push(this.text.write(chunk)));
  }

  end(): Output {
    const rest = this.events.push(this.text.end()).concat(this.events.end());
    const output = this.translate(rest) ?? '';
    return output + this.encode(this.decoder.end()) || null;
  }

  private translate(events: readonly SseEvent[]): string | null {
    let output = '';
    for (const event of events) output += this.encode(this.decoder.push(event));
    return output === '' ? null : output;
  }

  private encode(events: readonly CanonicalEvent[]): string {
    let output = '';
    for (const event of events)
      for (const restored of this.restore(event)) output += this.write(restored);
    return output;
  }

  private write(event: CanonicalEvent): string {
    this.note(event);
    if (this.error !== null) return '';
    const text = this.encoder.push(event);
    this.error = this.encoder.error ?? null;
    // the error itself is written by whoever ends the reply
    return this.error === null ? text : '';
  }

  /** Keeps usage, finish and error for the log. A bare start may still turn out to be the head of an error. */
  private note(event: CanonicalEvent): void {
    this.isReady ||= event.type !== 'response-start';
    switch (event.type) {
      case 'response-start':
        this.model = event.model;
        break;
      case 'part-start':
        this.isText = event.part.type === 'text';
        break;
      case 'part-delta':
        this.outputChars += event.text.length;
        if (this.isText && this.schema !== null) this.said += event.text;
        break;
      case 'usage':
        this.usage = event.usage;
        break;
      case 'response-end':
        this.finishReason = event.finishReason;
        if (this.schema !== null && event.finishReason === 'stop')
          this.warning = findSchemaMismatch(this.schema, this.said);
        break;
      case 'error':
        this.error ??= event.error;
        break;
      default:
    }
  }
}
