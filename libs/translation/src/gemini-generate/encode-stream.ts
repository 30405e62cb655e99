import type { Citation } from '../canonical/content.js';
import type { CanonicalEvent, PartStart } from '../canonical/stream-event.js';
import { unknownUsage, type Usage } from '../canonical/usage.js';
import { GatewayError } from '../errors/gateway-error.js';
import type { ReplyContext, StreamEncoder } from '../protocol.js';
import { estimateTokens } from '../shared/estimate-tokens.js';
import { JsonText, writeJson } from '../shared/json/write-json.js';
import { ToolCallIds } from '../shared/reply-ids.js';
import { settleRefusal } from '../shared/settle-finish-reason.js';
import { encodeStreamError } from './error-mapping.js';
import { encodeFinish } from './finish-reason-mapping.js';
import { encodeCitations } from './reply/citation-mapping.js';
import { callPart, textPart } from './reply/encode-part.js';
import { encodeUsage } from './usage-mapping.js';
import type { WirePart } from './wire.js';

type EventOf<T extends CanonicalEvent['type']> = Extract<CanonicalEvent, { type: T }>;

interface EncoderState {
  readonly context: ReplyContext;
  readonly ids: ToolCallIds;
  /** What every chunk ends with, behind its own members. */
  tail: string;
  part: PartStart | null;
  argumentsText: string[];
  /** Why a call could not be sent; fatal unless the answer was cut. */
  brokenCall: GatewayError | null;
  readonly citations: Citation[];
  outputChars: number;
  hasRefusal: boolean;
  hasEnded: boolean;
  usage: Usage;
}

export function createStreamEncoder(context: ReplyContext): StreamEncoder {
  const state: EncoderState = {
    context,
    ids: new ToolCallIds('call_', context.requestId),
    tail: '}',
    part: null,
    argumentsText: [],
    brokenCall: null,
    citations: [],
    outputChars: 0,
    hasRefusal: false,
    hasEnded: false,
    usage: unknownUsage,
  };
  return { push: (event) => (state.hasEnded ? '' : encodeEvent(state, event)) };
}

function encodeEvent<T extends CanonicalEvent['type']>(
  state: EncoderState,
  event: EventOf<T>,
): string {
  return handlers[event.type as T](state, event);
}

const handlers: {
  readonly [T in CanonicalEvent['type']]: (state: EncoderState, event: EventOf<T>) => string;
} = {
  'response-start': (state, { id, model }) => {
    const tail = {
      modelVersion: model ?? state.context.model,
      responseId: id ?? state.context.requestId,
    };
    state.tail = `,${JSON.stringify(tail).slice(1)}`;
    return '';
  },
  'part-start': (state, { part }) => {
    state.part = part;
    state.argumentsText = [];
    if (part.type === 'refusal') state.hasRefusal = true;
    const isOwn = part.type === 'native' && part.protocol === 'gemini-generate';
    return isOwn ? chunk(state, new JsonText(part.raw.json)) : '';
  },
  'part-delta': (state, { text }) => {
    const { part } = state;
    state.outputChars += text.length;
    if (part === null || part.type === 'native') return '';
    if (part.type !== 'tool-call') return chunk(state, textPart(part.type, text, null));
    // there are no partial arguments: a call goes out whole
    state.argumentsText.push(text);
    return '';
  },
  'part-end': (state, event) => {
    const { part } = state;
    state.part = null;
    state.citations.push(...event.citations);
    if (part?.type === 'tool-call') return endToolCall(state, part, event);
    if (part?.type !== 'text' && part?.type !== 'reasoning') return '';
    const signed = textPart(part.type, '', event.opaque);
    return signed.thoughtSignature === undefined ? '' : chunk(state, signed);
  },
  usage: (state, { usage }) => {
    state.usage = usage;
    return '';
  },
  'response-end': endResponse,
  error: (state, { error }) => breakOff(state, error),
};

function chunk(state: EncoderState, part: WirePart | JsonText): string {
  return frame(state, `{"content":{"parts":[${writeJson(part)}],"role":"model"},"index":0}`);
}

/** Arguments stand in it as the model wrote them, perhaps over several lines: an event has one. */
function frame(state: EncoderState, candidate: string, usageMetadata?: object): string {
  const usage = usageMetadata === undefined ? '' : `,"usageMetadata":${writeJson(usageMetadata)}`;
  const line = candidate.replaceAll(/[\r\n]+/g, ' ');
  return `data: {"candidates":[${line}]${usage}${state.tail}\n\n`;
}

function endToolCall(
  state: EncoderState,
  part: Extract<PartStart, { type: 'tool-call' }>,
  { opaque }: EventOf<'part-end'>,
): string {
  const argumentsText = state.argumentsText.join('');
  const { name } = part;
  const wire = callPart({ id: state.ids.next(part.id), name, argumentsText, opaque });
  if (!(wire instanceof GatewayError)) return chunk(state, wire);
  state.brokenCall ??= wire;
  return '';
}

function endResponse(
  state: EncoderState,
  { finishReason, finishDetail }: EventOf<'response-end'>,
): string {
  const isCut = finishReason === 'length' || finishReason === 'content-filter';
  if (state.brokenCall !== null && !isCut) return breakOff(state, state.brokenCall);
  state.hasEnded = true;
  // What the upstream did not count is estimated; clients expect the counters.
  const usage = {
    ...state.usage,
    inputTokens: state.usage.inputTokens ?? state.context.estimatedInputTokens ?? 0,
    outputTokens: state.usage.outputTokens ?? estimateTokens(state.outputChars),
  };
  const candidate = {
    content: { parts: [{ text: '' }], role: 'model' },
    ...encodeFinish(settleRefusal(finishReason, state.hasRefusal), finishDetail),
    index: 0,
    groundingMetadata: encodeCitations(state.citations),
  };
  return frame(state, writeJson(candidate), encodeUsage(usage));
}

function breakOff(state: EncoderState, error: GatewayError): string {
  state.hasEnded = true;
  return encodeStreamError(error, state.context.requestId);
}
