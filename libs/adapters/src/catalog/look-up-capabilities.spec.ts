import { describe, expect, it } from 'vitest';
import { defaultCapabilities, type ProtocolId } from '#translation';
import { capabilityRows, lookUpCapabilities } from './look-up-capabilities.js';

const at = (baseUrl: string, model: string, protocol: ProtocolId = 'openai-chat') =>
  lookUpCapabilities({ protocol, isLocal: false, baseUrl, model });
const claude = (model: string) => at('https://api.anthropic.com', model, 'anthropic-messages');
const engine = (id: string) =>
  lookUpCapabilities({
    protocol: 'openai-chat',
    isLocal: true,
    baseUrl: 'http://127.0.0.1:8080',
    engine: id,
    model: 'qwen3',
  });

describe('lookUpCapabilities', () => {
  it('assumes of a model that no row describes what is assumed of any', () => {
    expect(at('https://proxy.example/v1', 'kimi-k2')).toEqual(
      defaultCapabilities('openai-chat', false),
    );
    expect(at('not a url', 'm')).toEqual(defaultCapabilities('openai-chat', false));
  });

  it.each<[string, boolean]>([
    ['claude-3-5-sonnet-20241022', true],
    ['claude-sonnet-4-20250514', true],
    ['claude-opus-4-6', true],
    ['claude-opus-4-7', false],
    ['claude-opus-5', false],
    ['anthropic/claude-sonnet-5', false],
  ])('knows whether %s takes sampling: %s', (model, expected) => {
    expect(claude(model).takesSampling).toBe(expected);
  });

  it('leaves models of others behind the Messages API their sampling', () => {
    expect(at('https://api.moonshot.ai/anthropic', 'kimi-k2', 'anthropic-messages')).toMatchObject({
      takesSampling: true,
      cacheMarks: 'anthropic-without-ttl',
    });
  });

  it('knows levels of effort by family', () => {
    expect(at('https://api.openai.com/v1', 'o3-mini').effortLevels).toEqual([
      'low',
      'medium',
      'high',
    ]);
    expect(at('https://x.openai.azure.com/v1', 'gpt-5.2').thinkingModes).toEqual(['off']);
    expect(at('https://api.openai.com/v1', 'gpt-6-astra')).toMatchObject({
      thinkingModes: [],
      takesSampling: false,
      cacheMarks: 'openai',
      needsResponsesForReasoningTools: true,
    });
    expect(claude('claude-opus-4-6').effortLevels).toEqual(['low', 'medium', 'high', 'max']);
  });

  it('knows what Mistral refuses', () => {
    const { refusedFields, toolCallIds } = at('https://api.mistral.ai/v1', 'mistral-small-latest');
    expect(toolCallIds).toBe('mistral');
    expect(refusedFields).toEqual(
      expect.arrayContaining(['stream_options', 'max_completion_tokens', 'logprobs', 'strict']),
    );
  });

  it('tells local engines apart', () => {
    expect(engine('llama-server').forcedTools).toBe('any');
    expect(engine('ollama').forcedTools).toBe('none');
    expect(engine('vllm').extraFields).toContain('continue_final_message');
    expect(engine('embedded').extraFields).toEqual(['min_p']);
    expect(engine('attached')).toEqual(defaultCapabilities('openai-chat', true));
  });

  it('takes no name of a host for that of another', () => {
    expect(at('https://api.mistral.ai.evil.example/v1', 'x').toolCallIds).toBe('any');
    expect(at('https://notopenai.com/v1', 'gpt-6').takesSampling).toBe(true);
  });

  it('says of every row where it comes from and since when', () => {
    for (const { source, date } of capabilityRows) {
      expect(source).not.toBe('');
      expect(date).toMatch(/^20\d\d-\d\d-\d\d$/);
    }
  });
});
