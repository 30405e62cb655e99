import { describe, expect, it } from 'vitest';
import { checkStream } from '../../../test/support/stream-grammar.js';
import { readFrames } from '../../../test/support/stream-grammar/rule-book.js';
import { createSseReader, protocols, type ReplyContext } from './index.js';

const context: ReplyContext = {
  requestId: 'req_1',
  model: 'alias',
  createdAtSeconds: 1,
  includeUsage: true,
};

type Json = Record<string, unknown>;

interface Outcome {
  readonly chunks: Json[];
  readonly text: string;
  readonly reasoning: string;
  readonly calls: unknown[];
  readonly finish: unknown;
  readonly usage: unknown;
  readonly output: string;
}

/** Sends raw stream text of an Anthropic upstream to a chat client; the stream must keep every rule. */
function relay(stream: string, includeUsage = true): Outcome {
  const reader = createSseReader();
  const decoder = protocols['anthropic-messages'].createStreamDecoder();
  const encoder = protocols['openai-chat'].createStreamEncoder({ ...context, includeUsage });
  const records = [...reader.push(stream), ...reader.end()];
  const canonical = [...records.flatMap((record) => decoder.push(record)), ...decoder.end()];
  const output = canonical.map((event) => encoder.push(event)).join('');
  expect(checkStream('openai-chat', output, { includesUsage: includeUsage })).toEqual([]);
  const chunks = readFrames(output)
    .filter(({ data }) => data !== '[DONE]')
    .map(({ data }) => JSON.parse(data) as Json);
  const choices = chunks.flatMap((chunk) => (chunk['choices'] ?? []) as Json[]);
  const deltas = choices.map(
    (choice) => choice['delta'] as Record<string, string | Json[] | undefined>,
  );
  const calls: [unknown, unknown, string][] = [];
  for (const call of deltas.flatMap((delta) => (delta['tool_calls'] ?? []) as Json[])) {
    const target = call['function'] as Record<string, string>;
    if ('id' in call) calls.push([call['id'], target['name'], '']);
    const last = calls.at(-1);
    if (last !== undefined) last[2] += target['arguments'] ?? '';
  }
  return {
    chunks,
    output,
    text: deltas.map((delta) => delta['content'] ?? '').join(''),
    reasoning: deltas.map((delta) => delta['reasoning_content'] ?? '').join(''),
    calls,
    finish: choices.findLast((choice) => choice['finish_reason'] !== null)?.['finish_reason'],
    usage: chunks.at(-1)?.['usage'],
  };
}

const sse = (type: string, members: object = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
const start = sse('message_start', {
  message: {
    id: 'msg_1',
    model: 'claude',
    content: [],
    usage: {
      input_tokens: 5,
      cache_read_input_tokens: 90,
      cache_creation_input_tokens: 3,
      output_tokens: 1,
    },
  },
});
const open = (index: number, content_block: object): string =>
  sse('content_block_start', { index, content_block });
const delta = (index: number, members: object): string =>
  sse('content_block_delta', { index, delta: members });
const close = (index: number): string => sse('content_block_stop', { index });
const text = (index: number, value: string): string =>
  open(index, { type: 'text', text: '' }) +
  delta(index, { type: 'text_delta', text: value }) +
  close(index);
const tool = (index: number, id: string, ...fragments: string[]): string =>
  open(index, { type: 'tool_use', id, name: 'f', input: {} }) +
  fragments
    .map((partial_json) => delta(index, { type: 'input_json_delta', partial_json }))
    .join('') +
  close(index);
const end = (
  stop_reason: string,
  extra: object = {},
  usage: object = { output_tokens: 7 },
): string =>
  sse('message_delta', { delta: { stop_reason, stop_sequence: null, ...extra }, usage }) +
  sse('message_stop');

describe('an Anthropic stream for a chat client', () => {
  it('counts cached and written tokens into the prompt, and takes cumulative counters as they are', () => {
    const { usage } = relay(
      start +
        text(0, 'hi') +
        end(
          'end_turn',
          {},
          {
            input_tokens: 5,
            cache_read_input_tokens: 90,
            cache_creation_input_tokens: 3,
            output_tokens: 7,
            output_tokens_details: { thinking_tokens: 2 },
          },
        ),
    );
    expect(usage).toEqual({
      prompt_tokens: 98,
      completion_tokens: 7,
      total_tokens: 105,
      prompt_tokens_details: { cached_tokens: 90, cache_write_tokens: 3 },
      completion_tokens_details: { reasoning_tokens: 2 },
    });
  });

  it('carries no usage where the caller did not ask for it', () => {
    const { output } = relay(start + text(0, 'hi') + end('end_turn'), false);
    expect(output).not.toContain('usage');
    expect(output.endsWith('data: [DONE]\n\n')).toBe(true);
  });

  it('gives a tool without input the arguments {}', () => {
    expect(
      relay(start + tool(0, 'toolu_1') + tool(1, 'toolu_2', '') + end('tool_use')).calls,
    ).toEqual([
      ['toolu_1', 'f', '{}'],
      ['toolu_2', 'f', '{}'],
    ]);
  });

  it('passes input fragments on unparsed', () => {
    const { calls, finish } = relay(
      start +
        text(0, 'let me') +
        tool(1, 'toolu_1', '', '{"n":1234567', '8901234567890,"f":1.0}') +
        end('tool_use'),
    );
    expect(calls).toEqual([['toolu_1', 'f', '{"n":12345678901234567890,"f":1.0}']]);
    expect(finish).toBe('tool_calls');
  });

  it('takes input that comes whole at the start of its block', () => {
    const block =
      'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":{"n":12345678901234567890}}}\n\n';
    expect(relay(start + block + close(0) + end('tool_use')).calls).toEqual([
      ['t', 'f', '{"n":12345678901234567890}'],
    ]);
  });

  it('shows thinking as reasoning_content, and hands its signature out for the way back', () => {
    const { reasoning, chunks } = relay(
      start +
        open(0, { type: 'thinking', thinking: '', signature: '' }) +
        delta(0, { type: 'thinking_delta', thinking: 'hm' }) +
        delta(0, { type: 'signature_delta', signature: 'SIG' }) +
        close(0) +
        text(1, 'a') +
        end('end_turn'),
    );
    expect(reasoning).toBe('hm');
    const format = 'anthropic-claude-v1';
    expect(JSON.stringify(chunks)).toMatch(
      /"reasoning_details":\[\{"type":"reasoning.text","text":"hm","signature":"[\w-]+",/,
    );
    expect(JSON.stringify(chunks)).toContain(`"format":"${format}","index":0}]`);
  });

  it('joins text that citations have split, and shows where it came from', () => {
    const citation = {
      type: 'web_search_result_location',
      url: 'https://e.example',
      title: 'E',
      cited_text: 'x',
    };
    const cited =
      open(1, { type: 'text', text: '' }) +
      delta(1, { type: 'citations_delta', citation }) +
      delta(1, { type: 'text_delta', text: 'b' }) +
      close(1);
    const { text: joined, output } = relay(
      start + text(0, 'a') + cited + text(2, 'c') + end('end_turn'),
    );
    expect(joined).toBe('abc');
    expect(output).toContain('"url_citation"');
    expect(output).toContain('https://e.example');
  });

  it('makes no client call of what a hosted tool did', () => {
    const hosted =
      open(0, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }) +
      delta(0, { type: 'input_json_delta', partial_json: '{"q":1}' }) +
      close(0) +
      open(1, { type: 'web_search_tool_result', content: [] }) +
      close(1);
    const {
      calls,
      finish,
      text: answer,
    } = relay(start + hosted + text(2, 'found') + end('end_turn'));
    expect([calls, finish, answer]).toEqual([[], 'stop', 'found']);
  });

  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['refusal', 'content_filter'],
    ['pause_turn', 'stop'],
    ['something_new', 'stop'],
  ])('ends %s with %s', (reason, finish) => {
    expect(relay(start + text(0, 'a') + end(reason)).finish).toBe(finish);
  });

  it('tells why it was refused', () => {
    const { output } = relay(
      start + end('refusal', { stop_details: { type: 'refusal', explanation: 'not this' } }),
    );
    expect(output).toContain('"refusal":"not this"');
  });

  it('may be empty', () => {
    expect(relay(start + end('stop_sequence'))).toMatchObject({
      text: '',
      calls: [],
      finish: 'stop',
    });
  });

  it('puts blocks that overlap one behind the other, as llama-server sends them', () => {
    const { reasoning, text: answer } = relay(
      start +
        open(0, { type: 'thinking', thinking: '' }) +
        delta(0, { type: 'thinking_delta', thinking: 'hm' }) +
        open(1, { type: 'text', text: '' }) +
        delta(1, { type: 'text_delta', text: 'a' }) +
        delta(0, { type: 'signature_delta', signature: '' }) +
        close(0) +
        close(1) +
        end('end_turn'),
    );
    expect([reasoning, answer]).toEqual(['hm', 'a']);
  });

  it('takes thinking that comes in a text block for thinking', () => {
    const { reasoning, text: answer } = relay(
      start +
        open(0, { type: 'text', text: '' }) +
        delta(0, { type: 'thinking_delta', thinking: 'hm' }) +
        delta(0, { type: 'text_delta', text: 'a' }) +
        close(0) +
        end('end_turn'),
    );
    expect([reasoning, answer]).toEqual(['hm', 'a']);
  });

  it('survives missing event names, blocks that are never closed, a second start, [DONE] and CRLF', () => {
    const messy = (
      start +
      start +
      open(0, { type: 'text', text: '' }) +
      delta(0, { type: 'text_delta', text: 'a' }) +
      end('end_turn') +
      'data: [DONE]\n\n'
    )
      .replaceAll(/^event: .*\n/gm, '')
      .replaceAll('\n', '\r\n');
    expect(relay(messy)).toMatchObject({ text: 'a', finish: 'stop' });
  });

  it('is complete once a stop_reason was seen, even without message_stop', () => {
    expect(
      relay(start + text(0, 'a') + sse('message_delta', { delta: { stop_reason: 'end_turn' } }))
        .finish,
    ).toBe('stop');
  });

  it.each([
    [
      'an error event',
      sse('error', { error: { type: 'overloaded_error', message: 'Overloaded' } }),
      'upstream_overloaded',
    ],
    [
      'a bare error event',
      'event: error\ndata: {"code":500,"message":"x","type":"server_error"}\n\n',
      'upstream_error',
    ],
    ['a close without an end', '', 'upstream_stream_interrupted'],
    ['message_stop without a stop_reason', sse('message_stop'), 'upstream_stream_interrupted'],
    ['torn JSON', 'event: x\ndata: {"type":"cont\n\n', 'upstream_invalid_response'],
  ])('ends in an error object and no [DONE] after %s', (_, last, code) => {
    const { chunks, output, finish } = relay(start + text(0, 'a') + last);
    expect(chunks.at(-1)).toMatchObject({
      error: { code, message: expect.any(String) as string, param: null, type: 'server_error' },
    });
    expect(output).not.toContain('[DONE]');
    expect(finish).toBeUndefined();
  });
});
