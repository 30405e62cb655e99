import { describe, expect, it } from 'vitest';
import { readToldCapabilities } from './read-told-capabilities.js';

describe('readToldCapabilities', () => {
  it.each<[string, object, object]>([
    ['vLLM', { id: 'm', max_model_len: 4_096 }, { contextTokens: 4_096 }],
    [
      'Groq',
      { id: 'm', context_window: 131_072, max_completion_tokens: 8_192 },
      { contextTokens: 131_072, maxOutputTokens: 8_192 },
    ],
    [
      'Google',
      { name: 'models/m', inputTokenLimit: 1_048_576, outputTokenLimit: 65_536 },
      { contextTokens: 1_048_576, maxOutputTokens: 65_536 },
    ],
    [
      'OpenRouter',
      {
        id: 'a/m',
        context_length: 200_000,
        top_provider: { max_completion_tokens: 64_000 },
        supported_parameters: ['tools', 'temperature', 'response_format'],
      },
      {
        contextTokens: 200_000,
        maxOutputTokens: 64_000,
        takesSampling: true,
        takesTopK: false,
        outputFormats: ['json-object'],
      },
    ],
    [
      'Anthropic',
      {
        type: 'model',
        id: 'claude',
        max_input_tokens: 1_000_000,
        max_tokens: 128_000,
        capabilities: {
          effort: {
            supported: true,
            low: { supported: true },
            high: { supported: true },
            max: { supported: false },
          },
          image_input: { supported: true },
          pdf_input: { supported: false },
          structured_outputs: { supported: true },
        },
      },
      {
        contextTokens: 1_000_000,
        maxOutputTokens: 128_000,
        effortLevels: ['low', 'high'],
        inputs: ['image', 'image-url'],
      },
    ],
    ['OpenAI, which tells nothing', { id: 'gpt', object: 'model', owned_by: 'x' }, {}],
    ['numbers that are none', { context_length: 'many', max_model_len: -1 }, {}],
  ])('reads the form of %s', (_, entry, told) => {
    expect(readToldCapabilities(entry)).toEqual(told);
  });

  it.each([null, 'm', 7, []])('takes %j for nothing', (entry) => {
    expect(readToldCapabilities(entry)).toEqual({});
  });
});
