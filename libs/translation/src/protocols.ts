import { anthropicMessages } from './anthropic-messages/protocol.js';
import { openaiChat } from './openai-chat/protocol.js';
import type { Protocol, ProtocolId } from './protocol.js';

/** Every wire protocol the gateway speaks. */
export const protocols: Readonly<Record<ProtocolId, Protocol>> = {
  'openai-chat': openaiChat,
  'anthropic-messages': anthropicMessages,
};
