import { GatewayError, type Protocol } from '#translation';
import { objectOf, parseObject, type Json } from '../support/stream-grammar/rule-book.js';
import { replyContext } from './outcome.js';
import type { Exchange } from './recordings.js';

const shapes: Readonly<Record<string, (body: Json) => boolean>> = {
  'anthropic-messages': (body) =>
    body['type'] === 'error' &&
    typeof body['request_id'] === 'string' &&
    hasTexts(objectOf(body['error']), 'type', 'message'),
  'gemini-generate': (body) =>
    Number.isInteger(objectOf(body['error'])['code']) &&
    hasTexts(objectOf(body['error']), 'status', 'message'),
  'openai-chat': isOpenaiError,
  'openai-responses': isOpenaiError,
};

function isOpenaiError(body: Json): boolean {
  const error = objectOf(body['error']);
  return hasTexts(error, 'type', 'message') && 'param' in error && 'code' in error;
}

function hasTexts(error: Json, ...names: readonly string[]): boolean {
  return names.every((name) => typeof error[name] === 'string' && error[name] !== '');
}

/** A recorded error answer for a client of any protocol: in its shape, with the upstream's words. */
export function checkError({ response }: Exchange, upstream: Protocol, client: Protocol): string[] {
  const fault = upstream.decodeError(response.status, response.body);
  const problems: string[] = [];
  const words = longestText(response.body);
  if (words !== '' && !fault.message.includes(words.slice(0, 200)))
    problems.push(
      `words: ${JSON.stringify(words.slice(0, 80))} became ${fault.message.slice(0, 80)}`,
    );
  const error = new GatewayError(fault.code, fault.message, { path: fault.path ?? undefined });
  const { status, body } = client.encodeError(error, replyContext.requestId);
  if (status < 400 || status > 599) problems.push(`status: ${status} is no error`);
  if (shapes[client.id]?.(parseObject(body)) !== true)
    problems.push(`shape: ${body.slice(0, 200)}`);
  return problems;
}

/** The upstream's own message: the longest text under a `message`, `detail` or `error`. */
function longestText(body: string): string {
  let longest = '';
  const visit = (value: unknown, isMessage: boolean): void => {
    if (typeof value === 'string' && isMessage && value.length > longest.length) longest = value;
    if (typeof value !== 'object' || value === null) return;
    for (const [name, member] of Object.entries(value))
      visit(member, Array.isArray(value) ? isMessage : /^(message|detail|error|msg)$/.test(name));
  };
  visit(parse(body), false);
  return longest;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
