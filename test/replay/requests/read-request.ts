import type { Json } from '../../support/stream-grammar/rule-book.js';
import { readAnthropicMessagesRequest } from './read-anthropic-messages.js';
import { readGeminiGenerateRequest } from './read-gemini-generate.js';
import { readOpenaiChatRequest } from './read-openai-chat.js';
import { readOpenaiCompletionsRequest } from './read-openai-completions.js';
import { readOpenaiResponsesRequest } from './read-openai-responses.js';
import type { RequestReading } from './request-reading.js';

const readers: Readonly<Record<string, (body: Json) => RequestReading>> = {
  'anthropic-messages': readAnthropicMessagesRequest,
  'gemini-generate': readGeminiGenerateRequest,
  'openai-chat': readOpenaiChatRequest,
  'openai-completions': readOpenaiCompletionsRequest,
  'openai-responses': readOpenaiResponsesRequest,
};

/** What a request says, read without any of the code it is to judge. */
export function readRequest(protocol: string, body: Json): RequestReading {
  const read = readers[protocol];
  if (read === undefined) throw new Error(`there is no reader of ${protocol} requests`);
  return read(body);
}
