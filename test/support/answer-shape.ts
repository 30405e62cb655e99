import type { ProtocolId } from '#translation';
import { anthropicStopReasons } from './stream-grammar/anthropic-messages.js';
import { checkGeminiUsage, geminiFinishReasons } from './stream-grammar/gemini-generate.js';
import { checkChatUsage } from './stream-grammar/openai-chat.js';
import { checkResponsesUsage } from './stream-grammar/openai-responses.js';
import {
  isCount,
  isJsonObject,
  listOf,
  objectOf,
  parseObject,
  RuleBook,
  type Json,
} from './stream-grammar/rule-book.js';

const shapes: Readonly<Record<string, (answer: Json, book: RuleBook) => void>> = {
  'anthropic-messages': checkMessage,
  'gemini-generate': checkGenerated,
  'openai-chat': checkCompletion,
  'openai-responses': checkResponse,
};

/** The broken rules of a whole, unstreamed answer in words; an empty list is a pass. */
export function checkAnswer(protocol: ProtocolId, text: string): string[] {
  const book = new RuleBook();
  const check = shapes[protocol];
  if (check === undefined) throw new Error(`there is no answer shape for ${protocol}`);
  book.holds(isJsonObject(text), 'a whole answer is a JSON object');
  check(parseObject(text), book);
  return book.broken;
}

function checkMessage(answer: Json, book: RuleBook): void {
  const { id, type, role, model, content, stop_reason: reason } = answer;
  book.holds(typeof id === 'string' && /^msg_[\w-]+$/.test(id), 'id is msg_…');
  book.holds(type === 'message' && role === 'assistant', 'an assistant message');
  book.holds(typeof model === 'string', 'model is there');
  book.holds(Array.isArray(content), 'content is a list');
  book.holds(anthropicStopReasons.includes(String(reason)), `stop_reason ${String(reason)}`);
  book.holds('stop_sequence' in answer, 'stop_sequence is there');
  const usage = objectOf(answer['usage']);
  book.holds(isCount(usage['input_tokens']) && isCount(usage['output_tokens']), 'usage counts');
  const blocks = listOf(content);
  const calls = blocks.filter((block) => block['type'] === 'tool_use');
  const mayDiffer = ['max_tokens', 'refusal', 'pause_turn'].includes(String(reason));
  book.holds(
    mayDiffer || calls.length > 0 === (reason === 'tool_use'),
    'A11 tool_use blocks and stop_reason agree',
  );
  const ids = calls.map((call) => String(call['id']));
  book.holds(
    new Set(ids).size === ids.length && ids.every((callId) => /^[a-zA-Z0-9_-]+$/.test(callId)),
    'A12 tool ids are plain and unique',
  );
  for (const block of blocks) {
    const { type: kind } = block;
    if (kind === 'text') book.holds(typeof block['text'] === 'string', 'a text block has text');
    if (kind === 'thinking')
      book.holds(
        typeof block['thinking'] === 'string' && typeof block['signature'] === 'string',
        'a thinking block has thinking and signature',
      );
    if (kind === 'tool_use')
      book.holds(isJsonObject(JSON.stringify(block['input'])), 'A7 input is an object');
  }
}

function checkCompletion(answer: Json, book: RuleBook): void {
  const { id, object, created, model } = answer;
  book.holds(typeof id === 'string' && typeof model === 'string', 'id and model are there');
  book.holds(object === 'chat.completion' && isCount(created), 'a chat.completion with a time');
  const [choice, ...others] = listOf(answer['choices']);
  book.holds(choice !== undefined && others.length === 0, 'one choice');
  const message = objectOf(choice?.['message']);
  const { content } = message;
  book.holds(message['role'] === 'assistant', 'the role is assistant');
  book.holds(content === null || typeof content === 'string', 'content is a string or null');
  book.holds('refusal' in message, 'refusal is there');
  const reason = String(choice?.['finish_reason']);
  book.holds(
    ['stop', 'length', 'tool_calls', 'content_filter'].includes(reason),
    `finish_reason ${reason}`,
  );
  const calls = listOf(message['tool_calls']);
  const isCut = reason === 'length' || reason === 'content_filter';
  book.holds(isCut || calls.length > 0 === (reason === 'tool_calls'), 'C8 calls and finish agree');
  book.holds(
    content !== null || calls.length > 0 || (message['refusal'] ?? null) !== null,
    'content is null only beside calls or a refusal',
  );
  book.holds(new Set(calls.map((call) => call['id'])).size === calls.length, 'C6 ids are unique');
  for (const call of calls) {
    const target = objectOf(call['function']);
    book.holds(
      typeof call['id'] === 'string' && call['type'] === 'function',
      'C6 a call has id and type',
    );
    book.holds(
      typeof target['name'] === 'string' && typeof target['arguments'] === 'string',
      'C6 a call has name and arguments',
    );
  }
  if (answer['usage'] !== undefined) checkChatUsage(objectOf(answer['usage']), book);
}

function checkResponse(answer: Json, book: RuleBook): void {
  const { id, object, created_at: created, model, status, output } = answer;
  book.holds(typeof id === 'string' && typeof model === 'string', 'id and model are there');
  book.holds(object === 'response' && isCount(created), 'a response with a time');
  book.holds(
    status === 'completed' || status === 'incomplete',
    `status is completed or incomplete, not ${String(status)}`,
  );
  book.holds(
    (status === 'incomplete') ===
      (typeof objectOf(answer['incomplete_details'])['reason'] === 'string'),
    'incomplete_details says why, exactly where incomplete',
  );
  book.holds(Array.isArray(output), 'output is a list');
  const items = listOf(output);
  const ids = items.map((item) => item['id']);
  book.holds(
    new Set(ids).size === ids.length && ids.every((itemId) => typeof itemId === 'string'),
    'R12 item ids are unique',
  );
  for (const item of items) checkOutputItem(item, book);
  checkResponsesUsage(objectOf(answer['usage']), book);
}

function checkOutputItem(item: Json, book: RuleBook): void {
  switch (item['type']) {
    case 'message':
      book.holds(item['role'] === 'assistant', 'a message is the assistant’s');
      for (const part of listOf(item['content'])) {
        const isText = part['type'] === 'output_text' && typeof part['text'] === 'string';
        book.holds(
          isText || (part['type'] === 'refusal' && typeof part['refusal'] === 'string'),
          'a part is output_text or refusal',
        );
        book.holds(!isText || Array.isArray(part['annotations']), 'output_text has annotations');
      }
      return;
    case 'function_call':
      book.holds(
        ['call_id', 'name', 'arguments'].every((name) => typeof item[name] === 'string'),
        'R8 a call has call_id, name and arguments',
      );
      return;
    case 'reasoning':
      book.holds(Array.isArray(item['summary']), 'reasoning has a summary list');
  }
}

function checkGenerated(answer: Json, book: RuleBook): void {
  const [candidate] = listOf(answer['candidates']);
  const blocked = objectOf(answer['promptFeedback'])['blockReason'];
  const reason = candidate?.['finishReason'] ?? blocked;
  book.holds(
    geminiFinishReasons.test(String(reason)),
    `G2 ${String(reason)} is a reason for the end`,
  );
  const content = objectOf(candidate?.['content']);
  if (candidate?.['content'] !== undefined)
    book.holds(content['role'] === 'model', 'the role is model');
  for (const part of listOf(content['parts'])) {
    if (!('functionCall' in part)) continue;
    const { name, args } = objectOf(part['functionCall']);
    book.holds(
      typeof name === 'string' && (args === undefined || isJsonObject(JSON.stringify(args))),
      'G3 a functionCall has a name and object args',
    );
  }
  if (answer['usageMetadata'] !== undefined)
    checkGeminiUsage(objectOf(answer['usageMetadata']), book);
}
