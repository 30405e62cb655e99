/** Environment variables in which people keep provider keys. Only whether they are set is looked at here. */
const variables: Readonly<Record<string, string>> = {
  OPENAI_API_KEY: 'openai',
  ANTHROPIC_API_KEY: 'anthropic',
  OPENROUTER_API_KEY: 'openrouter',
  MISTRAL_API_KEY: 'mistral',
  DEEPSEEK_API_KEY: 'deepseek',
  GROQ_API_KEY: 'groq',
  XAI_API_KEY: 'xai',
  TOGETHER_API_KEY: 'together',
  GEMINI_API_KEY: 'google',
};

export interface EnvironmentKey {
  readonly provider: string;
  readonly variable: string;
}

/** The names, never the values: a key is used only after it was entered for a provider. */
export function findEnvironmentKeys(
  environment: Readonly<Record<string, string | undefined>>,
): EnvironmentKey[] {
  return Object.entries(variables).flatMap(([variable, provider]) =>
    environment[variable] ? [{ provider, variable }] : [],
  );
}
