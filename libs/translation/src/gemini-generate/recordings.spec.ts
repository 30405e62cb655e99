import { describe, expect, it } from 'vitest';
import { checkGeminiStream } from '../../../../test/support/gemini-invariants.js';
import { readRecordings, type RecordedExchange } from '../../../../test/support/recordings.js';
import {
  checkAnthropicStream,
  checkChatStream,
} from '../../../../test/support/stream-invariants.js';
import { translationTarget } from '../../../../test/support/translation-target.js';
import {
  collectStream,
  createSseReader,
  GatewayError,
  protocols,
  type CanonicalEvent,
  type CanonicalResponse,
  type ProtocolId,
  type ReplyContext,
} from '../index.js';
import { tryParse } from '../shared/json/json-access.js';

type Json = Record<string, unknown>;

const gemini = protocols['gemini-generate'];
const context: ReplyContext = {
  requestId: 'req_1',
  model: 'm',
  createdAtSeconds: 1,
  includeUsage: true,
};

/** How many exchanges there are when the recordings are. */
const expectedCount = 372;
const exchanges = readRecordings('gemini-generate');
const good = exchanges.filter(({ response }) => response.status === 200);
const absent = `${expectedCount} recorded exchanges with Gemini are not here`;

/** Streams without `alt=sse` are JSON arrays; the gateway always asks for events. */
function eventStream({ response: { body } }: RecordedExchange): string {
  if (!body.trimStart().startsWith('[')) return body;
  const chunks = JSON.parse(body) as unknown[];
  return chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`).join('');
}

function decode(stream: string): CanonicalEvent[] {
  const reader = createSseReader();
  const decoder = gemini.createStreamDecoder();
  const records = [...reader.push(stream), ...reader.end()];
  return [...records.flatMap((record) => decoder.push(record)), ...decoder.end()];
}

function encode(id: ProtocolId, events: readonly CanonicalEvent[]): string {
  const encoder = protocols[id].createStreamEncoder(context);
  return events.map((event) => encoder.push(event)).join('');
}

/** What an answer says, read from the wire without any of our code. */
function wireMeaning(chunks: readonly Json[]): unknown {
  const parts = chunks.flatMap((chunk) => {
    const [candidate] = (chunk['candidates'] ?? []) as { content?: { parts?: Json[] } }[];
    return candidate?.content?.parts ?? [];
  });
  const textOf = (isThought: boolean): string =>
    parts
      .filter((part) => (part['thought'] === true) === isThought)
      .map((part) => part['text'] ?? '')
      .join('');
  const last = (chunks.at(-1)?.['usageMetadata'] ?? {}) as Record<string, number | undefined>;
  const count = (name: string): number => last[name] ?? 0;
  return {
    text: textOf(false),
    thoughts: textOf(true),
    calls: parts.flatMap((part) => {
      const call = part['functionCall'] as { name: string; args?: unknown } | undefined;
      return call === undefined ? [] : [[call.name, call.args ?? {}]];
    }),
    signatures: parts.flatMap((part) =>
      'executableCode' in part ? [] : (part['thoughtSignature'] ?? []),
    ),
    input: count('promptTokenCount') + count('toolUsePromptTokenCount'),
    output: count('candidatesTokenCount') + count('thoughtsTokenCount'),
  };
}

function meaning({ parts, usage }: CanonicalResponse): unknown {
  const textOf = (type: 'text' | 'reasoning'): string =>
    parts.map((part) => (part.type === type ? part.text : '')).join('');
  return {
    text: textOf('text'),
    thoughts: textOf('reasoning'),
    calls: parts.flatMap((part) =>
      part.type === 'tool-call' ? [[part.name, JSON.parse(part.argumentsText) as unknown]] : [],
    ),
    signatures: parts.flatMap((part) => ('opaque' in part ? (part.opaque?.data ?? []) : [])),
    input: usage.inputTokens,
    output: usage.outputTokens,
  };
}

function chunksOf({ response: { body } }: RecordedExchange): Json[] {
  if (!/^\s*data:/.test(body)) return [JSON.parse(body) as Json].flat() as Json[];
  return body
    .split(/\r?\n\r?\n/)
    .filter((frame) => frame.startsWith('data:'))
    .map((frame) => JSON.parse(frame.slice(5)) as Json);
}

describe('what Gemini really answered', () => {
  it('in streams means the same to us, and to clients of every protocol', ({ skip }) => {
    if (exchanges.length === 0) skip(absent);
    const streams = good.filter(({ streamed }) => streamed);
    expect(streams.length).toBeGreaterThan(100);
    for (const exchange of streams) {
      const events = decode(eventStream(exchange));
      const response = collectStream(events);
      expect(meaning(response), exchange.id).toEqual(wireMeaning(chunksOf(exchange)));
      const chat = encode('openai-chat', events);
      const rules = { includesUsage: true };
      expect(checkChatStream(chat, rules), exchange.id).toEqual([]);
      const anthropic = encode('anthropic-messages', events);
      expect(checkAnthropicStream(anthropic), exchange.id).toEqual([]);
      const again = encode('gemini-generate', events);
      expect(checkGeminiStream(again), exchange.id).toEqual([]);
      expect(meaning(collectStream(decode(again))), exchange.id).toEqual(meaning(response));
    }
  });

  it('in streams passes byte for byte, and the tap reads what the decoder reads', ({ skip }) => {
    if (exchanges.length === 0) skip(absent);
    for (const exchange of good.filter(({ streamed }) => streamed)) {
      const stream = eventStream(exchange);
      const bytes = Buffer.from(stream).toString('latin1');
      const tap = gemini.createStreamTap(false);
      expect(tap.push(bytes) + tap.end()).toBe(bytes);
      const { finishReason, usage, model } = collectStream(decode(stream));
      const facts = { finishReason, usage, model, isComplete: true, error: null };
      expect(tap.facts, exchange.id).toMatchObject(facts);
    }
  });

  it('as a whole means the same to us, and to clients of every protocol', ({ skip }) => {
    if (exchanges.length === 0) skip(absent);
    const whole = good.filter(({ streamed }) => !streamed);
    expect(whole.length).toBeGreaterThan(200);
    for (const exchange of whole) {
      const { body } = exchange.response;
      const response = gemini.decodeResponse(body);
      expect(meaning(response), exchange.id).toEqual(wireMeaning(chunksOf(exchange)));
      for (const id of Object.keys(protocols) as ProtocolId[])
        expect(JSON.parse(protocols[id].encodeResponse(response, context))).toBeTypeOf('object');
      const again = gemini.decodeResponse(gemini.encodeResponse(response, context));
      expect(meaning(again), exchange.id).toEqual(meaning(response));
      const { finishReason, usage } = gemini.readAnswer(body);
      expect({ finishReason, usage }).toEqual({
        finishReason: response.finishReason,
        usage: response.usage,
      });
    }
  });

  it('as an error is read as one', ({ skip }) => {
    if (exchanges.length === 0) skip(absent);
    for (const { response } of exchanges.filter(({ response: { status } }) => status >= 400)) {
      const { code, message } = gemini.decodeError(response.status, response.body);
      expect(message.length).toBeGreaterThan(20);
      const isKeyFault = response.body.includes('API_KEY_INVALID');
      const byStatus = response.status === 404 ? 'upstream_error' : 'upstream_rejected';
      expect(code).toBe(isKeyFault ? 'upstream_authentication_failed' : byStatus);
    }
  });
});

/** Refusals are part of the contract; anything else that is thrown is a fault of ours. */
function translate(
  exchange: RecordedExchange,
  from: ProtocolId,
  to: ProtocolId,
): { sent: Json; paths: string[] } | GatewayError {
  const model = /models\/([^:]+)/.exec(exchange.request.path)?.[1] ?? 'm';
  const address = from === 'gemini-generate' ? { model, stream: exchange.streamed } : null;
  try {
    const request = protocols[from].decodeRequest(JSON.stringify(exchange.request.body), address);
    const { body, warnings } = protocols[to].encodeRequest(request, translationTarget(to));
    return { sent: JSON.parse(body) as Json, paths: warnings.map(({ path }) => path) };
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
}

/** Words of the protocols themselves, which have counterparts. */
const words = /^(model|response_?format.*|.*mime_?type|.*\.(type|cache_control.*))$/i;

/** Long texts of a request, which must not vanish; JSON in a text counts by what is in it. */
function longTexts(value: unknown, path = ''): [path: string, text: string][] {
  if (words.test(path) && typeof value === 'string') return [];
  if (typeof value === 'string') {
    const inner = /^\s*[{[]/.test(value) ? tryParse(value) : null;
    if (inner !== null) return longTexts(inner, path);
    const text = value.replace(/^data:[^,]*,/, '');
    return text.length >= 12 ? [[path, text]] : [];
  }
  if (Array.isArray(value))
    return value.flatMap((item, index) => longTexts(item, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    longTexts(member, path === '' ? name : `${path}.${name}`),
  );
}

function allTexts(value: unknown): string {
  if (typeof value === 'string') return `${value}\n`;
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(([name, member]) => `${name}\n${allTexts(member)}`)
    .join('');
}

describe('what callers really asked', () => {
  it.for([
    ['gemini-generate', 'openai-chat', 330],
    ['gemini-generate', 'anthropic-messages', 320],
    ['gemini-generate', 'gemini-generate', 365],
    ['openai-chat', 'gemini-generate', 1_650],
    ['anthropic-messages', 'gemini-generate', 560],
  ] as const)(
    'in %s is carried to %s, warned of or refused with a reason',
    ([from, to, carriedAtLeast], { skip }) => {
      const asked = readRecordings(from);
      if (asked.length === 0) skip(`at least ${carriedAtLeast} recorded requests are not here`);
      let carried = 0;
      for (const exchange of asked) {
        const outcome = translate(exchange, from, to);
        if (outcome instanceof GatewayError) {
          expect(['unsupported_by_target', 'invalid_request']).toContain(outcome.code);
          expect(outcome.path, outcome.message).not.toBeNull();
          continue;
        }
        carried += 1;
        const sent = allTexts(outcome.sent);
        const lost = longTexts(exchange.request.body).filter(
          ([path, text]) =>
            !sent.includes(text) &&
            !sent.includes(JSON.stringify(text).slice(1, -1)) &&
            !outcome.paths.some((known) => path.startsWith(known)),
        );
        expect(lost, exchange.id).toEqual([]);
      }
      expect(carried).toBeGreaterThanOrEqual(carriedAtLeast);
    },
  );
});
