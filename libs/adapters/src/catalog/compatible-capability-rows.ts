import { effortLadders, type CapabilityRow } from './capability-row.js';

/** Providers that speak a dialect of chat completions. */
export const compatibleCapabilityRows: readonly CapabilityRow[] = [
  {
    host: /(^|\.)generativelanguage\.googleapis\.com$/,
    protocol: 'openai-chat',
    capabilities: {
      effortLevels: effortLadders.minimalToHigh,
      thinkingModes: ['off'],
      maxStopSequences: 5,
      refusedFields: ['allowed_tools', 'logit_bias', 'service_tier', 'user'],
    },
    source: 'ai.google.dev, OpenAI compatibility',
    date: '2026-08-21',
  },
  {
    host: /(^|\.)generativelanguage\.googleapis\.com$/,
    model: /gemini-([3-9]|\d\d)/,
    capabilities: { needsCallSignatures: true },
    source: 'ai.google.dev, thought signatures: Gemini 3 answers 400 to unsigned calls',
    date: '2026-08-21',
  },
  {
    model: /gemini-(2\.5-pro|3.*pro)/,
    capabilities: { thinkingModes: [] },
    source: 'ai.google.dev, thinking: "off" is not possible on Pro models',
    date: '2026-08-21',
  },
  {
    host: /(^|\.)mistral\.ai$/,
    capabilities: {
      toolCallIds: 'mistral',
      takesPrefill: true,
      inputs: ['image', 'image-url'],
      extraFields: ['prefix', 'random_seed', 'safe_prompt', 'prompt_mode'],
      refusedFields: [
        'max_completion_tokens',
        'stream_options',
        'allowed_tools',
        'strict',
        'logprobs',
        'logit_bias',
        'seed',
        'user',
        'service_tier',
      ],
    },
    source: 'recorded 400 "Logprobs are not enabled"; vercel/ai packages/mistral',
    date: '2026-11-21',
  },
  {
    host: /(^|\.)deepseek\.com$/,
    protocol: 'openai-chat',
    capabilities: {
      inputs: [],
      outputFormats: ['json-object'],
      takesReasoningText: true,
      refusedFields: ['max_completion_tokens', 'allowed_tools', 'service_tier', 'user', 'n'],
      extraFields: ['thinking', 'prefix'],
    },
    source: 'recorded 400 "unknown variant `image_url`, expected `text`"; api-docs.deepseek.com',
    date: '2026-11-21',
  },
  {
    host: /(^|\.)groq\.com$/,
    capabilities: {
      inputs: ['image', 'image-url'],
      refusedFields: ['allowed_tools', 'logprobs', 'logit_bias', 'n'],
      extraFields: ['reasoning_format', 'include_reasoning'],
    },
    source: 'console.groq.com, OpenAI compatibility: unsupported fields',
    date: '2026-11-21',
  },
  {
    host: /(^|\.)groq\.com$/,
    model: /gpt-oss/,
    capabilities: { effortLevels: effortLadders.upToHigh },
    source: 'console.groq.com, reasoning',
    date: '2026-11-21',
  },
  {
    host: /(^|\.)x\.ai$/,
    model: /grok-(3-mini|4)/,
    capabilities: {
      refusedFields: ['stop', 'presence_penalty', 'frequency_penalty', 'logit_bias'],
    },
    source: 'docs.x.ai, reasoning models',
    date: '2026-11-21',
  },
  {
    host: /(^|\.)x\.ai$/,
    model: /grok-3-mini/,
    capabilities: { effortLevels: ['low', 'high'] },
    source: 'docs.x.ai, reasoning models',
    date: '2026-11-21',
  },
  {
    host: /(^|\.)together\.(xyz|ai)$/,
    capabilities: {
      takesTopK: true,
      inputs: ['image', 'image-url'],
      refusedFields: ['max_completion_tokens', 'allowed_tools', 'service_tier', 'user'],
      extraFields: ['min_p', 'repetition_penalty', 'chat_template_kwargs'],
    },
    source: 'docs.together.ai, chat completions',
    date: '2026-11-21',
  },
  {
    host: /(^|\.)openrouter\.ai$/,
    protocol: 'openai-chat',
    capabilities: {
      takesTopK: true,
      effortLevels: effortLadders.minimalToXhigh,
      thinkingModes: ['off'],
      extraFields:
        'min_p top_a repetition_penalty reasoning provider models route transforms plugins usage'.split(
          ' ',
        ),
    },
    source: 'openrouter.ai/docs, API parameters',
    date: '2026-11-21',
  },
  {
    host: /(^|\.)openrouter\.ai$/,
    protocol: 'openai-chat',
    model: /^(anthropic|google)\//,
    capabilities: { cacheMarks: 'anthropic' },
    source: 'openrouter.ai/docs, prompt caching',
    date: '2026-11-21',
  },
];
