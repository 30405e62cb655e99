interface ProviderPreset {
  readonly title: string;
  readonly name: string;
  readonly protocol: string;
  readonly baseUrl: string;
  /** What it serves besides under the same address, as its API reference says (November 2026). */
  readonly alsoSpeaks?: readonly string[];
}

const openAiCompatible = (title: string, name: string, baseUrl: string): ProviderPreset => ({
  title,
  name,
  protocol: 'openai-chat',
  baseUrl,
});

/** OpenAI itself needs no word: the gateway knows it by its host. */
const withResponses = (preset: ProviderPreset): ProviderPreset => ({
  ...preset,
  alsoSpeaks: ['openai-responses'],
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
  withResponses(openAiCompatible('xAI', 'xai', 'https://api.x.ai/v1')),
  openAiCompatible('Together', 'together', 'https://api.together.xyz/v1'),
  withResponses(
    openAiCompatible('Azure OpenAI', 'azure', 'https://your-resource.openai.azure.com/openai/v1'),
  ),
];
