import { describe, expect, it } from 'vitest';
import { checkStream } from '../../../test/support/stream-grammar.js';
import {
  chatStream,
  delta,
  eventsOf,
  refusalOf,
  replyContext,
  translateRequest,
  translateStream,
  type Json,
} from '../../../test/support/translate.js';
import { translationTarget } from '../../../test/support/translation-target.js';
import { protocols, type AnswerFacts } from './index.js';

const chat = protocols['openai-chat'];

interface Outcome {
  /** Blocks as a Messages client joins them. */
  readonly blocks: readonly unknown[];
  readonly stop: unknown;
  readonly usage: unknown;
  /** What the tap reads when the same stream is passed through. */
  readonly facts: AnswerFacts;
}

function read(stream: string): Outcome {
  const text = translateStream('openai-chat', 'anthropic-messages', stream);
  expect(checkStream('anthropic-messages', text, { includesUsage: true })).toEqual([]);
  const tap = chat.createStreamTap(false);
  tap.push(stream);
  tap.end();
  const events = eventsOf(text);
  const end = events.find(({ type }) => type === 'message_delta');
  return {
    blocks: joined(events),
    stop: (end?.['delta'] as Json | undefined)?.['stop_reason'] ?? events.at(-1)?.['type'],
    usage: end?.['usage'],
    facts: tap.facts,
  };
}

function joined(events: readonly Json[]): unknown[] {
  const blocks: string[][] = [];
  for (const event of events) {
    const block = event['content_block'] as Json | undefined;
    if (block !== undefined) blocks.push([String(block['name'] ?? block['type']), '']);
    const last = blocks.at(-1);
    const piece = event['delta'] as Record<string, string> | undefined;
    if (event['type'] !== 'content_block_delta' || last === undefined) continue;
    last[1] += piece?.['text'] ?? piece?.['thinking'] ?? piece?.['partial_json'] ?? '';
  }
  return blocks;
}

const usage = { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 };
const counted = { input_tokens: 9, output_tokens: 4 };
const whole = (
  index: number | undefined,
  id: string | undefined,
  name: string,
  args: string,
): Json => ({
  index,
  id,
  type: 'function',
  function: { name, arguments: args },
});

describe('the dialect of', () => {
  it('OpenRouter: comments, roles everywhere, a finish twice, usage unasked beside a choice', () => {
    const outcome = read(
      chatStream(
        ': OPENROUTER PROCESSING',
        delta({
          role: 'assistant',
          content: '',
          reasoning: 'hm',
          reasoning_details: [{ type: 'reasoning.text', text: 'hm' }],
        }),
        delta({ role: 'assistant', content: 'yes' }),
        delta({ role: 'assistant', content: '' }, 'stop'),
        { ...delta({ role: 'assistant', content: '' }, 'stop'), usage },
      ),
    );
    expect(outcome.blocks).toEqual([
      ['thinking', 'hm'],
      ['text', 'yes'],
    ]);
    expect(outcome).toMatchObject({
      stop: 'end_turn',
      usage: counted,
      facts: { isComplete: true },
    });
  });

  it('OpenRouter: an error inside of a normal chunk, followed by [DONE]', () => {
    const outcome = read(
      chatStream(delta({ content: 'x' }), {
        error: { code: 502, message: 'Provider returned error' },
        ...delta({ content: '' }, 'error'),
      }),
    );
    expect(outcome.stop).toBe('error');
    expect(outcome.facts).toMatchObject({ isComplete: false });
    expect(outcome.facts.error?.message).toBe('Provider returned error');
  });

  it('Mistral: a whole call, its finish and the usage in one chunk, and an odd key', () => {
    const outcome = read(
      chatStream(delta({ role: 'assistant', content: '' }), {
        ...delta(
          { content: '', tool_calls: [whole(0, 'abcdefghi', 'f', '{"x":1}')] },
          'tool_calls',
        ),
        usage,
        p: 'abc',
      }),
    );
    expect(outcome.blocks).toEqual([['f', '{"x":1}']]);
    expect(outcome).toMatchObject({ stop: 'tool_use', usage: counted });
  });

  it('Mistral: content that is a list of thinking and text', () => {
    const outcome = read(
      chatStream(
        delta({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] }] }),
        delta({ content: [{ type: 'text', text: 'yes' }] }, 'stop'),
      ),
    );
    expect(outcome.blocks).toEqual([
      ['thinking', 'hm'],
      ['text', 'yes'],
    ]);
  });

  it('DeepSeek: reasoning_content, usage null and then in the chunk that finishes', () => {
    const outcome = read(
      chatStream(
        { ...delta({ role: 'assistant', content: null, reasoning_content: 'hm' }), usage: null },
        { ...delta({ content: 'yes', reasoning_content: null }), usage: null },
        {
          ...delta({ content: '' }, 'stop'),
          usage: { ...usage, prompt_cache_hit_tokens: 5, prompt_cache_miss_tokens: 4 },
        },
      ),
    );
    expect(outcome.blocks).toEqual([
      ['thinking', 'hm'],
      ['text', 'yes'],
    ]);
    expect(outcome.usage).toMatchObject({ input_tokens: 4, cache_read_input_tokens: 5 });
  });

  it('DeepSeek: a finish that stands for a failure', () => {
    const outcome = read(
      chatStream(delta({ content: 'x' }), delta({}, 'insufficient_system_resource')),
    );
    expect(outcome).toMatchObject({ stop: 'error', facts: { isComplete: false } });
  });

  it('Groq: reasoning with a channel, usage in x_groq', () => {
    const outcome = read(
      chatStream(
        delta({ role: 'assistant', reasoning: 'hm', channel: 'analysis' }),
        delta({ tool_calls: [whole(0, 'a', 'f', '{}')] }),
        { ...delta({}, 'tool_calls'), x_groq: { id: 'req', usage } },
      ),
    );
    expect(outcome.blocks).toEqual([
      ['thinking', 'hm'],
      ['f', '{}'],
    ]);
    expect(outcome.usage).toMatchObject(counted);
    expect(outcome.facts.usage).toMatchObject({ inputTokens: 9 });
  });

  it('Groq: an error event of its own and no [DONE]', () => {
    const stream = `data: ${JSON.stringify(delta({ content: 'x' }))}\n\nevent: error\ndata: {"error":{"message":"tool call failed","type":"invalid_request_error"}}\n\n`;
    expect(read(stream)).toMatchObject({ stop: 'error', facts: { isComplete: false } });
  });

  it('llama.cpp: timings, and arguments in the first delta', () => {
    const outcome = read(
      chatStream(
        delta({ role: 'assistant', content: null }),
        delta({ reasoning_content: 'hm' }),
        delta({ tool_calls: [whole(0, 'a', 'f', '{')] }),
        delta({ tool_calls: [{ index: 0, function: { arguments: '"x":1}' } }] }),
        { ...delta({}, 'tool_calls'), timings: { prompt_n: 9 } },
        { choices: [], usage, timings: { prompt_n: 9 } },
      ),
    );
    expect(outcome.blocks).toEqual([
      ['thinking', 'hm'],
      ['f', '{"x":1}'],
    ]);
    expect(outcome.usage).toMatchObject(counted);
  });

  it('mistral.rs: role and an empty list of calls in every delta', () => {
    const outcome = read(
      chatStream(
        delta({ role: 'assistant', content: 'a', tool_calls: [] }),
        delta({ role: 'assistant', content: 'b', tool_calls: [] }, 'stop'),
      ),
    );
    expect(outcome.blocks).toEqual([['text', 'ab']]);
  });

  it('Anthropic’s own chat endpoint: the first call has index 1 behind text', () => {
    const outcome = read(
      chatStream(
        delta({ content: 'let me see' }),
        delta({ tool_calls: [whole(1, 'toolu_1', 'f', '')] }),
        delta({ tool_calls: [{ index: 1, function: { arguments: '{}' } }] }),
        delta({}, 'tool_calls'),
      ),
    );
    expect(outcome.blocks).toEqual([
      ['text', 'let me see'],
      ['f', '{}'],
    ]);
  });

  it.each<[string, number | undefined, string | undefined]>([
    ['all with index 0', 0, 'set'],
    ['without an index', undefined, 'set'],
    ['without an index or an id', undefined, undefined],
  ])('Gemini’s chat endpoint: parallel calls %s', (_, index, id) => {
    const outcome = read(
      chatStream(
        delta({
          tool_calls: [
            whole(index, id && 'a', 'f', '{"x":1}'),
            whole(index, id && 'b', 'f', '{"x":2}'),
          ],
        }),
        delta({}, 'stop'),
      ),
    );
    expect(outcome.blocks).toEqual([
      ['f', '{"x":1}'],
      ['f', '{"x":2}'],
    ]);
    expect(outcome.stop).toBe('tool_use');
  });

  it.each(['{"x":', ''])('everyone: a call cut off by the limit at %j', (args) => {
    const outcome = read(
      chatStream(delta({ tool_calls: [whole(0, 'a', 'f', args)] }), delta({}, 'length')),
    );
    expect(outcome.stop).toBe('max_tokens');
  });

  it('OpenRouter: a call cut off by the limit that is called tool_calls', () => {
    const finish = {
      choices: [
        { index: 0, delta: {}, finish_reason: 'tool_calls', native_finish_reason: 'length' },
      ],
    };
    const outcome = read(chatStream(delta({ tool_calls: [whole(0, 'a', 'f', '{"x"')] }), finish));
    expect(outcome.stop).toBe('max_tokens');
  });

  it('a gateway that sends ids late, or a whole answer without a message of its own, is survived', () => {
    expect(refusalOf(() => chat.decodeResponse('{"choices":[]}')).code).toBe(
      'upstream_invalid_response',
    );
    const filtered = chat.decodeResponse('{"choices":[{"finish_reason":"content_filter"}]}');
    expect(JSON.parse(chat.encodeResponse(filtered, replyContext))).toMatchObject({
      choices: [{ finish_reason: 'content_filter', message: { content: null } }],
    });
  });
});

describe('a dialect that refuses', () => {
  const body = {
    model: 'm',
    max_tokens: 100,
    stream: true,
    system: 'be good',
    service_tier: 'auto',
    metadata: { user_id: 'u1' },
    stop_sequences: ['END'],
    messages: [{ role: 'user', content: 'hi' }],
    tools: [{ name: 'f', input_schema: { type: 'object' }, strict: true }],
    tool_choice: { type: 'auto', disable_parallel_tool_use: true },
  };
  const send = (refusedFields: Parameters<typeof translateRequest>[3]) =>
    translateRequest('anthropic-messages', 'openai-chat', body, refusedFields);

  it('some fields is sent none of them, and the caller is told', () => {
    const { json, losses, restoration } = send({
      refusedFields: [
        'max_completion_tokens',
        'stream_options',
        'parallel_tool_calls',
        'strict',
        'stop',
        'user',
        'service_tier',
      ],
    });
    expect(json).toMatchObject({ max_tokens: 100, tools: [{ function: { name: 'f' } }] });
    for (const name of ['stream_options', 'parallel_tool_calls', 'stop', 'user', 'service_tier'])
      expect(json).not.toHaveProperty(name);
    expect(JSON.stringify(json)).not.toContain('strict');
    expect(restoration.stopSequences).toEqual(['END']);
    expect(losses).toEqual(
      expect.arrayContaining([
        'dropped tool_choice.disable_parallel_tool_use',
        'dropped tools[0].strict',
        'dropped metadata.user_id',
        'dropped service_tier',
        'emulated stop_sequences',
      ]),
    );
  });

  it('nothing gets all of them', () => {
    expect(send({}).json).toMatchObject({
      max_completion_tokens: 100,
      stream_options: { include_usage: true },
      parallel_tool_calls: false,
      stop: ['END'],
      user: 'u1',
    });
  });

  it('to be asked for usage is not asked when a request is passed through', () => {
    const bytes = new TextEncoder().encode('{"model":"m","messages":[],"stream":true}');
    const envelope = chat.readEnvelope(bytes);
    expect(chat.passthroughEdits(envelope, 'm')).toHaveLength(1);
    const { capabilities } = translationTarget('openai-chat', {
      refusedFields: ['stream_options'],
    });
    expect(chat.passthroughEdits(envelope, 'm', capabilities)).toEqual([]);
  });

  it('schemas is asked for JSON alone, where the route is lenient', () => {
    const schema = {
      output_config: { format: { type: 'json_schema', schema: { type: 'object' } } },
    };
    const run = (lossMode: 'warn' | 'lenient') =>
      translateRequest(
        'anthropic-messages',
        'openai-chat',
        { ...body, ...schema },
        { outputFormats: ['json-object'], lossMode },
      );
    expect(refusalOf(() => run('warn'))).toMatchObject({ path: 'output_config.format' });
    expect(run('lenient').json['response_format']).toEqual({ type: 'json_object' });
  });

  it('nothing but wants to be told of a message to continue is told', () => {
    const messages = [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: 'Well' },
    ];
    const run = (extraFields: string[]): Json =>
      translateRequest(
        'anthropic-messages',
        'openai-chat',
        { ...body, messages },
        { takesPrefill: true, extraFields },
      ).json;
    expect(run(['continue_final_message'])).toMatchObject({
      continue_final_message: true,
      add_generation_prompt: false,
    });
    expect((run(['prefix'])['messages'] as Json[]).at(-1)).toMatchObject({ prefix: true });
  });
});
