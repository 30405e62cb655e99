import { GatewayError, type Protocol } from '#translation';
import type { Exchange } from '../recordings.js';
import { attempt, eventsOfAnswer } from './check-answer.js';
import { compareAnswers } from './compare-answers.js';
import { readAnswer } from './read-answer.js';
import { decodeStream, encodeStream } from './translate-answer.js';

/** From A to B and back to A, streamed: what B can say must have survived. */
export function checkAnswerAndBack(
  exchange: Exchange,
  origin: Protocol,
  other: Protocol,
): string[] {
  const expected = readAnswer(origin.id, exchange.response.body, exchange.streamed);
  const events = attempt(() => eventsOfAnswer(exchange, origin));
  if (events instanceof GatewayError) return [];
  const away = encodeStream(other, events);
  const back = encodeStream(origin, decodeStream(other, [away]));
  const said = readAnswer(other.id, away, true);
  const reading = readAnswer(origin.id, back, true);
  if ('failure' in expected || 'failure' in said)
    return compareAnswers(expected, reading, origin.id);
  // B may have no word for a pause, a stop string or some counters; what it did say must come back.
  const sayable = {
    ...expected,
    // a call that was cut in two cannot be told everywhere
    calls: expected.finish === 'length' ? said.calls : expected.calls,
    finish: said.finish,
    stopString: said.stopString,
    refusal: said.refusal,
    text: said.text,
    reasoning: said.reasoning,
    usage: said.usage,
    citedUrls: said.citedUrls,
  };
  return compareAnswers(sayable, reading, origin.id);
}
