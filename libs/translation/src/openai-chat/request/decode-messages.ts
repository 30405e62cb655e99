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
import type { ProtocolId } from '../../protocol.js';
import { opaqueEnvelopeMark, readToken } from '../../shared/opaque-envelope.js';
import { attachTokens, type TokenCarrier } from '../../shared/request/attach-tokens.js';
import { decodeContent, decodeTextContent, type DecodedPart } from './decode-content.js';

export interface DecodedMessages {
  readonly instructions: readonly TextPart[];
  readonly turns: readonly Turn[];
}

/** Leading system and developer messages are instructions; later ones stay where they are. */
export function decodeMessages(messages: readonly ValueReader[]): DecodedMessages {
  const instructions: TextPart[] = [];
  const turns: Turn[] = [];
  for (const value of messages) {
    const turn = decodeMessage(value.object('a message object'));
    if (turn.role === 'system' && turns.length === 0) {
      instructions.push(...turn.parts.filter((part) => part.type === 'text'));
    } else {
      turns.push(turn);
    }
  }
  return { instructions, turns };
}

const messageDecoders: Readonly<Record<string, (message: ObjectReader) => Turn>> = {
  system: decodeSystem,
  developer: decodeSystem,
  user: (message) => ({
    role: 'user',
    parts: decodeContent(required(message, 'content')),
    path: message.path,
  }),
  assistant: decodeAssistant,
  tool: decodeToolMessage,
};

function decodeMessage(message: ObjectReader): Turn {
  const role = message.string('role');
  const decode = Object.hasOwn(messageDecoders, role) ? messageDecoders[role] : undefined;
  if (decode !== undefined) return decode(message);
  const path = message.at('role');
  if (role === 'function') {
    throw new GatewayError(
      'unsupported_by_target',
      `\`${path}\` is "function", the form before tools; send role "tool" with a tool_call_id instead.`,
      { path },
    );
  }
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

function decodeAssistant(message: ObjectReader): Turn {
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
  return { role: 'assistant', parts, path: message.path };
}

function decodeToolCall(value: ValueReader): ContentPart {
  const call = value.object('a tool call object');
  const type = call.optionalString('type') ?? 'function';
  if (type !== 'function') {
    return {
      type: 'native',
      protocol: 'openai-chat',
      kind: type,
      raw: value.raw(),
      path: value.path,
    };
  }
  const target = call.object('function');
  const written = target.value('arguments');
  const part: ToolCallPart = {
    type: 'tool-call',
    id: call.string('id'),
    name: target.string('name'),
    // Some clients send the object itself; its text is what the string would have held.
    argumentsText: written === null ? '' : written.isString ? written.string() : written.raw().json,
    cacheMark: null,
    path: call.path,
    ...decodeCallToken(call),
  };
  return part;
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

function decodeToolMessage(message: ObjectReader): Turn {
  const content = message.value('content');
  const parts = content === null ? [] : decodeContent(content).map(refusalAsText);
  return {
    role: 'user',
    path: message.path,
    parts: [
      {
        type: 'tool-result',
        callId: message.string('tool_call_id'),
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
  const details = (message.optionalArray('reasoning_details') ?? []).flatMap(decodeReasoningDetail);
  if (plain === null || plain === '' || details.some((part) => part.type === 'reasoning'))
    return details;
  return [{ type: 'reasoning', text: plain, opaque: null, path }, ...details];
}

/** Tokens of a provider we do not know stay unread and are warned of. */
function decodeReasoningDetail(value: ValueReader): (ReasoningPart | TokenCarrier)[] {
  const origin = originOf(value);
  if (origin === undefined) return [];
  const detail = value.object();
  detail.optionalString('format');
  detail.optionalNumber('index');
  const isEncrypted = detail.string('type') === 'reasoning.encrypted';
  const { token, owner } = readToken(detail.optionalString(isEncrypted ? 'data' : 'signature'), {
    origin,
    kind: isEncrypted ? encryptedKinds[origin] : 'signature',
  });
  const { path } = value;
  if (token !== null && owner !== 'reasoning') return [{ type: 'carrier', owner, token, path }];
  const text = isEncrypted ? '' : (detail.optionalString('text') ?? '');
  return [{ type: 'reasoning', text, opaque: token, path }];
}

const makers: readonly (readonly [format: string, origin: ProtocolId])[] = [
  ['anthropic', 'anthropic-messages'],
  ['google-gemini', 'gemini-generate'],
];

/** By OpenRouter's word for who made a token; an envelope says it itself. */
function originOf(value: ValueReader): ProtocolId | undefined {
  const at = (name: string): string => String(value.node.members?.get(name)?.value ?? '');
  const isEnvelope = [at('data'), at('signature')].some((text) =>
    text.startsWith(opaqueEnvelopeMark),
  );
  if (isEnvelope) return 'openai-chat';
  return makers.find(([format]) => at('format').startsWith(format))?.[1];
}

const encryptedKinds: Readonly<Record<ProtocolId, OpaqueToken['kind']>> = {
  'openai-chat': 'encrypted',
  'anthropic-messages': 'redacted',
  'gemini-generate': 'signature',
};

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
