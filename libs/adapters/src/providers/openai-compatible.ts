import type { ProviderDefinition } from '../provider-definition.js';

/** OpenAI itself and everything that speaks its chat completions. The base URL ends in `/v1`. */
export const openaiCompatible: ProviderDefinition = {
  protocol: 'openai-chat',
  inferencePath: '/chat/completions',
  authHeaders: (credential) =>
    credential === null ? [] : ['authorization', `Bearer ${credential}`],
  forwardedHeaders: ['openai-beta', 'idempotency-key'],
  returnedHeaders: ['openai-processing-ms', 'openai-version'],
  apiVersion: () => null,
};
