import type { OpaqueToken } from '../canonical/content.js';
import type { ProtocolId } from '../protocol.js';

interface ReasoningFormat {
  readonly origin: ProtocolId;
  readonly word: string;
  /** What a token is that holds all of the reasoning. */
  readonly encryptedKind: OpaqueToken['kind'];
}

/** OpenRouter's words for who made a token: https://openrouter.ai/docs/use-cases/reasoning-tokens */
export const reasoningFormats: readonly ReasoningFormat[] = [
  { origin: 'anthropic-messages', word: 'anthropic-claude-v1', encryptedKind: 'redacted' },
  { origin: 'openai-responses', word: 'openai-responses-v1', encryptedKind: 'encrypted' },
  { origin: 'gemini-generate', word: 'google-gemini-v1', encryptedKind: 'signature' },
];
