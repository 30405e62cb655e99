import type { CanonicalResponse } from '../canonical/response.js';
import type { ReplyContext } from '../protocol.js';
import { responseEvents } from '../shared/reply/response-events.js';
import { writeJson } from '../shared/json/write-json.js';
import { writeAnswerEvent } from './encode-stream.js';
import { AnswerWriter } from './reply/answer-writer.js';

/** The `response` object that the last event of a stream would have held. */
export function encodeResponse(response: CanonicalResponse, context: ReplyContext): string {
  const writer = new AnswerWriter(context, () => undefined);
  for (const event of responseEvents(response))
    if (event.type !== 'error') writeAnswerEvent(writer, event);
  return writeJson(writer.response);
}
