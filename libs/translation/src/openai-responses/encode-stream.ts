import type { CanonicalEvent } from '../canonical/stream-event.js';
import type { ReplyContext, StreamEncoder, StreamProgress } from '../protocol.js';
import { encodeEvent, encodeStreamError } from './error-mapping.js';
import { AnswerWriter } from './reply/answer-writer.js';

export function createStreamEncoder(context: ReplyContext): StreamEncoder {
  return new ResponsesStreamEncoder(context);
}

class ResponsesStreamEncoder implements StreamEncoder {
  readonly #writer: AnswerWriter;
  #sequence = 0;
  #text = '';
  #hasEnded = false;

  constructor(private readonly context: ReplyContext) {
    this.#writer = new AnswerWriter(context, (type, members) => {
      this.#text += encodeEvent(type, members, this.#sequence);
      this.#sequence += 1;
    });
  }

  get progress(): StreamProgress {
    return { nextSequence: this.#sequence, response: this.#writer.response };
  }

  push(event: CanonicalEvent): string {
    if (this.#hasEnded) return '';
    this.#hasEnded = event.type === 'response-end' || event.type === 'error';
    if (event.type === 'error')
      return encodeStreamError(event.error, this.context.requestId, this.progress);
    writeAnswerEvent(this.#writer, event);
    const text = this.#text;
    this.#text = '';
    return text;
  }
}

/** Every event but an error. */
export function writeAnswerEvent(
  writer: AnswerWriter,
  event: Exclude<CanonicalEvent, { type: 'error' }>,
): void {
  switch (event.type) {
    case 'response-start':
      return writer.start(event);
    case 'part-start':
      return writer.startPart(event.part);
    case 'part-delta':
      return writer.append(event.text);
    case 'part-end':
      return writer.endPart(event);
    case 'usage':
      return writer.noteUsage(event.usage);
    case 'response-end':
      return writer.end(event);
  }
}
