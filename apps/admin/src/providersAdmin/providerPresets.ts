import type { ProviderProtocol } from './Provider.js';

export interface ProviderPreset {
  readonly title: string;
  readonly name: string;
  readonly protocol: ProviderProtocol;
  readonly baseUrl: string;
}

/** Well-known services; a preset only fills the form. */
export const providerPresets: readonly ProviderPreset[] = [
  {
    title: 'Anthropic',
    name: 'anthropic',
    protocol: 'anthropic-messages',
    baseUrl: 'https://api.anthropic.com',
  },
  {
    title: 'OpenAI',
    name: 'openai',
    protocol: 'openai-chat',
    baseUrl: 'https://api.openai.com/v1',
  },
  {
    title: 'OpenRouter',
    name: 'openrouter',
    protocol: 'openai-chat',
    baseUrl: 'https://openrouter.ai/api/v1',
  },
  {
    title: 'Groq',
    name: 'groq',
    protocol: 'openai-chat',
    baseUrl: 'https://api.groq.com/openai/v1',
  },
  {
    title: 'Mistral',
    name: 'mistral',
    protocol: 'openai-chat',
    baseUrl: 'https://api.mistral.ai/v1',
  },
  {
    title: 'DeepSeek',
    name: 'deepseek',
    protocol: 'openai-chat',
    baseUrl: 'https://api.deepseek.com/v1',
  },
];
