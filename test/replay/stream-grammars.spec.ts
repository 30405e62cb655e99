import { describe, expect, it } from 'vitest';
import type { ProtocolId } from '#translation';
import { checkStream } from '../support/stream-grammar.js';

const named = (events: readonly object[]): string =>
  events
    .map(
      (event) => `event: ${(event as { type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`,
    )
    .join('');
const unnamed = (chunks: readonly object[]): string =>
  chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('');

const messages = named([
  {
    type: 'message_start',
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [],
      stop_reason: null,
      usage: { input_tokens: 3, output_tokens: 0 },
    },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'so' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 's' } },
  { type: 'content_block_stop', index: 0 },
  {
    type: 'content_block_start',
    index: 1,
    content_block: { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} },
  },
  {
    type: 'content_block_delta',
    index: 1,
    delta: { type: 'input_json_delta', partial_json: '{"a":1}' },
  },
  { type: 'content_block_stop', index: 1 },
  { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 2 } },
  { type: 'message_stop' },
]);

const chunk = (delta: object, finish_reason: string | null = null): object => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta, finish_reason }],
});
const call = { index: 0, id: 'call_1', type: 'function', function: { name: 'f', arguments: '' } };
const chat =
  unnamed([
    chunk({ role: 'assistant', content: '' }),
    chunk({ content: 'hi' }),
    chunk({ tool_calls: [call] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '{"a":1}' } }] }),
    chunk({}, 'tool_calls'),
    {
      ...chunk({}),
      choices: [],
      usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
    },
  ]) + 'data: [DONE]\n\n';

const text = { type: 'output_text', text: 'hi', annotations: [] };
const message = { id: 'msg_1', type: 'message', role: 'assistant', content: [text] };
const functionCall = {
  id: 'fc_1',
  type: 'function_call',
  call_id: 'call_1',
  name: 'f',
  arguments: '{"a":1}',
};
const part = { item_id: 'msg_1', output_index: 0, content_index: 0 };
const response = { id: 'resp_1', created_at: 1, model: 'm', status: 'in_progress', output: [] };
const responses = named(
  [
    { type: 'response.created', response },
    { type: 'response.in_progress', response },
    { type: 'response.output_item.added', output_index: 0, item: { ...message, content: [] } },
    { type: 'response.content_part.added', ...part, part: { ...text, text: '' } },
    { type: 'response.output_text.delta', ...part, delta: 'hi' },
    { type: 'response.output_text.done', ...part, text: 'hi' },
    { type: 'response.content_part.done', ...part, part: text },
    { type: 'response.output_item.done', output_index: 0, item: message },
    {
      type: 'response.output_item.added',
      output_index: 1,
      item: { ...functionCall, arguments: '' },
    },
    {
      type: 'response.function_call_arguments.delta',
      item_id: 'fc_1',
      output_index: 1,
      delta: '{"a":1}',
    },
    {
      type: 'response.function_call_arguments.done',
      item_id: 'fc_1',
      output_index: 1,
      arguments: '{"a":1}',
    },
    { type: 'response.output_item.done', output_index: 1, item: functionCall },
    {
      type: 'response.completed',
      response: {
        ...response,
        status: 'completed',
        output: [message, functionCall],
        usage: {
          input_tokens: 3,
          output_tokens: 2,
          total_tokens: 5,
          input_tokens_details: { cached_tokens: 0 },
          output_tokens_details: { reasoning_tokens: 0 },
        },
      },
    },
  ].map((event, sequence_number) => ({ ...event, sequence_number })),
);

const candidate = (parts: object[], extra: object = {}): object => ({
  candidates: [{ content: { role: 'model', parts }, index: 0, ...extra }],
  responseId: 'r',
  modelVersion: 'm',
});
const gemini = unnamed([
  candidate([{ text: 'hi' }]),
  candidate([{ functionCall: { name: 'f', args: { a: 1 } }, thoughtSignature: 's' }]),
  {
    ...candidate([{ text: '' }], { finishReason: 'STOP' }),
    usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2, totalTokenCount: 5 },
  },
]);

const good: Readonly<Record<string, string>> = {
  'anthropic-messages': messages,
  'openai-chat': chat,
  'openai-responses': responses,
  'gemini-generate': gemini,
};

const check = (protocol: string, stream: string): string[] =>
  checkStream(protocol as ProtocolId, stream, { includesUsage: true });

/** Leaves out the first event that holds the text. */
const without =
  (held: string) =>
  (stream: string): string => {
    const events = stream.split('\n\n');
    events.splice(
      events.findIndex((event) => event.includes(held)),
      1,
    );
    return events.join('\n\n');
  };
const instead =
  (before: string, after: string) =>
  (stream: string): string =>
    stream.replace(before, after);
const twice =
  (held: string) =>
  (stream: string): string =>
    stream
      .split('\n\n')
      .flatMap((event) => (event.includes(held) ? [event, event] : [event]))
      .join('\n\n');

describe('the grammar of streams', () => {
  it.each(Object.entries(good))('passes a good one of %s', (protocol, stream) => {
    expect(check(protocol, stream)).toEqual([]);
  });

  it.each<readonly [rule: string, protocol: string, change: (stream: string) => string]>([
    ['A1', 'anthropic-messages', instead('event: message_stop', 'event: message_end')],
    ['A2', 'anthropic-messages', twice('"message_start"')],
    ['A3', 'anthropic-messages', (stream) => stream.replaceAll('"index":1', '"index":2')],
    ['A4', 'anthropic-messages', without('"content_block_stop","index":0')],
    ['A5', 'anthropic-messages', instead('thinking_delta', 'text_delta')],
    ['A6', 'anthropic-messages', without('"content_block_stop","index":1')],
    ['A7', 'anthropic-messages', instead('{\\"a\\":1}', '{\\"a\\":')],
    ['A8', 'anthropic-messages', without('signature_delta')],
    ['A9', 'anthropic-messages', without('"message_delta"')],
    ['A10', 'anthropic-messages', without('"message_stop"')],
    ['A11', 'anthropic-messages', instead('"stop_reason":"tool_use"', '"stop_reason":"end_turn"')],
    ['A12', 'anthropic-messages', instead('toolu_1', 'toolu.1')],
    ['A13', 'anthropic-messages', (stream) => `${stream}data: [DONE]\n\n`],
    ['C1', 'openai-chat', (stream) => `event: x\n${stream}`],
    ['C2', 'openai-chat', instead('"created":1', '"created":2')],
    ['C3', 'openai-chat', instead(',"choices":[]', '')],
    ['C4', 'openai-chat', without('"role"')],
    ['C5', 'openai-chat', without('"finish_reason":"tool_calls"')],
    ['C5', 'openai-chat', twice('"finish_reason":"tool_calls"')],
    [
      'C6',
      'openai-chat',
      (stream) => stream.replaceAll('"tool_calls":[{"index":0', '"tool_calls":[{"index":1'),
    ],
    ['C7', 'openai-chat', instead('{\\"a\\":1}', '{\\"a\\":')],
    ['C8', 'openai-chat', instead('"finish_reason":"tool_calls"', '"finish_reason":"stop"')],
    ['C9', 'openai-chat', without('"prompt_tokens"')],
    ['C9', 'openai-chat', instead('"total_tokens":5', '"total_tokens":6')],
    ['C10', 'openai-chat', without('[DONE]')],
    ['R1', 'openai-responses', instead('event: response.created', 'event: response.begun')],
    ['R2', 'openai-responses', instead('"sequence_number":4', '"sequence_number":5')],
    ['R3', 'openai-responses', without('"response.in_progress"')],
    [
      'R4',
      'openai-responses',
      (stream) => stream.replaceAll('"output_index":1', '"output_index":2'),
    ],
    ['R5', 'openai-responses', without('"type":"response.output_item.done","output_index":1')],
    ['R6', 'openai-responses', without('"response.content_part.added"')],
    ['R7', 'openai-responses', instead('"delta":"hi"', '"delta":"ho"')],
    ['R8', 'openai-responses', without('"response.function_call_arguments.done"')],
    ['R9', 'openai-responses', without('"response.completed"')],
    ['R10', 'openai-responses', instead('"output":[{', '"output":[{"x":1,')],
    ['R11', 'openai-responses', instead('"total_tokens":5', '"total_tokens":6')],
    ['R12', 'openai-responses', (stream) => stream.replaceAll('fc_1', 'msg_1')],
    ['G1', 'gemini-generate', (stream) => `event: x\n${stream}`],
    ['G2', 'gemini-generate', without('finishReason')],
    ['G2', 'gemini-generate', twice('finishReason')],
    ['G3', 'gemini-generate', instead('"args":{"a":1}', '"args":[1]')],
    ['G4', 'gemini-generate', instead('"totalTokenCount":5', '"totalTokenCount":6')],
    ['G5', 'gemini-generate', instead('"text":"hi"', '"text":"hi","functionCall":{"name":"g"}')],
  ])('says %s of %s', (rule, protocol, change) => {
    const stream = good[protocol] ?? '';
    const changed = change(stream);
    expect(changed).not.toBe(stream);
    expect(check(protocol, changed).map((broken) => broken.split(' ')[0])).toContain(rule);
  });
});
