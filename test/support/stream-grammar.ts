import type { ProtocolId } from '#translation';
import { checkAnthropicMessagesStream } from './stream-grammar/anthropic-messages.js';
import { checkGeminiGenerateStream } from './stream-grammar/gemini-generate.js';
import { checkOpenaiChatStream } from './stream-grammar/openai-chat.js';
import { checkOpenaiResponsesStream } from './stream-grammar/openai-responses.js';
import type { StreamRules } from './stream-grammar/stream-rules.js';

const grammars: Readonly<Record<string, (stream: string, rules: StreamRules) => string[]>> = {
  'anthropic-messages': checkAnthropicMessagesStream,
  'gemini-generate': checkGeminiGenerateStream,
  'openai-chat': checkOpenaiChatStream,
  'openai-responses': checkOpenaiResponsesStream,
};

/**
 * What any stream we send must keep to, whatever the upstream did: the broken rules in words; an empty list is a pass.
 * @throws when no one has written down the grammar of the protocol
 */
export function checkStream(protocol: ProtocolId, stream: string, rules: StreamRules): string[] {
  const check = grammars[protocol];
  if (check === undefined) throw new Error(`there is no stream grammar for ${protocol}`);
  return check(stream, rules);
}
