import type { Citation, OpaqueToken } from '../canonical/content.js';
import type { CanonicalResponse, ResponsePart } from '../canonical/response.js';
import { modelFamily } from '../capabilities/model-family.js';
import { unknownUsage } from '../canonical/usage.js';
import { GatewayError } from '../errors/gateway-error.js';
import {
  arrayAt,
  asRecord,
  countAt,
  recordAt,
  textAt,
  type JsonRecord,
} from '../shared/json/json-access.js';
import { parseAnswer, throwInBandError } from '../shared/parse-answer.js';
import { settleFinishReason } from '../shared/settle-finish-reason.js';
import { decodeStatus, failureOf } from './status-mapping.js';
import { decodeUsage } from './usage-mapping.js';
import { flatMap } from '../shared/flat-map.js';

/** @throws GatewayError `upstream_invalid_response`, or the error the answer holds */
export function decodeResponse(text: string): CanonicalResponse {
  const answer = parseAnswer(text);
  throwInBandError(answer);
  const failure = failureOf(answer);
  if (failure !== null) throw failure;
  if (!Array.isArray(answer['output'])) {
    throw new GatewayError('upstream_invalid_response', 'The upstream answered without output.');
  }
  const finish = decodeStatus(answer);
  if (finish === null) {
    throw new GatewayError(
      'upstream_invalid_response',
      'The upstream answered before its response was complete.',
    );
  }
  const model = textAt(answer, 'model');
  // mistral.rs puts the thinking beside the output
  const aside = textAt(answer, 'reasoning');
  const parts: ResponsePart[] = [
    ...(aside === null ? [] : [{ type: 'reasoning', text: aside, opaque: null } as const]),
    ...flatMap(arrayAt(answer, 'output'), (item) => decodeItem(asRecord(item), model)),
  ];
  const usage = recordAt(answer, 'usage');
  return {
    id: textAt(answer, 'id'),
    model,
    createdAtSeconds: countAt(answer, 'created_at'),
    parts,
    finishReason: settleFinishReason(
      finish,
      parts.some((part) => part.type === 'tool-call'),
    ),
    finishDetail: null,
    usage: usage === null ? unknownUsage : decodeUsage(usage),
  };
}

const itemDecoders: Readonly<
  Record<string, (item: JsonRecord, model: string | null) => ResponsePart[]>
> = {
  message: (item) => flatMap(arrayAt(item, 'content'), (part) => decodeContentPart(asRecord(part))),
  reasoning: (item, model) => {
    const text = reasoningText(item);
    const opaque = reasoningToken(item, model);
    return text === '' && opaque === null ? [] : [{ type: 'reasoning', text, opaque }];
  },
  function_call: decodeCall,
  custom_tool_call: decodeCall,
};

function decodeItem(item: JsonRecord | null, model: string | null): ResponsePart[] {
  if (item === null) return [];
  const kind = textAt(item, 'type') ?? 'unknown';
  const decode = Object.hasOwn(itemDecoders, kind) ? itemDecoders[kind] : undefined;
  return decode === undefined ? [nativePart(kind, item)] : decode(item, model);
}

/** An item of OpenAI's own, e.g. a hosted tool's call, which was run upstream and asks nothing of the client. */
export function nativePart(
  kind: string,
  item: JsonRecord,
): Extract<ResponsePart, { type: 'native' }> {
  return {
    type: 'native',
    protocol: 'openai-responses',
    kind,
    raw: { json: JSON.stringify(item) },
  };
}

function decodeContentPart(part: JsonRecord | null): ResponsePart[] {
  const type = textAt(part, 'type');
  if (type === 'refusal') return [{ type: 'refusal', text: textAt(part, 'refusal') ?? '' }];
  if (type !== 'output_text' && type !== 'text') return [];
  const text = textAt(part, 'text') ?? '';
  return [
    { type: 'text', text, citations: flatMap(arrayAt(part, 'annotations'), decodeAnnotation) },
  ];
}

/** Only citations of the web have an address that means something elsewhere. */
export function decodeAnnotation(value: unknown): Citation[] {
  const annotation = asRecord(value);
  const url = textAt(annotation, 'url');
  return url === null ? [] : [{ url, title: textAt(annotation, 'title'), citedText: null }];
}

/** The summary that OpenAI shows, or the full thinking that open models do. */
export function reasoningText(item: JsonRecord): string {
  const texts = (name: string): string =>
    arrayAt(item, name)
      .map((part) => textAt(asRecord(part), 'text') ?? '')
      .join('\n\n');
  return texts('summary') || texts('content');
}

export function reasoningToken(item: JsonRecord, model: string | null): OpaqueToken | null {
  const data = textAt(item, 'encrypted_content');
  if (data === null) return null;
  return {
    origin: 'openai-responses',
    kind: 'encrypted',
    data,
    itemId: textAt(item, 'id'),
    family: model === null ? null : modelFamily(model),
  };
}

export type CallStart = Omit<Extract<ResponsePart, { type: 'tool-call' }>, 'argumentsText'>;

/** null for a call that names no tool. */
export function callStart(item: JsonRecord): CallStart | null {
  const name = textAt(item, 'name');
  if (name === null) return null;
  const namespace = textAt(item, 'namespace');
  return {
    type: 'tool-call',
    id: textAt(item, 'call_id') ?? textAt(item, 'id'),
    name,
    ...(namespace === null ? {} : { namespace }),
    ...(item['type'] === 'custom_tool_call' ? { isFreeform: true } : {}),
  };
}

/** The arguments are a string by contract. */
export function callText(item: JsonRecord): string {
  return textAt(item, item['type'] === 'custom_tool_call' ? 'input' : 'arguments') ?? '';
}

function decodeCall(item: JsonRecord): ResponsePart[] {
  const start = callStart(item);
  if (start !== null) return [{ ...start, argumentsText: callText(item) }];
  throw namelessCall();
}

export function namelessCall(): GatewayError {
  return new GatewayError(
    'upstream_invalid_response',
    'The upstream answered with a tool call that names no tool.',
  );
}
