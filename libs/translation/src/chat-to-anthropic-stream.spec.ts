import { describe, expect, it } from 'vitest';
import { checkStream } from '../../../test/support/stream-grammar.js';
import { readFrames } from '../../../test/support/stream-grammar/rule-book.js';
import {
  createSseReader,
  opaqueEnvelopeMark,
  protocols,
  type GatewayError,
  type ReplyContext,
} from './index.js';

const context: ReplyContext = {
  requestId: 'req_1',
  model: 'alias',
  createdAtSeconds: 1,
  includeUsage: false,
  estimatedInputTokens: 33,
};

type Json = Record<string, unknown>;

interface Outcome {
  readonly events: Json[];
  readonly types: unknown[];
  readonly end: Json;
  /** Blocks in order, as a client would put them together. */
  readonly blocks: unknown[];
  /** What the encoder says of an answer that it could not tell. */
  readonly error: GatewayError | null;
}

/** Sends raw stream text of a chat upstream to an Anthropic client; the stream must keep every rule. */
function relay(stream: string): Outcome {
  const reader = createSseReader();
  const decoder = protocols['openai-chat'].createStreamDecoder();
  const encoder = protocols['anthropic-messages'].createStreamEncoder(context);
  const records = [...reader.push(stream), ...reader.end()];
  const canonical = [...records.flatMap((record) => decoder.push(record)), ...decoder.end()];
  const output = canonical.map((event) => encoder.push(event)).join('');
  expect(checkStream('anthropic-messages', output, { includesUsage: true })).toEqual([]);
  const events = readFrames(output).map(({ data }) => JSON.parse(data) as Json);
  return {
    events,
    types: events.map(({ type }) => type),
    end: (events.find(({ type }) => type === 'message_delta') ?? events.at(-1) ?? {}) as Json,
    blocks: joinBlocks(events),
    error: encoder.error ?? null,
  };
}

function joinBlocks(events: readonly Json[]): unknown[] {
  const blocks: Json[] = [];
  for (const event of events) {
    const block = event['content_block'] as Json | undefined;
    const delta = event['delta'] as Record<string, string> | undefined;
    if (block !== undefined) blocks.push({ ...block });
    const last = blocks.at(-1);
    if (event['type'] !== 'content_block_delta' || last === undefined || delta === undefined)
      continue;
    if (delta['type'] === 'text_delta') last['text'] = `${String(last['text'])}${delta['text']}`;
    if (delta['type'] === 'thinking_delta')
      last['thinking'] = `${String(last['thinking'])}${delta['thinking']}`;
    if (delta['type'] === 'signature_delta') last['signature'] = delta['signature'];
    if (delta['type'] === 'input_json_delta')
      last['json'] = `${String(last['json'] ?? '')}${delta['partial_json']}`;
  }
  return blocks.map((block) => {
    if (block['type'] === 'tool_use') return [block['name'], block['id'], block['json']];
    return block['type'] === 'thinking'
      ? ['thinking', block['thinking']]
      : [block['type'], block['text']];
  });
}

const chunk = (delta: object, finish: string | null = null, extra: object = {}): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', model: 'm', choices: [{ index: 0, delta, finish_reason: finish }], ...extra })}\n\n`;
const call = (index: number | undefined, id?: string, name?: string, args?: string): object => ({
  tool_calls: [
    {
      ...(index === undefined ? {} : { index }),
      ...(id === undefined ? {} : { id, type: 'function' }),
      function: { name, arguments: args },
    },
  ],
});
const done = 'data: [DONE]\n\n';

describe('a chat stream for an Anthropic client', () => {
  it('begins with one message_start that counts no output and says what the input may be', () => {
    const { events, types } = relay(
      chunk({ role: 'assistant', content: '' }) +
        chunk({ role: 'assistant', content: 'a' }) +
        chunk({ content: 'b' }, 'stop') +
        done,
    );
    expect(types.slice(0, 2)).toEqual(['message_start', 'ping']);
    expect(types.filter((type) => type === 'message_start')).toHaveLength(1);
    expect(events[0]).toMatchObject({
      message: { id: 'msg_1', model: 'm', usage: { input_tokens: 33, output_tokens: 0 } },
    });
  });

  it('shows a tool call that is opened together with its arguments, with both', () => {
    const { blocks, end } = relay(
      chunk(call(0, 'call_a', 'f', '{"a":')) +
        chunk(call(0, undefined, undefined, '1}')) +
        chunk({}, 'tool_calls') +
        done,
    );
    expect(blocks).toEqual([['f', 'call_a', '{"a":1}']]);
    expect(end).toMatchObject({ delta: { stop_reason: 'tool_use' } });
  });

  it.each(['reasoning_content', 'reasoning'])(
    'shows %s as a thinking block of its own, signed as unsigned',
    (field) => {
      const { blocks, events } = relay(
        chunk({ [field]: 'h' }) + chunk({ [field]: 'm' }) + chunk({ content: 'a' }, 'stop') + done,
      );
      expect(blocks).toEqual([
        ['thinking', 'hm'],
        ['text', 'a'],
      ]);
      expect(JSON.stringify(events)).toContain(
        `"signature_delta","signature":"${opaqueEnvelopeMark}`,
      );
    },
  );

  it('says tool_use whatever word the upstream ended a tool call with', () => {
    for (const word of ['stop', 'tool_calls', 'function_call', 'eos']) {
      expect(
        relay(chunk({ content: 'x' }) + chunk(call(0, 'a', 'f', '{}')) + chunk({}, word) + done)
          .end,
      ).toMatchObject({ delta: { stop_reason: 'tool_use' } });
    }
    expect(relay(chunk({ content: 'x' }) + chunk({}, 'tool_calls') + done).end).toMatchObject({
      delta: { stop_reason: 'end_turn' },
    });
  });

  it('puts interleaved parallel calls one behind the other', () => {
    const { blocks } = relay(
      chunk(call(0, 'a', 'f', '{"x"')) +
        chunk(call(1, 'b', 'g', '{"y"')) +
        chunk(call(0, undefined, undefined, ':1}')) +
        chunk(call(1, undefined, undefined, ':2}')) +
        chunk({}, 'tool_calls') +
        done,
    );
    expect(blocks).toEqual([
      ['f', 'a', '{"x":1}'],
      ['g', 'b', '{"y":2}'],
    ]);
  });

  it('keeps the text of a chunk that also finishes', () => {
    expect(relay(chunk({ content: 'all of it' }, 'stop') + done).blocks).toEqual([
      ['text', 'all of it'],
    ]);
  });

  it('keeps reasoning, text and a call that come in one chunk, in that order', () => {
    const { blocks } = relay(
      chunk({ reasoning: 'r', content: 't', ...call(0, 'a', 'f', '{}') }, 'tool_calls') + done,
    );
    expect(blocks).toEqual([
      ['thinking', 'r'],
      ['text', 't'],
      ['f', 'a', '{}'],
    ]);
  });

  it('ends once, however often the upstream finishes, and takes usage that comes later', () => {
    const usage = {
      usage: {
        prompt_tokens: 10,
        completion_tokens: 4,
        prompt_tokens_details: { cached_tokens: 6 },
      },
    };
    const { end } = relay(
      chunk({ content: 'a' }, 'stop') +
        chunk({ content: '' }, 'stop') +
        `data: ${JSON.stringify({ choices: [], ...usage })}\n\n` +
        done,
    );
    expect(end).toMatchObject({
      usage: { input_tokens: 4, cache_read_input_tokens: 6, output_tokens: 4 },
    });
  });

  it('takes no notice of chunks without choices', () => {
    const filter = 'data: {"choices":[],"prompt_filter_results":[]}\n\n';
    expect(relay(filter + chunk({ content: 'a' }, 'stop') + filter + done).blocks).toEqual([
      ['text', 'a'],
    ]);
  });

  it('tells calls apart that all have index 0 but ids of their own', () => {
    const { blocks } = relay(
      chunk(call(0, 'a', 'f', '{"x":1}')) +
        chunk(call(0, 'b', 'f', '{"x":2}')) +
        chunk({}, 'stop') +
        done,
    );
    expect(blocks).toEqual([
      ['f', 'a', '{"x":1}'],
      ['f', 'b', '{"x":2}'],
    ]);
  });

  it('tells whole calls apart that have neither id nor index', () => {
    const { blocks } = relay(
      chunk(call(undefined, undefined, 'f', '{"x":1}')) +
        chunk(call(undefined, undefined, 'f', '{"x":2}'), 'stop') +
        done,
    );
    expect(blocks).toMatchObject([
      ['f', expect.any(String), '{"x":1}'],
      ['f', expect.any(String), '{"x":2}'],
    ]);
  });

  it('takes a call whose id and name are repeated in every delta for one', () => {
    const { blocks } = relay(
      chunk(call(0, 'a', 'f', '{"x"')) +
        chunk(call(0, 'a', 'f', ':1}')) +
        chunk(call(0, 'a', 'f', '')) +
        chunk({}, 'tool_calls') +
        done,
    );
    expect(blocks).toEqual([['f', 'a', '{"x":1}']]);
  });

  it('numbers blocks from 0 where the upstream counts from 1', () => {
    const { events } = relay(chunk(call(1, 'a', 'f', '{}')) + chunk({}, 'tool_calls') + done);
    expect(events.find(({ type }) => type === 'content_block_start')).toMatchObject({ index: 0 });
  });

  it('waits for a name that comes after the id and some arguments', () => {
    expect(
      relay(
        chunk(call(0, 'a', undefined, '{"x"')) +
          chunk(call(0, undefined, 'f', ':1}')) +
          chunk({}, 'tool_calls') +
          done,
      ).blocks,
    ).toEqual([['f', 'a', '{"x":1}']]);
  });

  it('makes ids where there are none, and different ones where they repeat', () => {
    const { blocks } = relay(
      chunk(call(0, undefined, 'f', '{}')) +
        chunk(call(1, 'a', 'g', '{}')) +
        chunk(call(2, 'a', 'h', '{}')) +
        chunk({}, 'tool_calls') +
        done,
    );
    expect(blocks).toEqual([
      ['f', 'toolu_req_1_0', '{}'],
      ['g', 'a', '{}'],
      ['h', 'a_2', '{}'],
    ]);
  });

  it('calls a tool without arguments with nothing at all', () => {
    expect(relay(chunk(call(0, 'a', 'f', '')) + chunk({}, 'tool_calls') + done).blocks).toEqual([
      ['f', 'a', ''],
    ]);
    expect(relay(chunk(call(0, 'a', 'f', 'null')) + chunk({}, 'tool_calls') + done).blocks).toEqual(
      [['f', 'a', '']],
    );
  });

  it('keeps big integers and 1.0 in arguments as they are', () => {
    expect(
      relay(
        chunk(call(0, 'a', 'f', '{"n":12345678901234567890,"f":1.0}')) +
          chunk({}, 'tool_calls') +
          done,
      ).blocks,
    ).toEqual([['f', 'a', '{"n":12345678901234567890,"f":1.0}']]);
  });

  it('keeps max_tokens for a call that the limit cut off', () => {
    expect(
      relay(chunk(call(0, 'a', 'f', '{"x":"lo')) + chunk({}, 'length') + done).end,
    ).toMatchObject({ delta: { stop_reason: 'max_tokens' } });
    const word = {
      id: 'x',
      choices: [
        { delta: {}, finish_reason: 'tool_calls', native_finish_reason: 'max_output_tokens' },
      ],
    };
    expect(
      relay(chunk(call(0, 'a', 'f', '{"x":"lo')) + `data: ${JSON.stringify(word)}\n\n` + done).end,
    ).toMatchObject({ delta: { stop_reason: 'max_tokens' } });
  });

  it.each([
    ['in the middle', '{"x":'],
    ['of another kind', '[1]'],
    ['behind the object', '{} and more'],
  ])('fails before the block of a call ends whose arguments are wrong %s', (_, text) => {
    const { types, end, error } = relay(
      chunk(call(0, 'a', 'f', text)) + chunk({}, 'tool_calls') + done,
    );
    expect(end).toMatchObject({ type: 'error', error: { type: 'api_error' } });
    expect(types).not.toContain('content_block_stop');
    expect(error).toMatchObject({ code: 'upstream_invalid_response' });
    expect(error?.message).toContain('the tool "f"');
  });

  it('fails on wrong arguments before the next part, whatever the finish says', () => {
    const { types, error } = relay(
      chunk(call(0, 'a', 'f', '[1]')) + chunk(call(1, 'b', 'g', '{}')) + chunk({}, 'length') + done,
    );
    expect(types.slice(-2)).toEqual(['content_block_delta', 'error']);
    expect(error?.message).toContain('the tool "f"');
  });

  it('wraps what a limit left of arguments that are no object', () => {
    const { blocks, error } = relay(chunk(call(0, 'a', 'f', '[1')) + chunk({}, 'length') + done);
    expect(blocks).toEqual([['f', 'a', '{"INVALID_JSON":"[1"}']]);
    expect(error).toBeNull();
  });

  it('tells the stop string where the upstream tells it', () => {
    const finish = `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop', stop_reason: '###' }] })}\n\n`;
    expect(relay(chunk({ content: 'a' }) + finish + done).end).toMatchObject({
      delta: { stop_reason: 'stop_sequence', stop_sequence: '###' },
    });
  });

  it('tells a refusal as one', () => {
    const { blocks, end } = relay(chunk({ refusal: 'I can’t' }) + chunk({}, 'stop') + done);
    expect(blocks).toEqual([['text', 'I can’t']]);
    expect(end).toMatchObject({ delta: { stop_reason: 'refusal' } });
  });

  it('is complete at the close of the stream once a finish was seen, [DONE] or not', () => {
    expect(relay(chunk({ content: 'a' }, 'stop')).end).toMatchObject({
      delta: { stop_reason: 'end_turn' },
    });
  });

  it.each([
    ['[DONE] without a finish', chunk({ content: 'a' }) + done],
    ['a close without a finish', chunk({ content: 'a' })],
    ['nothing at all', ''],
    ['comments alone', ': ping\n\n: ping\n\n'],
    ['an error object', `${chunk({ content: 'a' })}data: {"error":{"message":"x"}}\n\n`],
    [
      'an error that a clean finish follows',
      `${chunk({ content: 'a' })}data: {"error":{"message":"x"}}\n\n${chunk({}, 'stop')}${done}`,
    ],
    [
      'an error inside a choice',
      'data: {"choices":[{"delta":{"content":""},"error":{"code":502,"message":"x"},"finish_reason":"error"}]}\n\n' +
        done,
    ],
    ['a named error event', 'event: error\ndata: {"error":{"message":"x"}}\n\n'],
    [
      'a bare error event',
      'event: error\ndata: {"code":500,"message":"x","type":"server_error"}\n\n',
    ],
    ['a finish that means failure', chunk({ content: 'a' }, 'insufficient_system_resource') + done],
    ['torn JSON', `${chunk({ content: 'a' })}data: {"choices":[{"del\n\n`],
    [
      'a call that never gets a name',
      chunk(call(0, 'a', undefined, '{}')) + chunk({}, 'tool_calls') + done,
    ],
  ])('ends in an error after %s', (_, stream) => {
    const { end, types } = relay(stream);
    expect(end['type']).toBe('error');
    expect(types).not.toContain('message_stop');
  });

  it('keeps lone surrogates and line separators in valid events', () => {
    const { blocks } = relay(
      chunk({ content: 'a\ud83d' }) + chunk({ content: '\ude00\u2028b' }, 'stop') + done,
    );
    expect(blocks).toEqual([['text', 'a😀\u2028b']]);
  });

  it('joins a list of text pieces, and reasoning among them, as Mistral sends', () => {
    const content = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
      { type: 'text', text: 'a' },
    ];
    expect(relay(chunk({ content }, 'stop') + done).blocks).toEqual([
      ['thinking', 'hm'],
      ['text', 'a'],
    ]);
  });

  it('estimates the usage that the upstream never gave', () => {
    expect(relay(chunk({ content: 'x'.repeat(30) }, 'stop') + done).end).toMatchObject({
      usage: { input_tokens: 33, output_tokens: 10 },
    });
  });
});
