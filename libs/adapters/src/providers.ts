import type { ProtocolId } from '#translation';
import type { ProviderDefinition } from './provider-definition.js';
import { anthropic } from './providers/anthropic.js';
import { openaiCompatible } from './providers/openai-compatible.js';

/** Every kind of provider the gateway can speak to: one file and one line here. */
export const providerDefinitions: Readonly<Record<ProtocolId, ProviderDefinition>> = {
  'openai-chat': openaiCompatible,
  'anthropic-messages': anthropic,
};
