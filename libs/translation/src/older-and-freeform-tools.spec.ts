import { describe, expect, it } from 'vitest';
import {
  chatStream,
  delta,
  eventsOf,
  messagesStream,
  refusalOf,
  replyContext,
  translateRequest,
  translateStream,
  type Json,
  type TranslatedRequest,
} from '../../../test/support/translate.js';
import { checkStream } from '../../../test/support/stream-grammar.js';
import { protocols, restoreResponse, type Restoration } from './index.js';

const chat = protocols['openai-chat'];
const anthropic = protocols['anthropic-messages'];
const user = { role: 'user', content: 'hi' };
const choiceOf = (chunk: Json): Json => (chunk['choices'] as Json[])[0] ?? {};

function toAnthropic(body: object): TranslatedRequest {
  return translateRequest('openai-chat', 'anthropic-messages', {
    model: 'm',
    messages: [user],
    ...body,
  });
}

const grammar = { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: "x"' } };
const patchTool = { type: 'custom', custom: { name: 'patch', description: 'd', format: grammar } };
const patchCall = { id: 'a', type: 'custom', custom: { name: 'patch', input: '*** {"a"}\n' } };

describe('a plain-text tool of a chat request', () => {
  const body = {
    tools: [patchTool],
    tool_choice: { type: 'custom', custom: { name: 'patch' } },
    messages: [
      user,
      { role: 'assistant', content: null, tool_calls: [patchCall] },
      { role: 'tool', tool_call_id: 'a', content: 'done' },
    ],
  };

  it('goes to Anthropic as a function with one text, its grammar told in the description', () => {
    const { json } = toAnthropic(body);
    expect(json['tools']).toEqual([
      {
        name: 'patch',
        description: expect.stringContaining('lark') as string,
        input_schema: expect.objectContaining({ required: ['input'] }) as object,
      },
    ]);
    expect(json['tool_choice']).toEqual({ type: 'tool', name: 'patch' });
    expect((json['messages'] as Json[])[1]).toMatchObject({
      content: [{ type: 'tool_use', name: 'patch', input: { input: '*** {"a"}\n' } }],
    });
  });

  const { restoration } = toAnthropic(body);

  it('is called back as a custom call with plain text', () => {
    const answer = anthropic.decodeResponse(
      JSON.stringify({
        content: [{ type: 'tool_use', id: 'toolu_1', name: 'patch', input: { input: 'a\nb' } }],
        stop_reason: 'tool_use',
      }),
    );
    const whole = JSON.parse(
      chat.encodeResponse(restoreResponse(answer, restoration), replyContext),
    ) as Json;
    expect(choiceOf(whole)).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        content: null,
        tool_calls: [{ id: 'toolu_1', type: 'custom', custom: { name: 'patch', input: 'a\nb' } }],
      },
    });
  });

  it('is called back in a stream piece by piece', () => {
    const pieces = ['{"inp', 'ut": "a\\', 'n', 'b"}'];
    const text = translateStream(
      'anthropic-messages',
      'openai-chat',
      messagesStream(
        { type: 'message_start', message: { id: 'msg_1', model: 'c' } },
        {
          type: 'content_block_start',
          index: 0,
          content_block: { type: 'tool_use', id: 'toolu_1', name: 'patch', input: {} },
        },
        ...pieces.map((piece) => ({
          type: 'content_block_delta',
          index: 0,
          delta: { type: 'input_json_delta', partial_json: piece },
        })),
        { type: 'content_block_stop', index: 0 },
        { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: {} },
        { type: 'message_stop' },
      ),
      { restoration },
    );
    const calls = eventsOf(text).flatMap(
      (chunk) => ((choiceOf(chunk)['delta'] as Json | undefined)?.['tool_calls'] as Json[]) ?? [],
    );
    expect(calls[0]).toEqual({
      index: 0,
      id: 'toolu_1',
      type: 'custom',
      custom: { name: 'patch', input: '' },
    });
    expect(calls.map((call) => (call['custom'] as Record<string, string>)['input']).join('')).toBe(
      'a\nb',
    );
  });

  it('stays a plain-text tool for a chat target that knows such', () => {
    const sent = translateRequest(
      'openai-chat',
      'openai-chat',
      { model: 'm', ...body },
      { takesFreeformTools: true },
    );
    expect(sent.json).toMatchObject({
      tools: [patchTool],
      tool_choice: { type: 'custom', custom: { name: 'patch' } },
      messages: [user, { tool_calls: [patchCall] }, { role: 'tool' }],
    });
  });

  it.each<[string, string]>([
    ['a chat upstream that calls it in plain text', '{"input":"as it is"}'],
    ['text that looks like a whole object and goes on', '{"a":1} and more'],
  ])('is not unwrapped from %s', (_, input) => {
    const stream = chatStream(
      delta({
        tool_calls: [{ index: 0, id: 'a', type: 'custom', custom: { name: 'patch', input: '' } }],
      }),
      ...[...input].map((piece) => delta({ tool_calls: [{ index: 0, custom: { input: piece } }] })),
      delta({}, 'tool_calls'),
    );
    const chatRestoration: Restoration = {
      tools: new Map([['patch', { name: 'patch', namespace: null, isFreeform: true }]]),
      stopSequences: [],
    };
    const text = translateStream('openai-chat', 'openai-chat', stream, {
      restoration: chatRestoration,
    });
    const pieces = eventsOf(text).flatMap(
      (chunk) => ((choiceOf(chunk)['delta'] as Json | undefined)?.['tool_calls'] as Json[]) ?? [],
    );
    expect(pieces.map((call) => (call['custom'] as Record<string, string>)['input']).join('')).toBe(
      input,
    );
  });
});

describe('a request in the form before tools', () => {
  const functions = [{ name: 'weather', parameters: { type: 'object', properties: {} } }];
  const history = [
    user,
    {
      role: 'assistant',
      content: null,
      function_call: { name: 'weather', arguments: '{"a":1.0}' },
    },
    { role: 'function', name: 'weather', content: 'sunny' },
  ];

  it('goes out with tools, ids of ours, and one call at a time', () => {
    const { json } = toAnthropic({
      functions,
      function_call: { name: 'weather' },
      messages: history,
    });
    expect(json).toMatchObject({
      tools: [{ name: 'weather' }],
      tool_choice: { type: 'tool', name: 'weather', disable_parallel_tool_use: true },
      messages: [
        { role: 'user' },
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: 'call_function_0', input: { a: 1 } }],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_function_0' }] },
      ],
    });
    expect(
      chat.decodeRequest(JSON.stringify({ model: 'm', messages: [user], functions })),
    ).toMatchObject({
      usesFunctions: true,
    });
  });

  it.each([
    ['auto', { type: 'auto', disable_parallel_tool_use: true }],
    ['none', { type: 'none' }],
  ])('says %s', (word, expected) => {
    expect(toAnthropic({ functions, function_call: word }).json['tool_choice']).toEqual(expected);
  });

  it('is refused where a result answers no call, or a call is of no form', () => {
    const orphan = [user, { role: 'function', name: 'weather', content: 'x' }];
    expect(refusalOf(() => toAnthropic({ functions, messages: orphan }))).toMatchObject({
      code: 'invalid_request',
      path: 'messages[1].name',
    });
    expect(refusalOf(() => toAnthropic({ functions, function_call: 'required' }))).toMatchObject({
      path: 'function_call',
    });
  });

  const context = { ...replyContext, usesFunctions: true };

  it('is answered in that form', () => {
    const answer = anthropic.decodeResponse(
      '{"content":[{"type":"tool_use","id":"t","name":"weather","input":{"a":1.0}}],"stop_reason":"tool_use"}',
    );
    const whole = JSON.parse(chat.encodeResponse(answer, context)) as Json;
    expect(choiceOf(whole)).toMatchObject({
      finish_reason: 'function_call',
      message: { content: null, function_call: { name: 'weather', arguments: '{"a":1.0}' } },
    });
    expect(choiceOf(whole)['message']).not.toHaveProperty('tool_calls');
  });

  it('is streamed in that form', () => {
    const text = translateStream(
      'openai-chat',
      'openai-chat',
      chatStream(
        delta({
          tool_calls: [{ index: 0, id: 'a', function: { name: 'weather', arguments: '' } }],
        }),
        delta({ tool_calls: [{ index: 0, function: { arguments: '{"a":1}' } }] }),
        delta({}, 'tool_calls'),
      ),
      context,
    );
    expect(checkStream('openai-chat', text, { includesUsage: false })).toEqual([]);
    const deltas = eventsOf(text).map((chunk) => choiceOf(chunk)['delta'] as Json | undefined);
    expect(deltas.flatMap((each) => each?.['function_call'] ?? [])).toEqual([
      { name: 'weather', arguments: '' },
      { arguments: '{"a":1}' },
    ]);
    expect(text).toContain('"finish_reason":"function_call"');
  });

  it('of an upstream is read as a call', () => {
    const answer = chat.decodeResponse(
      '{"choices":[{"message":{"content":null,"function_call":{"name":"f","arguments":"{}"}},"finish_reason":"function_call"}]}',
    );
    expect(answer).toMatchObject({
      finishReason: 'tool-calls',
      parts: [{ type: 'tool-call', name: 'f' }],
    });
  });
});
