import { describe, expect, it } from 'vitest';
import { defaultCapabilities, type WireProtocolId } from '#translation';
import { chooseProtocol } from './choose-protocol.js';

function target(spoken: readonly WireProtocolId[], needsResponsesForReasoningTools = false) {
  const capabilities = {
    ...defaultCapabilities('openai-chat', false),
    needsResponsesForReasoningTools,
  };
  return { label: 'provider:a/b', spoken, capabilities: () => capabilities };
}

describe('chooseProtocol', () => {
  it('keeps the caller’s own where the target speaks it', () => {
    const both = target(['openai-chat', 'anthropic-messages']);
    expect(chooseProtocol('anthropic-messages', both, {})).toBe('anthropic-messages');
  });

  it('takes the first the target prefers that can be translated', () => {
    const many = target(['openai-completions', 'anthropic-messages', 'openai-chat']);
    const embedder = target(['openai-embeddings']);
    expect(chooseProtocol('openai-embeddings', embedder, {})).toBe('openai-embeddings');
    expect(chooseProtocol('openai-chat', target(['anthropic-messages']), {})).toBe(
      'anthropic-messages',
    );
    expect(chooseProtocol('openai-completions', many, {})).toBe('openai-completions');
  });

  it('says of embeddings that only a target with that API gives them', () => {
    expect(() => chooseProtocol('openai-embeddings', target(['openai-chat']), {})).toThrow(
      /provider:a\/b has no embeddings API/,
    );
  });

  describe('edge 44: where chat completions refuse tools together with reasoning', () => {
    const openai = target(['openai-chat', 'openai-responses'], true);
    const asks = { hasTools: true, kept: { reasoning_effort: 'high' } };

    it('sends such a request to Responses', () => {
      expect(chooseProtocol('openai-chat', openai, asks)).toBe('openai-responses');
      expect(chooseProtocol('anthropic-messages', openai, { hasTools: true })).toBe(
        'openai-responses',
      );
    });

    it.each([
      { hasTools: false, kept: { reasoning_effort: 'high' } },
      { hasTools: true, kept: { reasoning_effort: 'none' } },
      { hasTools: true, kept: {} },
    ])('passes others on as they are: %j', (envelope) => {
      expect(chooseProtocol('openai-chat', openai, envelope)).toBe('openai-chat');
    });

    it('has no other way where the target speaks chat alone', () => {
      expect(chooseProtocol('openai-chat', target(['openai-chat'], true), asks)).toBe(
        'openai-chat',
      );
    });
  });
});
