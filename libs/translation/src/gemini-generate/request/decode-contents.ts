import type { ContentPart, TextPart } from '../../canonical/content.js';
import type { Turn } from '../../canonical/request.js';
import { GatewayError } from '../../errors/gateway-error.js';
import type { ObjectReader, ValueReader } from '../../shared/json/object-reader.js';
import { CallLedger } from './call-ledger.js';
import { decodePart } from './decode-parts.js';
import { listOf } from './spelling.js';
import { flatMap } from '../../shared/flat-map.js';

const roles: Readonly<Record<string, Turn['role']>> = {
  user: 'user',
  model: 'assistant',
  // the older role of function responses
  function: 'user',
};

export function decodeContents(body: ObjectReader): Turn[] {
  const ledger = new CallLedger();
  const turns = listOf(body, 'contents').map((value) => {
    if (value.isString) return userText(value);
    const content = value.object('a content object');
    return { role: decodeRole(content), parts: partsOf(content, ledger), path: content.path };
  });
  if (turns.length > 0) return turns;
  throw new GatewayError('invalid_request', '`contents` must hold at least one content.', {
    path: 'contents',
  });
}

function userText(value: ValueReader): Turn {
  const parts = decodePart(value, new CallLedger());
  return { role: 'user', parts, path: value.path };
}

function partsOf(content: ObjectReader, ledger: CallLedger): ContentPart[] {
  return flatMap(listOf(content, 'parts'), (part) => decodePart(part, ledger));
}

function decodeRole(content: ObjectReader): Turn['role'] {
  const name = content.optionalString('role') ?? 'user';
  const role = Object.hasOwn(roles, name) ? roles[name] : undefined;
  if (role !== undefined) return role;
  const path = content.at('role');
  throw new GatewayError(
    'invalid_request',
    `\`${path}\` must be "user" or "model", but is "${name}".`,
    { path },
  );
}

/** Its role says nothing: SDKs write `user`, `model` or `system`. */
export function decodeSystemInstruction(body: ObjectReader): TextPart[] {
  const value = body.value('systemInstruction');
  if (value === null) return [];
  const parts = value.isString
    ? decodePart(value, new CallLedger())
    : instructionParts(value.object());
  return parts.map((part) => {
    if (part.type === 'text') return part;
    throw new GatewayError('invalid_request', `\`${part.path}\` must be a text part.`, {
      path: part.path,
    });
  });
}

function instructionParts(content: ObjectReader): ContentPart[] {
  content.optionalString('role');
  return partsOf(content, new CallLedger());
}
