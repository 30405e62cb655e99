import { describe, expect, it } from 'vitest';
import { checkStream } from '../../../../test/support/stream-grammar.js';
import { readFrames } from '../../../../test/support/stream-grammar/rule-book.js';
import {
  collectStream,
  createArrayFraming,
  createSseReader,
  GatewayError,
  protocols,
  type CanonicalEvent,
  type CanonicalResponse,
  type ProtocolId,
  type ReplyContext,
} from '../index.js';

type Json = Record<string, unknown>;

const gemini = protocols['gemini-generate'];
const rules = { includesUsage: true };
const context: ReplyContext = {
  requestId: 'req_1',
  model: 'alias',
  createdAtSeconds: 1,
  includeUsage: true,
};

const usageMetadata = { promptTokenCount: 3, candidatesTokenCount: 2, totalTokenCount: 5 };
const value = (parts: readonly object[], more: object = {}, top: object = {}): object => ({
  candidates: [{ content: { parts, role: 'model' }, index: 0, ...more }],
  usageMetadata,
  modelVersion: 'gemini-3-flash',
  responseId: 'r1',
  ...top,
});
const frame = (chunk: object): string => `data: ${JSON.stringify(chunk)}\r\n\r\n`;
const chunk = (...args: Parameters<typeof value>): string => frame(value(...args));
const stop = chunk([], { finishReason: 'STOP' });
const call = (name: string, args: object, more: object = {}): object => ({
  functionCall: { name, args },
  ...more,
});

function decode(stream: string): CanonicalEvent[] {
  const reader = createSseReader();
  const decoder = gemini.createStreamDecoder();
  const records = [...reader.push(stream), ...reader.end()];
  return [...records.flatMap((record) => decoder.push(record)), ...decoder.end()];
}

function relay(stream: string, to: ProtocolId): string {
  const encoder = protocols[to].createStreamEncoder(context);
  return decode(stream)
    .map((event) => encoder.push(event))
    .join('');
}

function toChat(stream: string): { deltas: Json[]; finish: unknown; usage: Json } {
  const text = relay(stream, 'openai-chat');
  expect(checkStream('openai-chat', text, rules)).toEqual([]);
  const chunks = readFrames(text)
    .filter(({ data }) => data !== '[DONE]')
    .map(({ data }) => JSON.parse(data) as Json);
  const choices = chunks.flatMap((item) => (item['choices'] ?? []) as Json[]);
  return {
    deltas: choices.map((choice) => choice['delta'] as Json),
    finish: choices.at(-1)?.['finish_reason'],
    usage: (chunks.at(-1)?.['usage'] ?? {}) as Json,
  };
}

function toAnthropic(stream: string): Json[] {
  const text = relay(stream, 'anthropic-messages');
  expect(checkStream('anthropic-messages', text, rules)).toEqual([]);
  return readFrames(text).map(({ data }) => JSON.parse(data) as Json);
}

function errorOf(stream: string): GatewayError {
  const last = decode(stream).at(-1);
  if (last?.type !== 'error') throw new Error('no error');
  return last.error;
}

const partsOf = (stream: string): CanonicalResponse['parts'] => collectStream(decode(stream)).parts;

describe('a Gemini stream for other clients', () => {
  it('edges 21 and 72: has a call for each part, with ids and indexes of their own', () => {
    const stream =
      chunk([call('f', { a: 1 }), call('f', { a: 2 })]) + chunk([call('g', {})]) + stop;
    const { deltas, finish } = toChat(stream);
    const calls = deltas.flatMap((delta) => (delta['tool_calls'] ?? []) as Json[]);
    const starts = calls.filter((item) => 'id' in item);
    expect(starts.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(new Set(starts.map(({ id }) => id)).size).toBe(3);
    expect(finish).toBe('tool_calls');
    const end = toAnthropic(stream).find(({ type }) => type === 'message_delta');
    expect(end).toMatchObject({ delta: { stop_reason: 'tool_use' } });
  });

  it('edge 99: keeps the numbers in the arguments as they were written', () => {
    const text = chunk([call('f', { n: 'N' })]).replace('"N"', '12345678901234567890') + stop;
    expect(partsOf(text)).toMatchObject([{ argumentsText: '{"n":12345678901234567890}' }]);
  });

  it('keeps text and thoughts apart, in their order', () => {
    const stream =
      chunk([{ text: 'hm', thought: true }]) +
      chunk([{ text: 'm', thought: true }, { text: 'a' }]) +
      chunk([{ text: 'b' }]) +
      stop;
    expect(partsOf(stream)).toEqual([
      { type: 'reasoning', text: 'hmm', opaque: null },
      { type: 'text', text: 'ab', citations: [] },
    ]);
  });

  it('edge 86: with two finish chunks keeps the text between them; the last finish counts', () => {
    const stream =
      chunk([{ text: 'a' }], { finishReason: 'STOP' }) +
      chunk([{ text: 'b' }]) +
      chunk([{ text: 'c' }], { finishReason: 'MAX_TOKENS' });
    const { deltas, finish } = toChat(stream);
    expect(deltas.map((delta) => delta['content'] ?? '').join('')).toBe('abc');
    expect(finish).toBe('length');
  });

  const token = (data: string): object => ({
    origin: 'gemini-generate',
    kind: 'signature',
    data,
    family: 'gemini',
  });

  it('edge 87: has the signature with the call it came with, also for chat clients', () => {
    const signed = call('f', {}, { thoughtSignature: 's1' });
    const stream = chunk([signed, call('g', {})]) + stop;
    expect(partsOf(stream)[0]).toMatchObject({ opaque: token('s1') });
    expect(partsOf(stream)[1]).not.toHaveProperty('opaque');
    const starts = toChat(stream)
      .deltas.flatMap((delta) => (delta['tool_calls'] ?? []) as Json[])
      .filter((item) => 'id' in item);
    expect(starts.map((item) => item['extra_content'])).toEqual([
      { google: { thought_signature: 's1' } },
      undefined,
    ]);
    const whole = protocols['openai-chat'].encodeResponse(collectStream(decode(stream)), context);
    expect(JSON.parse(whole)).toMatchObject({
      choices: [
        {
          message: { tool_calls: [{ extra_content: { google: { thought_signature: 's1' } } }, {}] },
        },
      ],
    });
  });

  it('edge 88: carries the signature of an empty text, as a part of its own', () => {
    const stream = chunk([{ text: 'a' }]) + chunk([{ text: '', thoughtSignature: 's2' }]) + stop;
    expect(partsOf(stream)).toEqual([
      { type: 'text', text: 'a', citations: [] },
      { type: 'text', text: '', citations: [], opaque: token('s2') },
    ]);
    const { deltas } = toChat(stream);
    expect(deltas.flatMap((delta) => delta['reasoning_details'] ?? [])).toMatchObject([
      { type: 'reasoning.encrypted', format: 'google-gemini-v1' },
    ]);
  });

  it('edge 89: whose prompt was blocked is a refusal, not an error', () => {
    const blocked = { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, usageMetadata };
    const { deltas, finish } = toChat(frame(blocked));
    expect(finish).toBe('content_filter');
    expect(deltas.map((delta) => delta['refusal']).join('')).toContain('PROHIBITED_CONTENT');
    const end = toAnthropic(frame(blocked)).find(({ type }) => type === 'message_delta');
    expect(end).toMatchObject({ delta: { stop_reason: 'refusal' } });
    const answer = gemini.decodeResponse(JSON.stringify(blocked));
    const chat = protocols['openai-chat'].encodeResponse(answer, context);
    expect(JSON.parse(chat)).toMatchObject({
      choices: [{ finish_reason: 'content_filter', message: { content: null } }],
    });
  });

  it.each(['SAFETY', 'RECITATION', 'SPII', 'IMAGE_OTHER', 'LANGUAGE'])(
    'that ends in %s is a refusal',
    (finishReason) => {
      expect(toChat(chunk([{ text: 'a' }], { finishReason })).finish).toBe('content_filter');
    },
  );

  it.each([
    ['STOP', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['CONTINUATION', 'length'],
    ['OTHER', 'stop'],
    ['NEVER_HEARD_OF', 'stop'],
    [2, 'length'],
  ])('that ends in %s ends in %s', (finishReason, word) => {
    expect(toChat(chunk([{ text: 'a' }], { finishReason })).finish).toBe(word);
  });

  it.each(['MALFORMED_FUNCTION_CALL', 'MALFORMED_RESPONSE', 'TOO_MANY_TOOL_CALLS'])(
    'edge 90: that ends in %s is an upstream error, which may be tried again',
    (finishReason) => {
      const stream = chunk([], { finishReason });
      const error = errorOf(stream);
      expect(error).toMatchObject({ code: 'upstream_invalid_response', status: 502 });
      expect(error.row).toMatchObject({ isRetryable: true, mayFailOver: true });
      const whole = JSON.stringify(value([], { finishReason }));
      expect(() => gemini.decodeResponse(whole)).toThrow(GatewayError);
      const tap = gemini.createStreamTap(false);
      tap.push(stream);
      tap.end();
      expect(tap.facts).toMatchObject({ isComplete: false, error: { code: error.code } });
    },
  );

  it('with a call it did not expect leaves the call to the caller', () => {
    const stream = chunk([call('f', {})], { finishReason: 'UNEXPECTED_TOOL_CALL' });
    expect(toChat(stream).finish).toBe('tool_calls');
  });

  it('edges 78 and 79: that breaks off, or reports an error, never ends normally', () => {
    expect(errorOf(chunk([{ text: 'a' }])).code).toBe('upstream_stream_interrupted');
    expect(errorOf(`${chunk([{ text: 'a' }])}data: {"candidates":[{"con`).code).toBe(
      'upstream_invalid_response',
    );
    const error = { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' };
    for (const broken of [{ error }, [{ error }]]) {
      const stream = chunk([{ text: 'a' }]) + frame(broken);
      expect(errorOf(stream)).toMatchObject({ code: 'upstream_overloaded' });
      expect(relay(stream, 'openai-chat')).not.toContain('[DONE]');
      const tap = gemini.createStreamTap(false);
      tap.push(stream);
      tap.end();
      expect(tap.facts).toMatchObject({
        isComplete: false,
        error: { code: 'upstream_overloaded' },
      });
    }
  });

  it('has pages it rests on as citations of the text', () => {
    const groundingMetadata = {
      groundingChunks: [
        { web: { uri: 'https://a.example', title: 'A' } },
        { web: { uri: 'https://a.example', title: 'A' } },
      ],
    };
    const stream = chunk([{ text: 'a' }]) + chunk([], { finishReason: 'STOP', groundingMetadata });
    expect(partsOf(stream)).toEqual([
      {
        type: 'text',
        text: 'a',
        citations: [{ url: 'https://a.example', title: 'A', citedText: null }],
      },
    ]);
  });

  it('has code and its result as parts of Gemini’s own', () => {
    const stream = chunk([{ executableCode: { code: '1' } }, { text: 'a' }]) + stop;
    expect(partsOf(stream)).toMatchObject([
      { type: 'native', kind: 'executableCode' },
      { type: 'text', text: 'a' },
    ]);
  });

  it('counts hosted tools’ input to the prompt and thoughts to the output', () => {
    const counted = {
      promptTokenCount: 100,
      cachedContentTokenCount: 40,
      toolUsePromptTokenCount: 20,
      candidatesTokenCount: 30,
      thoughtsTokenCount: 7,
      totalTokenCount: 157,
    };
    const stream = chunk([{ text: 'a' }], { finishReason: 'STOP' }, { usageMetadata: counted });
    expect(toChat(stream).usage).toMatchObject({
      prompt_tokens: 120,
      completion_tokens: 37,
      total_tokens: 157,
      prompt_tokens_details: { cached_tokens: 40 },
      completion_tokens_details: { reasoning_tokens: 7 },
    });
    const end = toAnthropic(stream).find(({ type }) => type === 'message_delta');
    expect(end?.['usage']).toMatchObject({
      input_tokens: 80,
      cache_read_input_tokens: 40,
      output_tokens: 37,
    });
  });

  it('counts what it has counted, where a later chunk counts less', () => {
    const less = { promptTokenCount: 3, totalTokenCount: 3 };
    const stream = chunk([{ text: 'a' }]) + chunk([], {}, { usageMetadata: less }) + stop;
    expect(collectStream(decode(stream)).usage).toMatchObject({ inputTokens: 3, outputTokens: 2 });
  });
});

describe('a stream for Gemini clients', () => {
  const encode = (events: readonly CanonicalEvent[]): string => {
    const encoder = gemini.createStreamEncoder(context);
    return events.map((event) => encoder.push(event)).join('');
  };
  const chunksOf = (stream: string): Json[] =>
    readFrames(stream).map(({ data }) => JSON.parse(data) as Json);
  const start = { type: 'response-start', id: 'up', model: 'm', createdAtSeconds: 1 } as const;
  const part = (type: 'text' | 'reasoning', text: string): CanonicalEvent[] => [
    { type: 'part-start', part: { type } },
    { type: 'part-delta', text },
    { type: 'part-end', opaque: null, citations: [] },
  ];
  const calls = (...texts: string[]): CanonicalEvent[] => [
    { type: 'part-start', part: { type: 'tool-call', id: 'functions.f:0', name: 'f' } },
    ...texts.map((text): CanonicalEvent => ({ type: 'part-delta', text })),
    { type: 'part-end', opaque: null, citations: [] },
  ];
  const end = (
    finishReason: 'stop' | 'tool-calls' | 'length' | 'content-filter',
  ): CanonicalEvent => ({
    type: 'response-end',
    finishReason,
    finishDetail: finishReason === 'content-filter' ? 'No.' : null,
  });

  it('has deltas as parts, and finish and usage in the last chunk alone', () => {
    const stream = encode([start, ...part('reasoning', 'hm'), ...part('text', 'a'), end('stop')]);
    expect(checkStream('gemini-generate', stream, rules)).toEqual([]);
    const chunks = chunksOf(stream);
    expect(chunks.slice(0, 2)).toEqual([
      {
        candidates: [
          { content: { parts: [{ text: 'hm', thought: true }], role: 'model' }, index: 0 },
        ],
        modelVersion: 'm',
        responseId: 'up',
      },
      {
        candidates: [{ content: { parts: [{ text: 'a' }], role: 'model' }, index: 0 }],
        modelVersion: 'm',
        responseId: 'up',
      },
    ]);
    expect(chunks[2]).toMatchObject({
      candidates: [{ finishReason: 'STOP' }],
      usageMetadata: { promptTokenCount: 0, candidatesTokenCount: 1, totalTokenCount: 1 },
    });
  });

  it('has calls whole, once their arguments are, and ends in STOP', () => {
    const stream = encode([start, ...calls('{"n":1234567890', '1234567890}'), end('tool-calls')]);
    expect(checkStream('gemini-generate', stream, rules)).toEqual([]);
    expect(stream).toContain('"args":{"n":12345678901234567890}');
    expect(chunksOf(stream)).toHaveLength(2);
    expect(chunksOf(stream)[1]).toMatchObject({ candidates: [{ finishReason: 'STOP' }] });
  });

  it('has each event on one line, however the model laid out its arguments', () => {
    const stream = encode([start, ...calls('{\n  "a":\r\n "b\\n"\n}'), end('tool-calls')]);
    expect(checkStream('gemini-generate', stream, rules)).toEqual([]);
    expect(stream).toContain(String.raw`"args":{   "a":  "b\n" }`);
  });

  it('edge 75: has an empty object for a call without arguments', () => {
    expect(encode([start, ...calls(), end('tool-calls')])).toContain('"args":{}');
  });

  it('edge 19: leaves out a call that was cut off, and is an error where it was not', () => {
    const cut = encode([start, ...calls('{"a":'), end('length')]);
    expect(checkStream('gemini-generate', cut, rules)).toEqual([]);
    expect(cut).not.toContain('functionCall');
    expect(cut).toContain('MAX_TOKENS');
    const broken = encode([start, ...calls('{"a":'), end('tool-calls')]);
    expect(checkStream('gemini-generate', broken, rules)).toEqual([]);
    expect(chunksOf(broken).at(-1)).toMatchObject({ error: { code: 502, status: 'INTERNAL' } });
  });

  it('tells a refusal as SAFETY, with its words', () => {
    expect(chunksOf(encode([start, end('content-filter')])).at(-1)).toMatchObject({
      candidates: [{ finishReason: 'SAFETY', finishMessage: 'No.' }],
    });
  });

  it('G5: has Gemini’s own signatures on the parts they came with', () => {
    const source =
      chunk([
        { text: 'hm', thought: true },
        { text: '', thought: true, thoughtSignature: 'a' },
      ]) +
      chunk([{ text: 'b' }, { text: '', thoughtSignature: 'c' }]) +
      chunk([call('f', {}, { thoughtSignature: 'd' }), call('g', {})]) +
      stop;
    const again = relay(source, 'gemini-generate');
    expect(checkStream('gemini-generate', again, rules)).toEqual([]);
    const withoutIds = (parts: CanonicalResponse['parts']): unknown[] =>
      parts.map((item) => (item.type === 'tool-call' ? { ...item, id: null } : item));
    const response = collectStream(decode(source));
    expect(withoutIds(partsOf(again))).toEqual(response.parts);
    const whole = gemini.decodeResponse(gemini.encodeResponse(response, context));
    expect(withoutIds(whole.parts)).toEqual(response.parts);
  });

  it('can be an array, for clients that do not ask for events', () => {
    const sse = encode([start, ...part('text', 'ä'), end('stop')]);
    for (let size = 1; size < 40; size += 7) {
      const framing = createArrayFraming();
      let text = framing.push(gemini.heartbeat('loading'));
      expect(text).toMatch(/^\s+$/);
      for (let at = 0; at < sse.length; at += size) text += framing.push(sse.slice(at, at + size));
      expect(JSON.parse(text + framing.end())).toEqual(chunksOf(sse));
    }
    expect(createArrayFraming().end()).toBe('[]');
  });

  it('keeps alive with an empty frame, which no client takes for data', () => {
    expect(gemini.heartbeat('loading')).toMatch(/^\s+$/);
  });
});
