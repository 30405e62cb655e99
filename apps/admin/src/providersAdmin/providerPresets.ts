interface ProviderPreset {
  readonly title: string;
  readonly name: string;
  readonly protocol: string;
  readonly baseUrl: string;
}

const openAiCompatible = (title: string, name: string, baseUrl: string): ProviderPreset => ({
  title,
  name,
  protocol: 'openai-chat',
  baseUrl,
});

/** Well-known services; a preset only fills the form. */
export const providerPresets: readonly ProviderPreset[] = [
  openAiCompatible('OpenAI', 'openai', 'https://api.openai.com/v1'),
  {
    title: 'Anthropic',
    name: 'anthropic',
    protocol: 'anthropic-messages',
    baseUrl: 'https://api.anthropic.com',
  },
  {
    title: 'Google Gemini',
    name: 'gemini',
    protocol: 'gemini-generate',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
  },
  openAiCompatible('OpenRouter', 'openrouter', 'https://openrouter.ai/api/v1'),
  openAiCompatible('Mistral', 'mistral', 'https://api.mistral.ai/v1'),
  openAiCompatible('DeepSeek', 'deepseek', 'https://api.deepseek.com/v1'),
  openAiCompatible('Groq', 'groq', 'https://api.groq.com/openai/v1'),
  openAiCompatible('xAI', 'xai', 'https://api.x.ai/v1'),
  openAiCompatible('Together', 'together', 'https://api.together.xyz/v1'),
  openAiCompatible('Azure OpenAI', 'azure', 'https://your-resource.openai.azure.com/openai/v1'),
];
