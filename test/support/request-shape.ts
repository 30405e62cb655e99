import type { ProtocolId } from '#translation';
import { checkMessagesRequest } from './request-shape/anthropic-messages.js';
import { checkGenerateRequest } from './request-shape/gemini-generate.js';
import { checkChatRequest } from './request-shape/openai-chat.js';
import { checkResponsesRequest } from './request-shape/openai-responses.js';
import { isJsonObject, parseObject, RuleBook, type Json } from './stream-grammar/rule-book.js';

const shapes: Readonly<Record<string, (body: Json, book: RuleBook) => void>> = {
  'anthropic-messages': checkMessagesRequest,
  'gemini-generate': checkGenerateRequest,
  'openai-chat': checkChatRequest,
  'openai-responses': checkResponsesRequest,
};

/** Why an upstream of the protocol would refuse the body, in words; an empty list is a pass. */
export function checkRequest(protocol: ProtocolId, text: string): string[] {
  const book = new RuleBook();
  const check = shapes[protocol];
  if (check === undefined) throw new Error(`there is no request shape for ${protocol}`);
  book.holds(isJsonObject(text), 'a request is a JSON object');
  check(parseObject(text), book);
  return book.broken;
}
