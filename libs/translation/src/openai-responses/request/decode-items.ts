import type {
  ContentPart,
  NativePart,
  ReasoningPart,
  TextPart,
  ToolResultPart,
} from '../../canonical/content.js';
import type { Turn } from '../../canonical/request.js';
import { GatewayError } from '../../errors/gateway-error.js';
import { readToken } from '../../shared/tokens/opaque-envelope.js';
import { attachTokens, type TokenCarrier } from '../../shared/tokens/attach-tokens.js';
import type { ObjectReader, ValueReader } from '../../shared/json/object-reader.js';
import { decodeContent, decodeTextContent, textPart } from './decode-content.js';
import { flatMap } from '../../shared/flat-map.js';

export interface DecodedInput {
  readonly instructions: readonly TextPart[];
  readonly turns: readonly Turn[];
}

/** One item as the piece of a turn that it is. */
interface TurnPiece {
  readonly role: Turn['role'];
  readonly parts: readonly (ContentPart | TokenCarrier)[];
  readonly path: string;
}

/** A string is one user turn. Leading system and developer messages are instructions; later ones stay where they are. */
export function decodeInput(input: ValueReader): DecodedInput {
  if (input.isString) {
    const { path } = input;
    return { instructions: [], turns: [{ role: 'user', parts: decodeContent(input), path }] };
  }
  const instructions: TextPart[] = [];
  const pieces: TurnPiece[] = [];
  for (const value of input.array('a string or an array of input items')) {
    const piece = decodeItem(value);
    if (piece.role === 'system' && pieces.length === 0)
      instructions.push(...piece.parts.filter((part) => part.type === 'text'));
    else pieces.push(piece);
  }
  return { instructions, turns: joinPieces(pieces) };
}

/** What the model made at one go (reasoning, text, calls) is one turn, and so are results of parallel calls. */
function joinPieces(pieces: readonly TurnPiece[]): Turn[] {
  const joined: TurnPiece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (last !== undefined && belongTogether(last, piece))
      joined[joined.length - 1] = { ...last, parts: [...last.parts, ...piece.parts] };
    else joined.push(piece);
  }
  return joined.map(({ role, parts, path }) => ({ role, parts: attachTokens(parts), path }));
}

function belongTogether(last: TurnPiece, next: TurnPiece): boolean {
  if (last.role !== next.role) return false;
  const has = (piece: TurnPiece, type: string): boolean =>
    piece.parts.some((part) => part.type === type);
  if (next.role === 'user') return has(last, 'tool-result') && has(next, 'tool-result');
  if (next.role === 'system') return false;
  return !has(next, 'text') || !has(last, 'text') || has(last, 'tool-call');
}

const itemDecoders: Readonly<Record<string, (item: ObjectReader) => TurnPiece>> = {
  message: decodeMessage,
  reasoning: (item) => assistant(item, decodeReasoning(item)),
  function_call: (item) => assistant(item, [decodeCall(item, 'arguments')]),
  custom_tool_call: (item) => assistant(item, [decodeCall(item, 'input')]),
  function_call_output: decodeOutput,
  custom_tool_call_output: decodeOutput,
};

/** An item without a type is a message. */
function decodeItem(value: ValueReader): TurnPiece {
  const item = value.object('an input item object');
  const type = item.optionalString('type') ?? 'message';
  const decode = Object.hasOwn(itemDecoders, type) ? itemDecoders[type] : undefined;
  if (decode !== undefined) return decode(item);
  const { path } = value;
  if (type === 'item_reference') {
    throw new GatewayError(
      'unsupported_by_target',
      `\`${path}\` refers to an item that only its provider has stored; send the item itself (clients do so with \`store: false\`).`,
      { path },
    );
  }
  return assistant(item, [nativePart(value, type)]);
}

/** What a search found is told in the message behind it. */
const optionalItems = new Set(['web_search_call']);

function nativePart(value: ValueReader, kind: string): NativePart {
  return {
    type: 'native',
    protocol: 'openai-responses',
    kind,
    raw: value.raw(),
    isOptional: optionalItems.has(kind),
    path: value.path,
  };
}

function assistant(item: ObjectReader, parts: TurnPiece['parts']): TurnPiece {
  return { role: 'assistant', parts, path: item.path };
}

const roles: Readonly<Record<string, Turn['role']>> = {
  user: 'user',
  assistant: 'assistant',
  system: 'system',
  developer: 'system',
};

function decodeMessage(message: ObjectReader): TurnPiece {
  const word = message.string('role');
  const role = Object.hasOwn(roles, word) ? roles[word] : undefined;
  if (role === undefined) {
    const path = message.at('role');
    const known = Object.keys(roles).join(', ');
    throw new GatewayError(
      'invalid_request',
      `\`${path}\` must be one of ${known}, but is "${word}".`,
      { path },
    );
  }
  const content = required(message, 'content');
  const parts = role === 'system' ? decodeTextContent(content) : decodeContent(content);
  return { role, parts, path: message.path };
}

/** The full thinking where the server shows it, else its summary. An item may hold nothing but the token. */
function decodeReasoning(item: ObjectReader): (ReasoningPart | TokenCarrier)[] {
  const id = item.optionalString('id');
  const { token, owner } = readToken(item.optionalString('encrypted_content'), {
    origin: 'openai-responses',
    kind: 'encrypted',
    itemId: id,
  });
  const { path } = item;
  if (token !== null && owner !== 'reasoning') return [{ type: 'carrier', owner, token, path }];
  const full = thinkingTexts(item, 'content').join('\n\n');
  const text = full === '' ? thinkingTexts(item, 'summary').join('\n\n') : full;
  return text === '' && token === null ? [] : [{ type: 'reasoning', text, opaque: token, path }];
}

function thinkingTexts(item: ObjectReader, name: string): string[] {
  return (item.optionalArray(name) ?? []).map((value) => {
    const part = value.object();
    part.optionalString('type');
    return part.string('text');
  });
}

function decodeCall(item: ObjectReader, member: 'arguments' | 'input'): ContentPart {
  const namespace = item.optionalString('namespace');
  return {
    type: 'tool-call',
    id: item.string('call_id'),
    name: item.string('name'),
    ...(namespace === null ? {} : { namespace }),
    argumentsText: item.optionalString(member) ?? '',
    ...(member === 'input' ? { isFreeform: true } : {}),
    cacheMark: null,
    path: item.path,
  };
}

function decodeOutput(item: ObjectReader): TurnPiece {
  const output = item.value('output');
  const parts = output === null ? [] : decodeContent(output);
  const result: ToolResultPart = {
    type: 'tool-result',
    callId: item.string('call_id'),
    parts: flatMap(parts, (part) => {
      if (part.type === 'refusal') return [textPart(part.text, part.path)];
      return part.type === 'native' ? [] : [part];
    }),
    isError: false,
    cacheMark: null,
    path: item.path,
  };
  // what a result cannot hold elsewhere is left for the encoder to refuse
  const rest = parts.filter((part) => part.type === 'native');
  return { role: 'user', parts: [result, ...rest], path: item.path };
}

function required(item: ObjectReader, name: string): ValueReader {
  const value = item.value(name);
  if (value !== null) return value;
  const path = item.at(name);
  throw new GatewayError(
    'invalid_request',
    `\`${path}\` is missing: it must be a string or an array of parts.`,
    { path },
  );
}
