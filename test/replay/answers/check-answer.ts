import { collectStream, GatewayError, type CanonicalEvent, type Protocol } from '#translation';
import { checkAnswer as checkShape } from '../../support/answer-shape.js';
import { checkStream } from '../../support/stream-grammar.js';
import { isJsonObject } from '../../support/stream-grammar/rule-book.js';
import { replyContext } from '../outcome.js';
import type { Exchange } from '../recordings.js';
import type { AnswerReading } from './answer-meaning.js';
import { compareAnswers } from './compare-answers.js';
import { readAnswer } from './read-answer.js';
import {
  asEventStream,
  cutAtBytes,
  decodeStream,
  encodeStream,
  eventsOf,
} from './translate-answer.js';

/** A recorded answer for a client of another protocol: does it keep the grammar and say the same, streamed and whole? */
export function checkAnswer(exchange: Exchange, upstream: Protocol, client: Protocol): string[] {
  const { body } = exchange.response;
  const expected = readAnswer(upstream.id, body, exchange.streamed);
  return exchange.streamed
    ? checkStreamed(exchange, expected, upstream, client)
    : checkWhole(body, expected, upstream, client);
}

/** The events of a recorded answer. @throws GatewayError what the answer holds instead */
export function eventsOfAnswer(
  { streamed, response }: Exchange,
  upstream: Protocol,
): CanonicalEvent[] {
  return streamed
    ? decodeStream(upstream, [asEventStream(response.body)])
    : eventsOf(upstream.decodeResponse(response.body));
}

function checkStreamed(
  { id, response }: Exchange,
  expected: AnswerReading,
  upstream: Protocol,
  client: Protocol,
): string[] {
  const body = asEventStream(response.body);
  const events = decodeStream(upstream, [body]);
  const cut = decodeStream(upstream, cutAtBytes(body, id));
  const stream = encodeStream(client, events);
  const problems = checkStreamText(stream, expected, client);
  if (encodeStream(client, cut) !== stream)
    problems.push('cut: the stream differs when it arrives in other pieces');
  const whole = attempt(() => client.encodeResponse(collectStream(events), replyContext));
  return [...problems, ...checkWholeText(whole, expected, client).map((text) => `whole ${text}`)];
}

function checkWhole(
  body: string,
  expected: AnswerReading,
  upstream: Protocol,
  client: Protocol,
): string[] {
  const response = attempt(() => upstream.decodeResponse(body));
  if (response instanceof GatewayError)
    return 'failure' in expected ? [] : [`answer: became a failure, ${response.message}`];
  const whole = attempt(() => client.encodeResponse(response, replyContext));
  const stream = encodeStream(client, eventsOf(response));
  return [
    ...checkWholeText(whole, expected, client),
    ...checkStreamText(stream, expected, client).map((text) => `streamed ${text}`),
  ];
}

function checkStreamText(stream: string, expected: AnswerReading, client: Protocol): string[] {
  const hasValidArguments =
    'failure' in expected ||
    expected.calls.every(({ arguments: text }) => text === '' || isJsonObject(text));
  return [
    ...checkStream(client.id, stream, { includesUsage: true, hasValidArguments }).map(
      (rule) => `grammar: ${rule}`,
    ),
    ...compareAnswers(expected, readAnswer(client.id, stream, true), client.id),
  ];
}

function checkWholeText(
  whole: string | GatewayError,
  expected: AnswerReading,
  client: Protocol,
): string[] {
  if (whole instanceof GatewayError)
    return 'failure' in expected ? [] : [`answer: became a failure, ${whole.message}`];
  return [
    ...checkShape(client.id, whole).map((rule) => `shape: ${rule}`),
    ...compareAnswers(expected, readAnswer(client.id, whole, false), client.id),
  ];
}

/** Only the gateway's own error is an answer; anything else is a fault of ours. */
export function attempt<T>(work: () => T): T | GatewayError {
  try {
    return work();
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
}
