import { describe, expect, it } from 'vitest';
import { chooseProtocol } from './choose-protocol.js';

describe('chooseProtocol', () => {
  it('keeps the caller’s own where the target speaks it', () => {
    const spoken = ['openai-chat', 'anthropic-messages'] as const;
    expect(chooseProtocol('anthropic-messages', { label: 't', spoken })).toBe('anthropic-messages');
  });

  it('takes the first the target prefers that can be translated', () => {
    const spoken = ['openai-completions', 'anthropic-messages', 'openai-chat'] as const;
    expect(chooseProtocol('openai-embeddings', { label: 't', spoken: ['openai-embeddings'] })).toBe(
      'openai-embeddings',
    );
    expect(chooseProtocol('openai-chat', { label: 't', spoken: ['anthropic-messages'] })).toBe(
      'anthropic-messages',
    );
    expect(chooseProtocol('openai-completions', { label: 't', spoken })).toBe('openai-completions');
  });

  it('says of embeddings that only a target with that API gives them', () => {
    expect(() =>
      chooseProtocol('openai-embeddings', { label: 'provider:a/b', spoken: ['openai-chat'] }),
    ).toThrow(/provider:a\/b has no embeddings API/);
  });
});
