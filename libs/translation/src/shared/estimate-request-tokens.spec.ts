import { describe, expect, it } from 'vitest';
import { protocols } from '../index.js';
import { estimateRequestTokens } from './estimate-request-tokens.js';

const count = (request: object): number =>
  estimateRequestTokens(
    protocols['anthropic-messages'].decodeRequest(
      JSON.stringify({ model: 'm', max_tokens: 1, ...request }),
    ),
  );

describe('estimateRequestTokens', () => {
  const bare = count({ messages: [{ role: 'user', content: '' }] });

  it('grows with every text that the model reads', () => {
    const text = 'x'.repeat(300);
    const messages = [{ role: 'user', content: text }];
    expect(count({ messages })).toBe(bare + 100);
    expect(count({ system: text, messages })).toBe(bare + 200);
    const tools = [{ name: 'get', description: text, input_schema: { type: 'object' } }];
    expect(count({ messages, tools })).toBeGreaterThan(bare + 200);
  });

  it('counts pictures by the piece, not by their bytes', () => {
    const source = { type: 'base64', media_type: 'image/png', data: 'A'.repeat(900_000) };
    expect(count({ messages: [{ role: 'user', content: [{ type: 'image', source }] }] })).toBe(
      bare + 1_600,
    );
  });

  it('counts calls and results', () => {
    const messages = [
      { role: 'user', content: '' },
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 'a', name: 'get', input: { q: 'x'.repeat(30) } }],
      },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'a', content: 'x'.repeat(60) }],
      },
    ];
    expect(count({ messages })).toBeGreaterThan(bare + 30);
  });
});
