import { describe, expect, it } from 'vitest';
import { checkStream } from '../../../test/support/stream-grammar.js';
import {
  chatStream,
  delta,
  eventsOf,
  messagesStream,
  refusalOf,
  replyContext,
  translateStream,
  type Json,
} from '../../../test/support/translate.js';
import { collectStream, createSseReader, protocols, type ReplyContext } from './index.js';

const chat = protocols['openai-chat'];
const anthropic = protocols['anthropic-messages'];

/** A chat upstream's stream as the events of a Messages client; the stream keeps every rule. */
function toMessages(...chunks: (Json | string)[]): Json[] {
  const text = translateStream('openai-chat', 'anthropic-messages', chatStream(...chunks));
  expect(checkStream('anthropic-messages', text, { includesUsage: true })).toEqual([]);
  return eventsOf(text);
}

const wholeMessage: Json = { type: 'message_start', message: { id: 'msg_1', model: 'claude' } };
const ends = (stopReason: string, rest: object = {}): Json[] => [
  {
    type: 'message_delta',
    delta: { stop_reason: stopReason, ...rest },
    usage: { output_tokens: 2 },
  },
  { type: 'message_stop' },
];
const block = (index: number, start: Json, ...deltas: Json[]): Json[] => [
  { type: 'content_block_start', index, content_block: start },
  ...deltas.map((each) => ({ type: 'content_block_delta', index, delta: each })),
  { type: 'content_block_stop', index },
];
const textBlock = (index: number, text: string): Json[] =>
  block(index, { type: 'text', text: '' }, { type: 'text_delta', text });

/** A Messages upstream's stream as the chunks of a chat client; the stream keeps every rule. */
function toChunks(context: Partial<ReplyContext>, ...events: Json[]): Json[] {
  const text = translateStream(
    'anthropic-messages',
    'openai-chat',
    messagesStream(wholeMessage, ...events),
    context,
  );
  expect(
    checkStream('openai-chat', text, { includesUsage: context.includeUsage ?? false }),
  ).toEqual([]);
  return eventsOf(text);
}

const blocksOf = (events: readonly Json[]): Json[] =>
  events.flatMap(({ content_block: block }) => (block === undefined ? [] : [block as Json]));
const stopOf = (events: readonly Json[]): Json =>
  events.find(({ type }) => type === 'message_delta')?.['delta'] as Json;
const inputOf = (events: readonly Json[]): string =>
  events.map((event) => (event['delta'] as Json | undefined)?.['partial_json'] ?? '').join('');
const choiceOf = (chunk: Json): Json => (chunk['choices'] as Json[])[0] ?? {};
const contentOf = (chunks: readonly Json[]): string =>
  chunks.map((chunk) => (choiceOf(chunk)['delta'] as Json | undefined)?.['content'] ?? '').join('');
const finishOf = (chunks: readonly Json[]): unknown =>
  chunks.map((chunk) => choiceOf(chunk)['finish_reason']).find((word) => typeof word === 'string');
const call = (index: number, rest: Json, args: string): Json => ({
  index,
  ...rest,
  function: { ...(rest['function'] as Json | undefined), arguments: args },
});
const named = (id: string, name: string): Json => ({ id, type: 'function', function: { name } });

describe('a chat stream for a Messages client', () => {
  it('edge 19: a call that the limit cut off is not handed out as a finished one', () => {
    const answer = (finish: string): string =>
      JSON.stringify({
        choices: [
          {
            message: {
              content: null,
              tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{"x":1' } }],
            },
            finish_reason: finish,
          },
        ],
      });
    const cut = JSON.parse(
      anthropic.encodeResponse(chat.decodeResponse(answer('length')), replyContext),
    ) as Json;
    expect(cut).toMatchObject({
      stop_reason: 'max_tokens',
      content: [{ input: { INVALID_JSON: '{"x":1' } }],
    });
    expect(
      refusalOf(() =>
        anthropic.encodeResponse(chat.decodeResponse(answer('tool_calls')), replyContext),
      ).code,
    ).toBe('upstream_invalid_response');
  });

  it('edge 63: a chunk that opens a call and carries arguments gives both', () => {
    const events = toMessages(
      delta({ tool_calls: [call(0, named('a', 'f'), '{"x":1}')] }),
      delta({}, 'tool_calls'),
    );
    expect(blocksOf(events)).toMatchObject([{ type: 'tool_use', id: 'a', name: 'f', input: {} }]);
    expect(inputOf(events)).toBe('{"x":1}');
  });

  it('edge 64: reasoning first is a thinking block, never a delta of a text block', () => {
    const events = toMessages(
      delta({ role: 'assistant', content: '' }),
      delta({ reasoning_content: 'hm' }),
      delta({ content: 'yes' }, 'stop'),
    );
    expect(blocksOf(events).map(({ type }) => type)).toEqual(['thinking', 'text']);
  });

  it('edge 65: there is one message_start', () => {
    const events = toMessages(delta({ role: 'assistant' }), delta({ role: 'assistant' }, 'stop'));
    expect(events.filter(({ type }) => type === 'message_start')).toHaveLength(1);
  });

  it('edge 66: text and a call end in tool_use', () => {
    const events = toMessages(
      delta({ content: 'let me see' }),
      delta({ tool_calls: [call(0, named('a', 'f'), '{}')] }),
      delta({}, 'stop'),
    );
    expect(stopOf(events)['stop_reason']).toBe('tool_use');
  });

  it('edge 67: interleaved parallel calls become blocks one behind the other', () => {
    const events = toMessages(
      delta({ tool_calls: [call(0, named('a', 'f'), '{"x"')] }),
      delta({ tool_calls: [call(1, named('b', 'g'), '{"y"')] }),
      delta({ tool_calls: [call(0, {}, ':1}')] }),
      delta({ tool_calls: [call(1, {}, ':2}')] }),
      delta({}, 'tool_calls'),
    );
    expect(blocksOf(events).map(({ name }) => name)).toEqual(['f', 'g']);
    expect(inputOf(events)).toBe('{"x":1}{"y":2}');
  });

  it('edge 68: text in the chunk that finishes is kept', () => {
    const events = toMessages(delta({ content: 'all' }, 'stop'));
    expect(events.some((event) => (event['delta'] as Json | undefined)?.['text'] === 'all')).toBe(
      true,
    );
  });

  it('edge 69: reasoning, text and a call in one chunk come in that order', () => {
    const events = toMessages(
      delta({ reasoning: 'r', content: 'c', tool_calls: [call(0, named('a', 'f'), '{}')] }),
      delta({}, 'tool_calls'),
    );
    expect(blocksOf(events).map(({ type }) => type)).toEqual(['thinking', 'text', 'tool_use']);
  });

  it('edge 70: two finishes are one end, and usage behind them counts', () => {
    const usage = { prompt_tokens: 4, completion_tokens: 3, total_tokens: 7 };
    const events = toMessages(delta({ content: 'x' }, 'stop'), delta({ content: '' }, 'stop'), {
      choices: [],
      usage,
    });
    const last = events.filter(({ type }) => type === 'message_delta');
    expect(last).toMatchObject([{ usage: { input_tokens: 4, output_tokens: 3 } }]);
  });

  it('edge 71: chunks without choices are ignored', () => {
    const filter = { choices: [], prompt_filter_results: [{ prompt_index: 0 }] };
    expect(stopOf(toMessages(filter, delta({ content: 'x' }, 'stop')))['stop_reason']).toBe(
      'end_turn',
    );
  });

  it('edge 72: calls that all have index 0 are told apart by their ids', () => {
    const events = toMessages(
      delta({ tool_calls: [call(0, named('a', 'f'), '{"x":1}')] }),
      delta({ tool_calls: [call(0, named('b', 'f'), '{"x":2}')] }),
      delta({}, 'stop'),
    );
    expect(blocksOf(events).map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('edge 73: the same id and name in every delta is one call', () => {
    const events = toMessages(
      delta({ tool_calls: [call(0, named('a', 'f'), '{"x"')] }),
      delta({ tool_calls: [call(0, named('a', 'f'), ':1}')] }),
      delta({}, 'tool_calls'),
    );
    expect(blocksOf(events)).toHaveLength(1);
    expect(inputOf(events)).toBe('{"x":1}');
  });

  it('edge 93: the stop string that the upstream names is told', () => {
    const finish = {
      choices: [{ index: 0, delta: {}, finish_reason: 'stop', stop_reason: '###' }],
    };
    expect(stopOf(toMessages(delta({ content: 'x' }), finish))).toMatchObject({
      stop_reason: 'stop_sequence',
      stop_sequence: '###',
    });
  });

  it('edge 98: written cache tokens are reported at the end', () => {
    const usage = {
      prompt_tokens: 100,
      completion_tokens: 3,
      prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 30 },
    };
    const events = toMessages(delta({ content: 'x' }, 'stop'), { choices: [], usage });
    expect(events.find(({ type }) => type === 'message_delta')?.['usage']).toMatchObject({
      input_tokens: 10,
      cache_read_input_tokens: 60,
      cache_creation_input_tokens: 30,
    });
  });

  it('edge 99: long integers and 1.0 in arguments stay as they are', () => {
    const args = '{"a":12345678901234567890,"b":1.0}';
    expect(
      inputOf(
        toMessages(
          delta({ tool_calls: [call(0, named('a', 'f'), args)] }),
          delta({}, 'tool_calls'),
        ),
      ),
    ).toBe(args);
  });

  it('edge 100: lone surrogates and line separators make valid events', () => {
    const text = 'a\u2028b';
    const events = toMessages(
      `data: {"choices":[{"index":0,"delta":{"content":"a\\u2028b\\ud800"},"finish_reason":"stop"}]}`,
    );
    expect(JSON.stringify(events)).toContain(JSON.stringify(text).slice(1, -1));
  });

  it.each([
    [
      'edge 79: a stream that ends without a finish',
      `data: {"choices":[{"delta":{"content":"x"}}]}\n\n`,
    ],
    ['edge 80: an error in the first event', 'data: {"error":{"message":"busy","code":503}}\n\n'],
  ])('%s is an error to the client', (_, stream) => {
    const events = eventsOf(translateStream('openai-chat', 'anthropic-messages', stream));
    expect(events.at(-1)).toMatchObject({ type: 'error' });
    expect(stopOf(events)).toBeUndefined();
  });

  it('edge 101: the model named is the same at the start of a stream and in a whole answer', () => {
    const [start] = toMessages(delta({ content: 'x' }, 'stop'));
    const whole = JSON.parse(
      anthropic.encodeResponse(
        chat.decodeResponse('{"model":"m","choices":[{"message":{"content":"x"}}]}'),
        replyContext,
      ),
    ) as Json;
    expect(start?.['message']).toMatchObject({ model: whole['model'] });
  });

  it('edge 105: a stream that is collected is the whole answer it stands for', () => {
    const decoder = chat.createStreamDecoder();
    const reader = createSseReader();
    const stream = chatStream(
      delta({ role: 'assistant', content: 'see' }),
      delta({ tool_calls: [call(0, named('a', 'f'), '{"x":1}')] }),
      delta({}, 'tool_calls'),
    );
    const events = reader.push(stream).flatMap((event) => decoder.push(event));
    const whole = chat.decodeResponse(
      JSON.stringify({
        id: 'c',
        created: 1,
        model: 'm',
        choices: [
          {
            message: {
              content: 'see',
              tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{"x":1}' } }],
            },
            finish_reason: 'tool_calls',
          },
        ],
      }),
    );
    expect(collectStream(events)).toEqual(whole);
  });

  it('edge 82: an event of a megabyte in small pieces comes through whole', () => {
    const text = 'ä'.repeat(200_000);
    expect(JSON.stringify(toMessages(delta({ content: text }, 'stop')))).toContain(text);
  });
});

describe('a Messages stream for a chat client', () => {
  it('edge 74: calls are numbered from 0 although text came first', () => {
    const chunks = toChunks(
      {},
      ...textBlock(0, 'x'),
      ...block(1, { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} }),
      ...ends('tool_use'),
    );
    const calls = chunks.flatMap(
      (chunk) => ((choiceOf(chunk)['delta'] as Json | undefined)?.['tool_calls'] as Json[]) ?? [],
    );
    expect(new Set(calls.map(({ index }) => index))).toEqual(new Set([0]));
  });

  it('edge 75: a tool without input is called with {}', () => {
    const chunks = toChunks(
      {},
      ...block(0, { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} }),
      ...ends('tool_use'),
    );
    expect(JSON.stringify(chunks)).toContain('"arguments":"{}"');
  });

  it('edge 76: a hosted search is no call of the client, its citations are annotations', () => {
    const cited = { type: 'citations_delta', citation: { url: 'https://e.example/', title: 'E' } };
    const chunks = toChunks(
      {},
      ...block(0, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }),
      ...block(1, { type: 'web_search_tool_result', tool_use_id: 's', content: [] }),
      ...block(2, { type: 'text', text: '' }, { type: 'text_delta', text: 'found' }, cited),
      ...ends('end_turn'),
    );
    expect(JSON.stringify(chunks)).not.toContain('tool_calls');
    expect(JSON.stringify(chunks)).toContain('"url":"https://e.example/"');
  });

  it('edge 77: text split by citations is one text', () => {
    const blocks = Array.from({ length: 20 }, (_, index) => textBlock(index, `${index},`)).flat();
    expect(contentOf(toChunks({}, ...blocks, ...ends('end_turn')))).toBe(
      Array.from({ length: 20 }, (_, index) => `${index},`).join(''),
    );
  });

  it('edge 78: an error behind text is an error frame without [DONE]', () => {
    const text = translateStream(
      'anthropic-messages',
      'openai-chat',
      messagesStream(wholeMessage, ...textBlock(0, 'x'), {
        type: 'error',
        error: { type: 'overloaded_error', message: 'Overloaded' },
      }),
    );
    expect(text).not.toContain('[DONE]');
    expect(text).not.toContain('"finish_reason":"');
    expect(eventsOf(text).at(-1)).toMatchObject({ error: { code: 'upstream_overloaded' } });
  });

  it.each([
    ['edge 91: refusal', 'refusal', 'content_filter'],
    ['edge 92: model_context_window_exceeded', 'model_context_window_exceeded', 'length'],
    ['edge 93: stop_sequence', 'stop_sequence', 'stop'],
    ['section 1.8: pause_turn', 'pause_turn', 'stop'],
    ['section 1.8: compaction', 'compaction', 'stop'],
  ])('%s ends in the chat word for it', (_, reason, word) => {
    const chunks = toChunks({}, ...textBlock(0, 'x'), ...ends(reason));
    expect(finishOf(chunks)).toBe(word);
    if (word === 'content_filter') expect(JSON.stringify(chunks)).toContain('"refusal":"');
  });

  it('edge 94: an answer without content is an empty string', () => {
    const answer = anthropic.decodeResponse('{"content":[],"stop_reason":"stop_sequence"}');
    const whole = JSON.parse(chat.encodeResponse(answer, replyContext)) as Json;
    expect((choiceOf(whole)['message'] as Json)['content']).toBe('');
  });

  it('edge 95: an empty content beside calls is no text block', () => {
    const message = {
      content: '',
      tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{}' } }],
    };
    const answer = chat.decodeResponse(
      JSON.stringify({ choices: [{ message, finish_reason: 'tool_calls' }] }),
    );
    const whole = JSON.parse(anthropic.encodeResponse(answer, replyContext)) as Json;
    expect((whole['content'] as Json[]).map(({ type }) => type)).toEqual(['tool_use']);
  });

  it('edge 96: usage is shown to those alone who asked', () => {
    const events = [...textBlock(0, 'x'), ...ends('end_turn')];
    const empty = (chunks: Json[]): Json[] =>
      chunks.filter(({ choices }) => (choices as Json[]).length === 0);
    expect(empty(toChunks({ includeUsage: false }, ...events))).toEqual([]);
    expect(empty(toChunks({ includeUsage: true }, ...events))).toHaveLength(1);
  });

  it('edge 97: prompt_tokens hold what was read from and written to the cache', () => {
    const usage = {
      input_tokens: 10,
      cache_read_input_tokens: 200,
      cache_creation_input_tokens: 30,
      output_tokens: 5,
    };
    const answer = anthropic.decodeResponse(
      JSON.stringify({ content: [], stop_reason: 'end_turn', usage }),
    );
    expect(JSON.parse(chat.encodeResponse(answer, replyContext))).toMatchObject({
      usage: {
        prompt_tokens: 240,
        completion_tokens: 5,
        total_tokens: 245,
        prompt_tokens_details: { cached_tokens: 200, cache_write_tokens: 30 },
      },
    });
  });
});

describe('usage', () => {
  const ofMessages = (usage: Json): object =>
    anthropic.readAnswer(JSON.stringify({ content: [], stop_reason: 'end_turn', usage })).usage;
  const ofChat = (usage: Json): object =>
    chat.readAnswer(JSON.stringify({ choices: [{ message: {}, finish_reason: 'stop' }], usage }))
      .usage;

  it('trap 6: compaction and advice are counted with their caches', () => {
    const compaction = {
      type: 'compaction',
      input_tokens: 100,
      cache_read_input_tokens: 55_096,
      cache_creation_input_tokens: 0,
      output_tokens: 900,
    };
    const message = { type: 'message', input_tokens: 220, output_tokens: 12 };
    const advice = { type: 'advisor_message', model: 'other', input_tokens: 50, output_tokens: 5 };
    expect(
      ofMessages({
        input_tokens: 220,
        cache_read_input_tokens: 0,
        output_tokens: 12,
        iterations: [compaction, message, advice],
      }),
    ).toMatchObject({
      inputTokens: 220 + 55_196 + 50,
      cacheReadTokens: 55_096,
      outputTokens: 917,
    });
  });

  it('trap 5: the counters of a stream replace one another, also with compaction', () => {
    const tap = anthropic.createStreamTap(false);
    const iterations = [{ type: 'compaction', input_tokens: 1_000, output_tokens: 10 }];
    tap.push(
      messagesStream(
        { type: 'message_start', message: { usage: { input_tokens: 20, output_tokens: 1 } } },
        {
          type: 'message_delta',
          delta: { stop_reason: 'end_turn' },
          usage: { output_tokens: 7, iterations },
        },
      ),
    );
    expect(tap.facts.usage).toMatchObject({ inputTokens: 1_020, outputTokens: 17 });
  });

  it.each<[string, Json, object]>([
    [
      'trap 3: more cached than prompt tokens',
      { prompt_tokens: 10, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 99 } },
      { inputTokens: 10, cacheReadTokens: 10 },
    ],
    [
      'trap 4: more reasoning than output',
      {
        prompt_tokens: 1,
        completion_tokens: 5,
        completion_tokens_details: { reasoning_tokens: 9 },
      },
      { outputTokens: 5, reasoningTokens: 5 },
    ],
    [
      'trap 4: a total that is no sum',
      { prompt_tokens: 1, completion_tokens: 5, total_tokens: 99 },
      { inputTokens: 1, outputTokens: 5 },
    ],
  ])('%s is cut to fit and flagged', (_, usage, expected) => {
    expect(ofChat(usage)).toMatchObject({ ...expected, isInconsistent: true });
  });

  it('trap 1: more read from the cache than fresh is nothing odd at Anthropic', () => {
    const usage = ofMessages({ input_tokens: 5, cache_read_input_tokens: 900, output_tokens: 1 });
    expect(usage).toMatchObject({ inputTokens: 905, cacheReadTokens: 900 });
    expect(usage).not.toHaveProperty('isInconsistent');
  });

  it('unknown counts stay unknown', () => {
    expect(ofChat({})).toMatchObject({ inputTokens: null, outputTokens: null });
  });
});
