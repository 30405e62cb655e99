import { describe, expect, it } from 'vitest';
import { protocols, type StreamTap } from './index.js';

const chat = protocols['openai-chat'];
const latin1 = (text: string): string => Buffer.from(text).toString('latin1');
const data = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;
const chunk = (delta: object, finish_reason: string | null = null, extra: object = {}): string =>
  data({ id: 'c', model: 'm', choices: [{ index: 0, delta, finish_reason }], ...extra });
const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
const done = 'data: [DONE]\n\n';

function run(tap: StreamTap, text: string, size = text.length): string {
  let output = '';
  for (let at = 0; at < text.length; at += size) output += tap.push(text.slice(at, at + size));
  return output + tap.end();
}

describe('a chat stream passed through', () => {
  const stream = latin1(
    chunk({ role: 'assistant', content: 'grüß' }) +
      chunk({}, 'stop') +
      data({ id: 'c', choices: [], usage }) +
      done,
  );

  it('comes out as it went in, and tells usage, finish and model', () => {
    const tap = chat.createStreamTap(false);
    expect(run(tap, stream, 7)).toBe(stream);
    expect(tap.facts).toMatchObject({
      model: 'm',
      finishReason: 'stop',
      isComplete: true,
      error: null,
      usage: { inputTokens: 3, outputTokens: 2 },
    });
    expect(tap.facts.outputChars).toBeGreaterThanOrEqual(4);
  });

  it('loses only the usage event that the caller did not ask for', () => {
    const tap = chat.createStreamTap(true);
    expect(run(tap, stream, 5)).toBe(
      latin1(chunk({ role: 'assistant', content: 'grüß' }) + chunk({}, 'stop') + done),
    );
    expect(tap.facts.usage.outputTokens).toBe(2);
  });

  it('keeps the usage that stands in an event with content, and empty events of another kind', () => {
    const mixed =
      data({ choices: [], prompt_filter_results: [] }) +
      chunk({ content: 'a' }, 'stop', { usage }) +
      done;
    const tap = chat.createStreamTap(true);
    expect(run(tap, mixed)).toBe(mixed);
    expect(tap.facts.usage.inputTokens).toBe(3);
  });

  describe('that an engine closes as if all were well', () => {
    const half = chunk({ role: 'assistant', content: 'half' });
    const error = data({ error: { message: 'broke', type: 'server_error', code: 500 } });

    it.each([
      ['an error and then a finish', half + error + chunk({}, 'stop') + done, half + error],
      ['an error and then more text', half + error + chunk({ content: 'x' }) + done, half + error],
      ['an error and then [DONE]', half + error + done, half + error],
      ['[DONE] without a finish', half + done, half],
    ])('keeps back what is false: %s', (_, sent, kept) => {
      for (const isHidden of [true, false]) {
        const tap = chat.createStreamTap(isHidden);
        expect(run(tap, sent)).toBe(kept);
        expect(tap.facts).toMatchObject({ isComplete: false, isTerminated: false });
        const byEvent = chat.createStreamTap(isHidden);
        const events = sent.split(/(?<=\n\n)/);
        expect(events.map((event) => byEvent.push(event)).join('') + byEvent.end()).toBe(kept);
      }
    });
  });

  it('takes no block without a data line for an event, as the decoder does', () => {
    const tap = chat.createStreamTap(false);
    const odd = ` data: {"choices":[]}\n\n: comment on data\n\n`;
    expect(tap.push(odd)).toBe(odd);
    expect(tap.sawEvent).toBe(false);
    run(tap, stream);
    expect(tap.facts).toMatchObject({ isComplete: true, error: null });
  });

  it('holds back no more than the event that is not whole yet', () => {
    const tap = chat.createStreamTap(true);
    const first = chunk({ content: 'a' });
    expect(tap.push(`${first}data: {"cho`)).toBe(first);
    expect(tap.end()).toBe('data: {"cho');
  });

  it('reads white space in JSON, usage in odd places and CRLF', () => {
    const odd =
      'data: {"model": "m", "choices": [{"index": 0, "delta": {}, "finish_reason": "length"}], "x_groq": {"usage": {"prompt_tokens": 3, "completion_tokens": 2}}}\r\n\r\n';
    const tap = chat.createStreamTap(false);
    run(tap, odd, 1);
    expect(tap.facts).toMatchObject({
      finishReason: 'length',
      isComplete: true,
      usage: { outputTokens: 2 },
    });
  });

  it('does not count comments as events', () => {
    const tap = chat.createStreamTap(false);
    tap.push(': OPENROUTER PROCESSING\n\n');
    expect(tap.sawEvent).toBe(false);
    tap.push(chunk({ role: 'assistant' }));
    expect(tap.sawEvent).toBe(true);
  });

  it('is not misled by JSON inside of the text', () => {
    const tap = chat.createStreamTap(true);
    const text = chunk({
      content: '{"error":{"message":"x"},"usage":{"prompt_tokens":9},"finish_reason":"stop"}',
    });
    expect(run(tap, chunk({ role: 'assistant' }) + text)).toContain('prompt_tokens');
    expect(tap.facts).toMatchObject({ error: null, finishReason: null, isComplete: false });
    expect(tap.facts.usage.inputTokens).toBeNull();
  });

  it.each([
    ['[DONE] without a finish', chunk({ content: 'a' }) + done],
    ['a close without a finish', chunk({ content: 'a' })],
    ['an error', chunk({ content: 'a' }) + data({ error: { message: 'b' } })],
    [
      'an error before a clean finish',
      data({ error: { message: 'b' } }) + chunk({}, 'stop') + done,
    ],
    [
      'a named, bare error',
      `event: error\n${data({ code: 500, message: 'b' })}${chunk({}, 'stop')}${done}`,
    ],
    [
      'an error inside a choice',
      data({ choices: [{ delta: {}, error: { message: 'b' }, finish_reason: 'error' }] }) + done,
    ],
  ])('is not complete after %s', (_, text) => {
    const tap = chat.createStreamTap(false);
    run(tap, text, 11);
    expect(tap.facts.isComplete).toBe(false);
  });

  it('is not complete before it is closed or done', () => {
    const tap = chat.createStreamTap(false);
    tap.push(chunk({ content: 'a' }, 'stop'));
    expect(tap.facts.isComplete).toBe(false);
    tap.end();
    expect(tap.facts.isComplete).toBe(true);
  });

  it('tells an error in its own script', () => {
    const tap = chat.createStreamTap(false);
    run(tap, latin1(data({ error: { message: 'zu groß 模型', code: 429 } })));
    expect(tap.facts.error).toMatchObject({
      code: 'upstream_rate_limited',
      message: 'zu groß 模型',
    });
  });

  it('with an event of a megabyte in small pieces takes linear time', () => {
    const tap = chat.createStreamTap(true);
    const text = chunk({ content: 'x'.repeat(1_000_000) });
    expect(run(tap, text, 64)).toBe(text);
    expect(tap.facts.outputChars).toBe(1_000_000);
  });
});

describe('an Anthropic stream passed through', () => {
  const sse = (type: string, members: object): string =>
    `event: ${type}\n${data({ type, ...members })}`;
  const start = sse('message_start', {
    message: {
      id: 'msg_1',
      model: 'claude',
      usage: { input_tokens: 5, cache_read_input_tokens: 90, output_tokens: 1 },
    },
  });
  const text = sse('content_block_delta', {
    index: 0,
    delta: { type: 'text_delta', text: 'hello' },
  });
  const end = sse('message_delta', {
    delta: { stop_reason: 'end_turn' },
    usage: { output_tokens: 7 },
  });
  const stop = sse('message_stop', {});

  it('tells cumulative usage over all events', () => {
    const tap = protocols['anthropic-messages'].createStreamTap(true);
    expect(run(tap, start + text + end + stop, 9)).toBe(start + text + end + stop);
    expect(tap.facts).toMatchObject({
      model: 'claude',
      finishReason: 'stop',
      isComplete: true,
      outputChars: 5,
      usage: { inputTokens: 95, cacheReadTokens: 90, outputTokens: 7 },
    });
  });

  it('is complete without message_stop, and not without a stop_reason or with an error', () => {
    const factsOf = (stream: string): boolean => {
      const tap = protocols['anthropic-messages'].createStreamTap(false);
      run(tap, stream);
      return tap.facts.isComplete;
    };
    expect(factsOf(start + end)).toBe(true);
    expect(factsOf(start + text + stop)).toBe(false);
    expect(
      factsOf(start + end + sse('error', { error: { type: 'api_error', message: 'x' } })),
    ).toBe(false);
  });
});
