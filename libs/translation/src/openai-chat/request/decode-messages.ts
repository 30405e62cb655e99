import type {
  ContentPart,
  ReasoningPart,
  RefusalPart,
  TextPart,
  ToolCallPart,
} from '../../canonical/content.js';
import type { Turn } from '../../canonical/request.js';
import { decodeExtraContent, geminiToken } from '../../shared/extra-content.js';
import { GatewayError } from '../../errors/gateway-error.js';
import type { ObjectReader, ValueReader } from '../../shared/json/object-reader.js';
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
  const details = (message.optionalArray('reasoning_details') ?? []).flatMap(decodeReasoningDetail);
  const parts: ContentPart[] = [
    ...decodeReasoning(message, details),
    ...(content === null ? [] : decodeContent(content)),
    // the signature of a text came behind it
    ...details.filter((part) => part.type === 'text'),
  ];
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
    ...decodeExtraContent(call),
  };
  return part;
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
function decodeReasoning(message: ObjectReader, details: readonly ContentPart[]): ContentPart[] {
  const path = message.at('reasoning_content');
  const plain = message.optionalString('reasoning_content') ?? textOnly(message, 'reasoning');
  const reasoning = details.filter((part) => part.type === 'reasoning');
  if (reasoning.length > 0) return reasoning;
  return plain === null || plain === ''
    ? []
    : [{ type: 'reasoning', text: plain, opaque: null, path }];
}

/** By the beginning of their format; the others stay unread and are warned of. */
function decodeReasoningDetail(value: ValueReader): ContentPart[] {
  const format = String(value.node.members?.get('format')?.value);
  const isGoogle = format.startsWith('google-gemini');
  if (!isGoogle && !format.startsWith('anthropic')) return [];
  const detail = value.object();
  detail.string('format');
  detail.optionalNumber('index');
  return isGoogle ? decodeGoogleDetail(detail) : decodeAnthropicDetail(detail);
}

function decodeGoogleDetail(detail: ObjectReader): ContentPart[] {
  const { path } = detail;
  if (detail.string('type') === 'reasoning.encrypted') {
    const opaque = geminiToken(detail.string('data'));
    return [{ type: 'text', text: '', cacheMark: null, path, opaque }];
  }
  const text = detail.optionalString('text') ?? '';
  const signature = detail.optionalString('signature');
  const opaque = signature === null ? null : geminiToken(signature);
  return [{ type: 'reasoning', text, opaque, path }];
}

function decodeAnthropicDetail(detail: ObjectReader): ReasoningPart[] {
  const { path } = detail;
  if (detail.string('type') === 'reasoning.encrypted') {
    const opaque = {
      origin: 'anthropic-messages',
      kind: 'redacted',
      data: detail.string('data'),
    } as const;
    return [{ type: 'reasoning', text: '', opaque, path }];
  }
  const text = detail.optionalString('text') ?? '';
  const signature = detail.optionalString('signature');
  const opaque =
    signature === null
      ? null
      : ({ origin: 'anthropic-messages', kind: 'signature', data: signature } as const);
  return [{ type: 'reasoning', text, opaque, path }];
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
