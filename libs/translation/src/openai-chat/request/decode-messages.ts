import type {
  ContentPart,
  OpaqueToken,
  ReasoningPart,
  RefusalPart,
  TextPart,
  ToolCallPart,
} from '../../canonical/content.js';
import type { Turn } from '../../canonical/request.js';
import { GatewayError } from '../../errors/gateway-error.js';
import type { ObjectReader, ValueReader } from '../../shared/json/object-reader.js';
import { opaqueEnvelopeMark, readToken } from '../../shared/tokens/opaque-envelope.js';
import { attachTokens, type TokenCarrier } from '../../shared/tokens/attach-tokens.js';
import { reasoningFormats } from '../reasoning-formats.js';
import { decodeContent, decodeTextContent, type DecodedPart } from './decode-content.js';
import { FunctionCallIds } from './function-call-ids.js';
import { flatMap } from '../../shared/flat-map.js';

export interface DecodedMessages {
  readonly instructions: readonly TextPart[];
  readonly turns: readonly Turn[];
}

/** Leading system and developer messages are instructions; later ones stay where they are. */
export function decodeMessages(messages: readonly ValueReader[]): DecodedMessages {
  const instructions: TextPart[] = [];
  const turns: Turn[] = [];
  const functions = new FunctionCallIds();
  for (const value of messages) {
    const turn = decodeMessage(value.object('a message object'), functions);
    if (turn.role === 'system' && turns.length === 0) {
      instructions.push(...turn.parts.filter((part) => part.type === 'text'));
    } else {
      turns.push(turn);
    }
  }
  return { instructions, turns };
}

const messageDecoders: Readonly<
  Record<string, (message: ObjectReader, functions: FunctionCallIds) => Turn>
> = {
  system: decodeSystem,
  developer: decodeSystem,
  user: (message) => ({
    role: 'user',
    parts: decodeContent(required(message, 'content')),
    path: message.path,
  }),
  assistant: decodeAssistant,
  tool: (message) => decodeResult(message, message.string('tool_call_id')),
  function: (message, functions) => {
    const name = message.string('name');
    return decodeResult(message, functions.answered(name, message.at('name')));
  },
};

function decodeMessage(message: ObjectReader, functions: FunctionCallIds): Turn {
  const role = message.string('role');
  const decode = Object.hasOwn(messageDecoders, role) ? messageDecoders[role] : undefined;
  if (decode !== undefined) return decode(message, functions);
  const path = message.at('role');
  const known = Object.keys(messageDecoders).join(', ');
  throw new GatewayError(
    'invalid_request',
    `\`${path}\` must be one of ${known}, but is "${role}".`,
    { path },
  );
}

function decodeSystem(message: ObjectReader): Turn {
  const parts = decodeTextContent(required(message, 'content'));
  return { role: 'system', parts, path: message.path };
}

function decodeAssistant(message: ObjectReader, functions: FunctionCallIds): Turn {
  const content = message.value('content');
  const refusal = message.optionalString('refusal');
  const reasoning = decodeReasoning(message);
  const carriers = reasoning.filter((part) => part.type === 'carrier');
  const parts = attachTokens([
    ...reasoning.filter((part) => part.type === 'reasoning'),
    ...(content === null ? [] : decodeContent(content)),
    ...carriers,
  ]);
  if (refusal !== null) parts.push({ type: 'refusal', text: refusal, path: message.at('refusal') });
  for (const call of message.optionalArray('tool_calls') ?? []) parts.push(decodeToolCall(call));
  const older = message.optionalObject('function_call');
  if (older !== null) parts.push(decodeFunctionCall(older, functions.called(older.string('name'))));
  // A last assistant message is continued by targets that do so, with or without this sign.
  message.optionalBoolean('prefix');
  return { role: 'assistant', parts, path: message.path };
}

function decodeToolCall(value: ValueReader): ContentPart {
  const call = value.object('a tool call object');
  const type = call.optionalString('type') ?? 'function';
  if (type === 'function')
    return decodeFunctionCall(call.object('function'), call.string('id'), call);
  if (type === 'custom') return decodeFreeformCall(call);
  return {
    type: 'native',
    protocol: 'openai-chat',
    kind: type,
    raw: value.raw(),
    path: value.path,
  };
}

function decodeFunctionCall(target: ObjectReader, id: string, call = target): ToolCallPart {
  const written = target.value('arguments');
  return {
    type: 'tool-call',
    id,
    name: target.string('name'),
    // Some clients send the object itself; its text is what the string would have held.
    argumentsText: written === null ? '' : written.isString ? written.string() : written.raw().json,
    cacheMark: null,
    path: call.path,
    ...decodeCallToken(call),
  };
}

/** Google's slot for the signature of a call; tokens of others stand there in an envelope. */
function decodeCallToken(call: ObjectReader): { opaque?: OpaqueToken } {
  const google = call.optionalObject('extra_content')?.optionalObject('google');
  const { token } = readToken(google?.optionalString('thought_signature') ?? null, {
    origin: 'gemini-generate',
    kind: 'signature',
    family: 'gemini',
  });
  return token === null ? {} : { opaque: token };
}

function decodeFreeformCall(call: ObjectReader): ToolCallPart {
  const target = call.object('custom');
  return {
    type: 'tool-call',
    id: call.string('id'),
    name: target.string('name'),
    argumentsText: target.string('input'),
    isFreeform: true,
    cacheMark: null,
    path: call.path,
  };
}

function decodeResult(message: ObjectReader, callId: string): Turn {
  const content = message.value('content');
  const parts = content === null ? [] : decodeContent(content).map(refusalAsText);
  return {
    role: 'user',
    path: message.path,
    parts: [
      {
        type: 'tool-result',
        callId,
        parts: parts.filter((part) => part.type === 'text' || part.type === 'media'),
        isError: false,
        cacheMark: message.optionalRaw('cache_control'),
        path: message.path,
      },
      ...parts.filter((part) => part.type === 'native'),
    ],
  };
}

function refusalAsText(part: DecodedPart): Exclude<DecodedPart, RefusalPart> {
  if (part.type !== 'refusal') return part;
  return { type: 'text', text: part.text, cacheMark: null, path: part.path };
}

/** The dialects' fields for reasoning in history; the details say more where both are there. */
function decodeReasoning(message: ObjectReader): (ReasoningPart | TokenCarrier)[] {
  const path = message.at('reasoning_content');
  const plain = message.optionalString('reasoning_content') ?? textOnly(message, 'reasoning');
  const details = flatMap(message.optionalArray('reasoning_details') ?? [], decodeReasoningDetail);
  if (plain === null || plain === '' || details.some((part) => part.type === 'reasoning'))
    return details;
  return [{ type: 'reasoning', text: plain, opaque: null, path }, ...details];
}

/** Tokens of a provider we do not know stay unread and are warned of. */
function decodeReasoningDetail(value: ValueReader): (ReasoningPart | TokenCarrier)[] {
  const isEncrypted = value.node.members?.get('type')?.value === 'reasoning.encrypted';
  const own = ownTokenOf(value, isEncrypted);
  if (own === undefined) return [];
  const detail = value.object();
  detail.string('type');
  detail.optionalString('format');
  detail.optionalNumber('index');
  const slot = detail.optionalString(isEncrypted ? 'data' : 'signature');
  const { token, owner } = readToken(slot, own);
  const { path } = value;
  if (token !== null && owner !== 'reasoning') return [{ type: 'carrier', owner, token, path }];
  const text = isEncrypted ? '' : (detail.optionalString('text') ?? '');
  return [{ type: 'reasoning', text, opaque: token, path }];
}

type OwnToken = Pick<OpaqueToken, 'origin' | 'kind'>;

/** By OpenRouter's word for who made a token; an envelope says it itself. */
function ownTokenOf(value: ValueReader, isEncrypted: boolean): OwnToken | undefined {
  const at = (name: string): string => String(value.node.members?.get(name)?.value ?? '');
  const isEnvelope = at(isEncrypted ? 'data' : 'signature').startsWith(opaqueEnvelopeMark);
  if (isEnvelope) return { origin: 'openai-chat', kind: 'encrypted' };
  // versions of one format are read alike
  const vendor = at('format').split('-')[0] ?? '';
  const known = reasoningFormats.find(({ word }) => vendor !== '' && word.startsWith(`${vendor}-`));
  if (known === undefined) return undefined;
  return { origin: known.origin, kind: isEncrypted ? known.encryptedKind : 'signature' };
}

function textOnly(message: ObjectReader, name: string): string | null {
  return message.has(name) && message.value(name)?.isString === true
    ? message.optionalString(name)
    : null;
}

function required(message: ObjectReader, name: string): ValueReader {
  const value = message.value(name);
  if (value !== null) return value;
  const path = message.at(name);
  throw new GatewayError(
    'invalid_request',
    `\`${path}\` is missing: it must be a string or an array of parts.`,
    {
      path,
    },
  );
}
