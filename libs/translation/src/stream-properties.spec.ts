import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkStream } from '../../../test/support/stream-grammar.js';
import type { CanonicalEvent, CanonicalResponse, Protocol, ReplyContext } from './index.js';
import { collectStream, createSseReader, GatewayError, protocols } from './index.js';

const context: ReplyContext = {
  requestId: 'req_1',
  model: 'served-model',
  createdAtSeconds: 1_700_000_000,
  includeUsage: true,
};
const all = Object.values(protocols);

/** Cuts a text into pieces at arbitrary places. */
function cut(text: string, places: readonly number[]): string[] {
  const marks = [...new Set(places.map((place) => place % (text.length + 1)))].sort(
    (a, b) => a - b,
  );
  return [0, ...marks].map((start, index) => text.slice(start, marks[index] ?? text.length));
}

function decode(protocol: Protocol, pieces: readonly string[]): CanonicalEvent[] {
  const reader = createSseReader();
  const decoder = protocol.createStreamDecoder();
  const records = [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
  return [...records.flatMap((record) => decoder.push(record)), ...decoder.end()];
}

function encode(protocol: Protocol, events: readonly CanonicalEvent[]): string {
  const encoder = protocol.createStreamEncoder(context);
  return events.map((event) => encoder.push(event)).join('');
}

function brokenRules(protocol: Protocol, stream: string, hasValidArguments: boolean): string[] {
  return checkStream(protocol.id, stream, { includesUsage: true, hasValidArguments });
}

const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
const places = fc.array(fc.nat(), { maxLength: 12 });
const word = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.constantFrom('', '{', '}', '"', '\\', '{"a":1}', 'null', '\ud800', '\u2028'),
);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });

const toolDelta = fc.record({
  index: maybe(fc.constantFrom(0, 0, 1, 2)),
  id: maybe(fc.constantFrom('a', 'b', 'functions.x:0', '')),
  function: maybe(
    fc.record({ name: maybe(fc.constantFrom('f', 'g', '')), arguments: maybe(word) }),
  ),
});

const hostileChatChunk = fc.record({
  id: maybe(fc.constant('chatcmpl-1')),
  model: maybe(fc.constant('m')),
  choices: maybe(
    fc.array(
      fc.record({
        index: maybe(fc.constantFrom(0, 0, 0, 1)),
        delta: maybe(
          fc.record({
            role: maybe(fc.constant('assistant')),
            content: maybe(fc.oneof(word, fc.constant(null))),
            reasoning_content: maybe(word),
            reasoning: maybe(word),
            refusal: maybe(fc.constantFrom(null, 'no')),
            tool_calls: maybe(fc.array(toolDelta, { maxLength: 3 })),
          }),
        ),
        finish_reason: maybe(
          fc.constantFrom(
            null,
            null,
            null,
            null,
            'stop',
            'length',
            'tool_calls',
            'content_filter',
            'odd',
          ),
        ),
      }),
      { maxLength: 2 },
    ),
  ),
  usage: maybe(
    fc.constantFrom(null, { prompt_tokens: 5, completion_tokens: 2 }, { prompt_tokens: -1 }),
  ),
  error: fc.constant(null),
});

const hostileBlock = fc.constantFrom<object>(
  { type: 'text', text: '' },
  { type: 'text', text: 'early' },
  { type: 'thinking', thinking: '', signature: '' },
  { type: 'redacted_thinking', data: 'xx' },
  { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} },
  { type: 'tool_use', id: 'toolu_1', name: 'g', input: { a: 1 } },
  { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
);

const hostileAnthropicEvent = fc.oneof(
  fc.constantFrom<object>(
    { type: 'ping' },
    {
      type: 'message_start',
      message: { id: 'msg_1', model: 'm', usage: { input_tokens: 3, output_tokens: 1 } },
    },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 4 } },
    { type: 'message_delta', delta: { stop_reason: 'max_tokens' } },
    { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: {} },
    { type: 'message_stop' },
    { type: 'unheard_of' },
  ),
  fc.record({
    type: fc.constant('content_block_start'),
    index: fc.nat(2),
    content_block: hostileBlock,
  }),
  fc.record({ type: fc.constant('content_block_stop'), index: fc.nat(2) }),
  fc.record({
    type: fc.constant('content_block_delta'),
    index: fc.nat(2),
    delta: fc.oneof(
      fc.record({ type: fc.constant('text_delta'), text: word }),
      fc.record({ type: fc.constant('thinking_delta'), thinking: word }),
      fc.record({ type: fc.constant('signature_delta'), signature: word }),
      fc.record({ type: fc.constant('input_json_delta'), partial_json: word }),
    ),
  }),
);

const hostileGeminiPart = fc.oneof(
  fc.record({
    text: maybe(word),
    thought: maybe(fc.constantFrom(true, false)),
    thoughtSignature: maybe(fc.constantFrom('c2ln', '', 'skip_thought_signature_validator')),
  }),
  fc.record({
    functionCall: fc.record({
      id: maybe(fc.constantFrom('a', 'functions.x:0', '')),
      name: maybe(fc.constantFrom('f', 'f', 'g', '')),
      args: maybe(fc.constantFrom<unknown>({}, { n: 1.5 }, null, 'text', [1])),
    }),
    thoughtSignature: maybe(fc.constant('c2ln')),
  }),
  fc.constantFrom<object>({ executableCode: { code: 'x' } }, { codeExecutionResult: {} }, {}),
);

const hostileGeminiChunk = fc.record({
  responseId: maybe(fc.constant('r')),
  modelVersion: maybe(fc.constantFrom('gemini-3', '')),
  candidates: maybe(
    fc.array(
      fc.record({
        index: maybe(fc.constantFrom(0, 0, 1)),
        content: maybe(fc.record({ parts: maybe(fc.array(hostileGeminiPart, { maxLength: 3 })) })),
        finishReason: maybe(
          fc.constantFrom<unknown>(undefined, undefined, 'STOP', 'SAFETY', 'MAX_TOKENS', 2, 'ODD'),
        ),
        groundingMetadata: maybe(
          fc.constant({ groundingChunks: [{ web: { uri: 'https://a.example' } }, null] }),
        ),
      }),
      { maxLength: 2 },
    ),
  ),
  promptFeedback: maybe(fc.constantFrom({}, {}, { blockReason: 'SAFETY' })),
  usageMetadata: maybe(
    fc.record({
      promptTokenCount: maybe(fc.integer({ min: -1, max: 9 })),
      candidatesTokenCount: maybe(fc.nat(9)),
      thoughtsTokenCount: maybe(fc.nat(9)),
      toolUsePromptTokenCount: maybe(fc.nat(9)),
      cachedContentTokenCount: maybe(fc.nat(12)),
    }),
  ),
});

const hostileItem = fc.constantFrom<object>(
  { type: 'message', id: 'msg_1', content: [] },
  { type: 'message', id: 'msg_1', content: [{ type: 'output_text', text: 'whole' }] },
  { type: 'message', content: [{ type: 'refusal', refusal: 'no' }, null, { type: 'odd' }] },
  { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'xx' },
  { type: 'reasoning', id: 'rs_1', summary: [{ text: 'hm' }], content: [{ text: 'hmm' }] },
  { type: 'function_call', id: 'fc_1', call_id: 'c', name: 'f', arguments: '' },
  { type: 'function_call', id: 'fc_1', call_id: 'c', name: 'f', arguments: '{"a":1}' },
  { type: 'custom_tool_call', id: 'ctc_1', call_id: 'c', name: 'p', input: 'text' },
  { type: 'web_search_call', id: 'ws_1' },
);

const hostileResponse = fc.record({
  id: maybe(fc.constant('resp_1')),
  model: maybe(fc.constant('m')),
  status: maybe(fc.constantFrom('completed', 'incomplete', 'in_progress', 'odd')),
  output: maybe(fc.array(hostileItem, { maxLength: 3 })),
  usage: maybe(fc.constantFrom(null, { input_tokens: 5, output_tokens: 2 }, { input_tokens: -1 })),
  error: fc.constant(null),
});

const hostileResponsesEvent = fc.oneof(
  fc.record({
    type: fc.constantFrom('response.created', 'response.in_progress', 'response.unheard_of'),
    response: maybe(hostileResponse),
  }),
  fc.record({
    type: fc.constantFrom('response.output_item.added', 'response.output_item.done'),
    output_index: maybe(fc.nat(3)),
    item: maybe(hostileItem),
  }),
  fc.record({
    type: fc.constantFrom(
      'response.output_text.delta',
      'response.refusal.delta',
      'response.reasoning_summary_text.delta',
      'response.reasoning_text.delta',
      'response.function_call_arguments.delta',
      'response.custom_tool_call_input.delta',
      'response.output_text.done',
      'response.refusal.done',
      'response.reasoning_summary_text.done',
      'response.function_call_arguments.done',
      'response.content_part.done',
    ),
    output_index: maybe(fc.nat(3)),
    item_id: maybe(fc.constantFrom('msg_1', 'fc_1')),
    content_index: maybe(fc.nat(1)),
    summary_index: maybe(fc.nat(1)),
    delta: maybe(word),
    text: maybe(word),
    refusal: maybe(word),
    arguments: maybe(word),
  }),
);

/** What ends a stream or breaks it; most often it ends well. */
const lastFrames = [
  '',
  'data: [DONE]',
  'data: {"torn":',
  'data: {"error":{"message":"broken"}}',
  'event: error\ndata: {"message":"x"}',
];

/** An event stream of any events at all, with comments and odd lines between them. */
function hostileStream(event: fc.Arbitrary<object>, goodEnd: string): fc.Arbitrary<string> {
  const frame = fc.oneof(
    { weight: 15, arbitrary: event.map((value) => `data: ${JSON.stringify(value)}`) },
    { weight: 1, arbitrary: fc.constantFrom(': comment', 'data:', 'retry: 1', ': a\n: b') },
  );
  const last = fc.oneof(
    { weight: 4, arbitrary: fc.constant(goodEnd) },
    { weight: 1, arbitrary: fc.constantFrom(...lastFrames) },
  );
  return fc
    .tuple(fc.array(frame, { maxLength: 14 }), last, lineEnd)
    .map(([frames, end, newline]) =>
      [...frames, end].map((text) => text.replaceAll('\n', newline) + newline + newline).join(''),
    );
}

describe('any upstream stream, however broken', () => {
  for (const [name, event] of [
    [
      'openai-chat',
      hostileStream(hostileChatChunk, 'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}'),
    ],
    [
      'openai-responses',
      hostileStream(
        hostileResponsesEvent,
        'data: {"type":"response.completed","response":{"status":"completed","output":[]}}',
      ),
    ],
    [
      'anthropic-messages',
      hostileStream(
        hostileAnthropicEvent,
        'data: {"type":"message_delta","delta":{"stop_reason":"end_turn"}}',
      ),
    ],
    [
      'gemini-generate',
      hostileStream(hostileGeminiChunk, 'data: {"candidates":[{"finishReason":"STOP"}]}'),
    ],
  ] as const) {
    const upstream = protocols[name];
    for (const client of all) {
      it(`from ${name} reaches a ${client.id} client as a stream that keeps every rule and has an end`, () => {
        fc.assert(
          fc.property(event, places, (stream, marks) => {
            const output = encode(client, decode(upstream, cut(stream, marks)));
            expect(brokenRules(client, output, false)).toEqual([]);
          }),
          { numRuns: 600 },
        );
      });
    }

    it(`from ${name} gives the same events however it is cut`, () => {
      fc.assert(
        fc.property(event, places, (stream, marks) => {
          expect(decode(upstream, cut(stream, marks))).toEqual(decode(upstream, [stream]));
        }),
      );
    });

    it(`from ${name} has exactly one end, with nothing behind it and one part open at a time`, () => {
      fc.assert(
        fc.property(event, (stream) => {
          const events = decode(upstream, [stream]);
          const ends = events.filter(({ type }) => type === 'response-end' || type === 'error');
          expect(ends).toHaveLength(1);
          expect(events.at(-1)).toBe(ends[0]);
          let isOpen = false;
          for (const { type } of events) {
            if (type === 'part-start' || type === 'part-end') {
              expect(isOpen).toBe(type === 'part-end');
              isOpen = type === 'part-start';
            }
            if (type === 'part-delta') expect(isOpen).toBe(true);
          }
          if (ends[0]?.type === 'response-end') expect(isOpen).toBe(false);
        }),
      );
    });
  }
});

it('an item of Responses that was announced as something else ends as what it turned out to be', () => {
  const { 'openai-responses': responses } = protocols;
  const item = { type: 'custom_tool_call', id: 'ctc_1', call_id: 'c', name: 'p', input: 'text' };
  const stream = [
    { type: 'response.reasoning_summary_text.done', output_index: 0, text: '{' },
    { type: 'response.output_item.added', output_index: 0, item: { type: 'web_search_call' } },
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response: { status: 'completed', output: [] } },
  ].map((event) => `data: ${JSON.stringify(event)}\n\n`);
  const events = decode(responses, stream);
  const parts = events.flatMap((event) => (event.type === 'part-start' ? [event.part.type] : []));
  expect(parts).toEqual(['reasoning', 'tool-call']);
  expect(brokenRules(responses, encode(responses, events), false)).toEqual([]);
});

const json = fc.oneof(
  fc.constant(''),
  fc.json({ maxDepth: 1 }).map((text) => `{"value":${text}}`),
  fc.constant('{"n":12345678901234567890,"f":1.0}'),
);
const part = fc.oneof(
  fc.record({
    type: fc.constant('text' as const),
    text: fc.string({ minLength: 1 }),
    citations: fc.constant([]),
  }),
  fc.record({
    type: fc.constant('reasoning' as const),
    text: fc.string({ minLength: 1 }),
    opaque: fc.constant(null),
  }),
  fc.record({
    type: fc.constant('tool-call' as const),
    id: fc.uuid().map((id) => `call_${id}`),
    name: fc.constantFrom('f', 'g'),
    argumentsText: json,
  }),
);

/** A good answer of any parts, with neighbours of one kind joined, as no protocol keeps them apart. */
const answer = fc
  .tuple(fc.array(part, { maxLength: 6 }), fc.nat(1_000), fc.nat(1_000))
  .map(([parts, inputTokens, outputTokens]): CanonicalResponse => {
    const apart = parts.filter(
      (item, index) => item.type === 'tool-call' || item.type !== parts[index - 1]?.type,
    );
    const hasCall = apart.some(({ type }) => type === 'tool-call');
    return {
      id: 'msg_1',
      model: 'm',
      createdAtSeconds: 7,
      parts: apart,
      finishReason: hasCall ? 'tool-calls' : 'stop',
      finishDetail: null,
      usage: {
        inputTokens,
        outputTokens,
        cacheReadTokens: 0,
        cacheWriteTokens: 0,
        cacheWriteLongTokens: null,
        inputAudioTokens: null,
        reasoningTokens: null,
        outputAudioTokens: null,
        isEstimated: false,
      },
    };
  });

function eventsOf(response: CanonicalResponse, size: number): CanonicalEvent[] {
  const events: CanonicalEvent[] = [
    { type: 'response-start', id: response.id, model: response.model, createdAtSeconds: 7 },
  ];
  for (const item of response.parts) {
    if (item.type === 'native') continue;
    const text = item.type === 'tool-call' ? item.argumentsText : item.text;
    events.push({
      type: 'part-start',
      part:
        item.type === 'tool-call'
          ? { type: 'tool-call', id: item.id, name: item.name }
          : { type: item.type },
    });
    for (let at = 0; at < text.length; at += size)
      events.push({ type: 'part-delta', text: text.slice(at, at + size) });
    events.push({ type: 'part-end', opaque: null, citations: [] });
  }
  events.push({ type: 'usage', usage: response.usage });
  events.push({ type: 'response-end', finishReason: response.finishReason, finishDetail: null });
  return events;
}

const meaning = ({ parts, finishReason, usage }: CanonicalResponse): unknown => ({
  text: parts.map((item) => (item.type === 'text' ? item.text : '')).join(''),
  reasoning: parts.map((item) => (item.type === 'reasoning' ? item.text : '')).join(''),
  calls: parts.flatMap((item) =>
    item.type === 'tool-call' ? [[item.id, item.name, item.argumentsText || '{}']] : [],
  ),
  finishReason,
  usage: [usage.inputTokens, usage.outputTokens],
});

describe('a good answer', () => {
  for (const protocol of all) {
    it(`says the same over ${protocol.id}, streamed in any pieces or whole`, () => {
      fc.assert(
        fc.property(answer, fc.integer({ min: 1, max: 9 }), (response, size) => {
          const stream = encode(protocol, eventsOf(response, size));
          expect(brokenRules(protocol, stream, true)).toEqual([]);
          const streamed = collectStream(decode(protocol, [stream]));
          const whole = protocol.decodeResponse(protocol.encodeResponse(response, context));
          expect(meaning(streamed)).toEqual(meaning(response));
          expect(meaning(whole)).toEqual(meaning(response));
        }),
        { numRuns: 300 },
      );
    });

    it(`over ${protocol.id} is read the same by the tap as by the decoder, however it is cut`, () => {
      fc.assert(
        fc.property(answer, places, (response, marks) => {
          const stream = encode(protocol, eventsOf(response, 5));
          const latin1 = Buffer.from(stream).toString('latin1');
          const tap = protocol.createStreamTap(false);
          const passed =
            cut(latin1, marks)
              .map((piece) => tap.push(piece))
              .join('') + tap.end();
          expect(passed).toBe(latin1);
          expect(tap.sawEvent).toBe(true);
          expect(tap.facts).toMatchObject({
            isComplete: true,
            error: null,
            finishReason: response.finishReason,
          });
          expect(tap.facts.usage.outputTokens).toBe(response.usage.outputTokens);
          expect(tap.facts.usage.inputTokens).toBe(response.usage.inputTokens);
        }),
      );
    });

    it(`over ${protocol.id} that breaks off anywhere is never taken for a whole one`, () => {
      fc.assert(
        fc.property(answer, fc.double({ min: 0, max: 0.999, noNaN: true }), (response, share) => {
          const stream = encode(protocol, eventsOf(response, 3));
          const end =
            /finish_?reason":"|"stop_reason":"|event: response.completed/i.exec(stream)?.index ?? 0;
          const torn = stream.slice(0, Math.floor(end * share));
          expect(() => collectStream(decode(protocol, [torn]))).toThrow(GatewayError);
          const tap = protocol.createStreamTap(true);
          tap.push(torn);
          tap.end();
          expect(tap.facts.isComplete).toBe(false);
        }),
      );
    });
  }
});
