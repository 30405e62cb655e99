import type { WireProtocolId } from '#translation';
import type { ProviderDefinition } from './provider-definition.js';
import { anthropic } from './providers/anthropic.js';
import { gemini } from './providers/gemini.js';
import { openaiCompatible } from './providers/openai-compatible.js';

/** How each protocol is spoken to upstreams: one line here, and a file where it is not OpenAI's way. */
export const providerDefinitions: Readonly<Record<WireProtocolId, ProviderDefinition>> = {
  'openai-chat': openaiCompatible('openai-chat', '/chat/completions', [
    'openai-completions',
    'openai-embeddings',
  ]),
  'openai-responses': openaiCompatible('openai-responses', '/responses', ['openai-embeddings']),
  'openai-completions': openaiCompatible('openai-completions', '/completions'),
  'openai-embeddings': openaiCompatible('openai-embeddings', '/embeddings'),
  'anthropic-messages': anthropic,
  'gemini-generate': gemini,
};
