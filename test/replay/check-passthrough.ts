import { isDeepStrictEqual } from 'node:util';
import {
  GatewayError,
  type AnswerFacts,
  type ByteEdit,
  type FinishReason,
  type RequestAddress,
  type WireProtocol,
} from '#translation';
import { attempt } from './answers/check-answer.js';
import { compareUsage } from './answers/compare-answers.js';
import type { AnswerReading, FinishClass } from './answers/answer-meaning.js';
import { readAnswer } from './answers/read-answer.js';
import { asEventStream } from './answers/translate-answer.js';
import { seededRandom } from './seeded-random.js';
import type { Exchange } from './recordings.js';

const upstreamModel = 'the-upstream’s-own-model';

/** The same protocol on both sides: bytes pass, apart from the declared edits, and the tap reads along. */
export function checkPassthrough(exchange: Exchange, protocol: WireProtocol): string[] {
  const isError = exchange.response.status >= 300;
  // what the recorded upstream refused may be refused here already
  const problems = attempt(() => checkRequestBytes(exchange, protocol));
  if (problems instanceof GatewayError) return isError ? [] : [`refused: ${problems.message}`];
  if (isError) return problems;
  return [...problems, ...checkAnswerBytes(exchange, protocol)];
}

/** What the URL says of the model, where the body does not (Gemini). */
export function addressOf({ request, streamed }: Exchange): RequestAddress | null {
  const model = /\/models\/([^/:]+):/.exec(request.path)?.[1];
  return model === undefined ? null : { model: decodeURIComponent(model), stream: streamed };
}

function checkRequestBytes(exchange: Exchange, protocol: WireProtocol): string[] {
  const text = JSON.stringify(exchange.request.body);
  const bytes = Buffer.from(text);
  const envelope = protocol.readEnvelope(bytes, addressOf(exchange));
  const problems: string[] = [];
  const same = protocol.passthroughEdits({ ...envelope, wantsStreamUsage: true }, envelope.model);
  if (same.length > 0) problems.push('edits: there are some although nothing is to change');
  const edits = protocol.passthroughEdits(envelope, upstreamModel);
  const edited = applyEdits(bytes, edits);
  const expected = JSON.parse(text) as Record<string, unknown>;
  if (envelope.modelSpan !== null) expected['model'] = upstreamModel;
  if (envelope.stream && !envelope.wantsStreamUsage) {
    const options = expected['stream_options'] as object | undefined;
    expected['stream_options'] = { ...options, include_usage: true };
  }
  if (!isDeepStrictEqual(JSON.parse(edited.toString()), expected))
    problems.push('edits: they change more than the model and the wish for usage');
  if (!keepsRest(bytes, edited, edits)) problems.push('edits: bytes around them have changed');
  return problems;
}

function applyEdits(bytes: Buffer, edits: readonly ByteEdit[]): Buffer {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const { span, text } of edits) {
    pieces.push(bytes.subarray(at, span.start), Buffer.from(text));
    at = span.end;
  }
  return Buffer.concat([...pieces, bytes.subarray(at)]);
}

/** An edit replaces one value or inserts one member; all else stands as it stood. */
function keepsRest(bytes: Buffer, edited: Buffer, edits: readonly ByteEdit[]): boolean {
  const removed = edits.reduce((sum, { span }) => sum + span.end - span.start, 0);
  const added = edits.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  const first = edits[0]?.span.start ?? bytes.length;
  const tail = bytes.length - (edits.at(-1)?.span.end ?? bytes.length);
  return (
    edited.length === bytes.length - removed + added &&
    edited.subarray(0, first).equals(bytes.subarray(0, first)) &&
    edited.subarray(edited.length - tail).equals(bytes.subarray(bytes.length - tail))
  );
}

function checkAnswerBytes(exchange: Exchange, protocol: WireProtocol): string[] {
  const { streamed, response } = exchange;
  const expected = readAnswer(protocol.id, response.body, streamed);
  if (!streamed) return compareFacts(expected, protocol.readAnswer(response.body));
  const latin1 = Buffer.from(asEventStream(response.body)).toString('latin1');
  const random = seededRandom(exchange.id);
  const tap = protocol.createStreamTap(false);
  let passed = '';
  for (let at = 0; at < latin1.length;) {
    const size = 1 + Math.floor(random() ** 3 * 3_000);
    passed += tap.push(latin1.slice(at, at + size));
    at += size;
  }
  passed += tap.end();
  const problems = passed === latin1 ? [] : ['tap: the stream was changed'];
  return [...problems, ...compareFacts(expected, tap.facts)];
}

const classes: Readonly<Record<FinishReason, FinishClass>> = {
  stop: 'stop',
  'stop-sequence': 'stop',
  length: 'length',
  'tool-calls': 'tool',
  'content-filter': 'filter',
  pause: 'pause',
};

function compareFacts(expected: AnswerReading, facts: AnswerFacts): string[] {
  const { usage, finishReason } = facts;
  if ('failure' in expected)
    return facts.isComplete ? [`tap: took a failure for an answer, ${expected.failure}`] : [];
  const problems: string[] = [];
  if (!facts.isComplete || facts.error !== null)
    problems.push(`tap: not complete, ${facts.error?.message ?? 'no error'}`);
  const found = finishReason === null ? null : classes[finishReason];
  // The tap keeps the upstream's word; that a call means `tool` is decided by content.
  const isSettled = found === 'stop' && /^(tool|filter)$/.test(expected.finish);
  if (found !== expected.finish && !isSettled && !(found === 'tool' && expected.finish === 'stop'))
    problems.push(`tap finish: ${expected.finish} became ${String(found)}`);
  const counts = {
    input: usage.inputTokens,
    output: usage.outputTokens,
    cacheRead: usage.cacheReadTokens,
    cacheWrite: usage.cacheWriteTokens,
    reasoning: usage.reasoningTokens,
  };
  return [
    ...problems,
    ...compareUsage(expected.usage, counts, 'openai-chat').map((text) => `tap ${text}`),
  ];
}
