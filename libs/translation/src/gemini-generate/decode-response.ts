import type { CanonicalResponse } from '../canonical/response.js';
import { GatewayError } from '../errors/gateway-error.js';
import { collectStream } from '../shared/stream/collect-stream.js';
import { parseAnswer, throwInBandError } from '../shared/parse-answer.js';
import { createStreamDecoder } from './decode-stream.js';
import { decodeBlock, decodeFinish } from './finish-reason-mapping.js';
import { firstCandidate } from './read-answer.js';

/**
 * A whole answer has the shape of a chunk, so it is read as a stream of one.
 * @throws GatewayError `upstream_invalid_response`, or the error the answer holds
 */
export function decodeResponse(text: string): CanonicalResponse {
  const answer = parseAnswer(text);
  throwInBandError(answer);
  const candidate = firstCandidate(answer);
  const finish = decodeFinish(candidate) ?? decodeBlock(answer);
  if (candidate === null && finish === null) {
    throw new GatewayError(
      'upstream_invalid_response',
      'The upstream answered without a candidate.',
    );
  }
  const decoder = createStreamDecoder();
  const events = decoder.push({ name: null, data: text });
  if (finish === null) events.push(...decoder.push({ name: null, data: plainFinish }));
  return collectStream([...events, ...decoder.end()]);
}

/** For an answer that is whole and does not say why it ended. */
const plainFinish = '{"candidates":[{"finishReason":"STOP"}]}';
