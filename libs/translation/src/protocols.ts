import { anthropicMessages } from './anthropic-messages/protocol.js';
import { geminiGenerate } from './gemini-generate/protocol.js';
import { openaiChat } from './openai-chat/protocol.js';
import { openaiCompletions } from './openai-completions/protocol.js';
import { openaiEmbeddings } from './openai-embeddings/protocol.js';
import { openaiResponses } from './openai-responses/protocol.js';
import type { Protocol, ProtocolId, WireProtocol, WireProtocolId } from './protocol.js';

/** Every protocol that is spoken on both sides. */
export const protocols: Readonly<Record<ProtocolId, Protocol>> = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'anthropic-messages': anthropicMessages,
  'gemini-generate': geminiGenerate,
};

/** Every protocol that callers may speak. */
export const wireProtocols: Readonly<Record<WireProtocolId, WireProtocol>> = {
  ...protocols,
  'openai-completions': openaiCompletions,
  'openai-embeddings': openaiEmbeddings,
};
