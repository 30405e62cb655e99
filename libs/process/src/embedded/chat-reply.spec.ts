import { describe, expect, it } from 'vitest';
import { ChatReply } from './chat-reply.js';

const usage = { promptTokens: 3, completionTokens: 2 };
const reply = (includeUsage = false) => new ChatReply('demo', includeUsage);

interface Frame {
  readonly object: string;
  readonly choices: readonly { readonly delta: object; readonly finish_reason: string | null }[];
  readonly usage?: object | null;
}

function frames(text: string): (Frame | '[DONE]')[] {
  return text
    .split('\n\n')
    .filter((record) => record !== '')
    .map((record) => record.replace(/^data: /, ''))
    .map((data) => (data === '[DONE]' ? data : (JSON.parse(data) as Frame)));
}

describe('ChatReply', () => {
  it('streams the role, the text, the end and the last mark', () => {
    const answer = reply();
    const text =
      answer.start() + answer.event({ type: 'content', text: 'Hi' }) + answer.finish('stop', usage);
    const deltas = frames(text).map((frame) =>
      frame === '[DONE]' ? frame : [frame.choices[0]?.delta, frame.choices[0]?.finish_reason],
    );
    expect(deltas).toEqual([
      [{ role: 'assistant', content: '' }, null],
      [{ content: 'Hi' }, null],
      [{}, 'stop'],
      '[DONE]',
    ]);
    expect(text).not.toContain('"usage"');
  });

  it('counts in a chunk of its own, before the last mark, for those who ask', () => {
    const [end, counted, last] = frames(reply(true).finish('length', usage));
    expect(end).toMatchObject({ usage: null, choices: [{ finish_reason: 'length' }] });
    expect(counted).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
    });
    expect(last).toBe('[DONE]');
  });

  it('streams a call with its id and name first, then its arguments in pieces', () => {
    const answer = reply();
    const [opening] = frames(answer.event({ type: 'call', name: 'f' }));
    expect(opening).toMatchObject({
      choices: [
        {
          delta: {
            tool_calls: [
              {
                index: 0,
                id: expect.stringMatching(/^call_\w+$/) as string,
                type: 'function',
                function: { name: 'f', arguments: '' },
              },
            ],
          },
        },
      ],
    });
    const pieces = ['{"a"', ':1}'].map((text) => answer.event({ type: 'arguments', text }));
    expect(
      frames(pieces.join('')).map((frame) => (frame === '[DONE]' ? null : frame.choices[0]?.delta)),
    ).toEqual([
      { tool_calls: [{ index: 0, function: { arguments: '{"a"' } }] },
      { tool_calls: [{ index: 0, function: { arguments: ':1}' } }] },
    ]);
    expect(answer.hasCalls).toBe(true);
  });

  it('collects the same into one message', () => {
    const answer = reply();
    answer.event({ type: 'reasoning', text: 'Hm' });
    answer.event({ type: 'call', name: 'f' });
    answer.event({ type: 'arguments', text: '{"a":' });
    answer.event({ type: 'arguments', text: '1.0}' });
    const whole = JSON.parse(answer.whole('tool_calls', usage)) as { choices: object[] };
    expect(whole).toMatchObject({
      object: 'chat.completion',
      model: 'demo',
      usage: { total_tokens: 5 },
    });
    expect(whole.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        role: 'assistant',
        content: null,
        reasoning_content: 'Hm',
        tool_calls: [{ type: 'function', function: { name: 'f', arguments: '{"a":1.0}' } }],
      },
    });
  });

  it('answers an empty text when the model said nothing', () => {
    const whole = JSON.parse(reply().whole('stop', usage)) as { choices: object[] };
    expect(whole.choices[0]).toMatchObject({ message: { content: '' }, finish_reason: 'stop' });
  });
});
