import type { OpaqueToken } from '../canonical/content.js';
import type { Usage } from '../canonical/usage.js';
import { unknownUsage } from '../canonical/usage.js';
import type { CanonicalEvent, PartStart } from '../canonical/stream-event.js';
import type { ReplyContext, StreamEncoder } from '../protocol.js';
import { estimateTokens } from '../shared/estimate-tokens.js';
import { replyId, ToolCallIds } from '../shared/reply-ids.js';
import { wordlessRefusal } from '../shared/reply/wordless-refusal.js';
import { encodeStreamError } from './error-mapping.js';
import {
  encodeAnnotation,
  encodeCallToken,
  encodeReasoningDetail,
  encodeTextToken,
} from './encode-response.js';
import { encodeFinishReason } from './finish-reason-mapping.js';
import { encodeUsage } from './usage-mapping.js';

type EventOf<T extends CanonicalEvent['type']> = Extract<CanonicalEvent, { type: T }>;

interface EncoderState {
  readonly context: ReplyContext;
  readonly ids: ToolCallIds;
  /** Text of a chunk up to its choices; the same in every chunk. */
  head: string;
  part: PartStart | null;
  partText: string[];
  callCount: number;
  partCount: number;
  textChars: number;
  outputChars: number;
  hasRefusal: boolean;
  hasEnded: boolean;
  usage: Usage;
}

/**
 * Canonical events as chunks that end in `[DONE]`. After an error event there is no `[DONE]`: its absence tells
 * clients that the answer is broken.
 */
export function createStreamEncoder(context: ReplyContext): StreamEncoder {
  const state: EncoderState = {
    context,
    ids: new ToolCallIds('call_', context.requestId),
    head: '',
    part: null,
    partText: [],
    callCount: 0,
    partCount: 0,
    textChars: 0,
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
  'response-start': (state, event) => {
    const head = {
      id: replyId('chatcmpl-', event.id, state.context.requestId),
      object: 'chat.completion.chunk',
      created: event.createdAtSeconds ?? state.context.createdAtSeconds,
      model: event.model ?? state.context.model,
    };
    state.head = JSON.stringify(head).slice(0, -1);
    return chunk(state, { role: 'assistant', content: '', refusal: null });
  },
  'part-start': (state, { part }) => {
    state.part = part;
    state.partText = [];
    state.partCount += 1;
    if (part.type === 'refusal') state.hasRefusal = true;
    if (part.type !== 'tool-call') return '';
    state.callCount += 1;
    return startCall(state, part);
  },
  'part-delta': (state, { text }) => {
    state.outputChars += text.length;
    if (state.part === null || state.part.type === 'native') return '';
    if (state.part.type !== 'text') state.partText.push(text);
    return deltas[state.part.type](state, text);
  },
  'part-end': (state, event) => {
    const { part } = state;
    state.part = null;
    return part === null ? '' : endPart(state, part, event);
  },
  usage: (state, { usage }) => {
    state.usage = usage;
    return '';
  },
  'response-end': (state, { finishReason, finishDetail }) => {
    state.hasEnded = true;
    const isWordless = finishReason === 'content-filter' && !state.hasRefusal;
    return (
      (isWordless ? chunk(state, { refusal: finishDetail ?? wordlessRefusal }) : '') +
      chunk(state, {}, encodeFinishReason(finishReason, state.context)) +
      (state.context.includeUsage ? usageChunk(state) : '') +
      'data: [DONE]\n\n'
    );
  },
  error: (state, { error }) => {
    state.hasEnded = true;
    return encodeStreamError(error);
  },
};

const deltas: Readonly<
  Record<Exclude<PartStart['type'], 'native'>, (state: EncoderState, text: string) => string>
> = {
  text: (state, text) => {
    state.textChars += text.length;
    return chunk(state, { content: text });
  },
  reasoning: (state, text) => chunk(state, { reasoning_content: text }),
  refusal: (state, text) => chunk(state, { refusal: text }),
  'tool-call': (state, text) => argumentsDelta(state, text),
};

function startCall(state: EncoderState, part: Extract<PartStart, { type: 'tool-call' }>): string {
  const { name, isFreeform, opaque } = part;
  if (state.context.usesFunctions === true) {
    return state.callCount === 1 ? chunk(state, { function_call: { name, arguments: '' } }) : '';
  }
  const index = state.callCount - 1;
  const id = state.ids.next(part.id);
  const call =
    isFreeform === true
      ? { index, id, type: 'custom', custom: { name, input: '' } }
      : { index, id, type: 'function', function: { name, arguments: '' } };
  // some clients read it in a call's first event alone
  return chunk(state, { tool_calls: [{ ...call, extra_content: encodeCallToken(opaque) }] });
}

/** The form before tools has room for one call; such requests forbid more. */
function argumentsDelta(
  state: EncoderState,
  text: string,
  token: OpaqueToken | null = null,
): string {
  if (state.context.usesFunctions === true)
    return state.callCount === 1 ? chunk(state, { function_call: { arguments: text } }) : '';
  const index = state.callCount - 1;
  const isFreeform = state.part?.type === 'tool-call' && state.part.isFreeform === true;
  const extra_content = encodeCallToken(token);
  const call = isFreeform
    ? { index, custom: { input: text }, extra_content }
    : { index, function: { arguments: text }, extra_content };
  return chunk(state, { tool_calls: [call] });
}

function endPart(
  state: EncoderState,
  part: PartStart,
  { opaque, citations }: EventOf<'part-end'>,
): string {
  const text = state.partText.join('');
  // A call without arguments streams none at Anthropic; here they must be a JSON object.
  if (part.type === 'tool-call') {
    const missing = part.isFreeform !== true && /^[ \t\n\r]*$/.test(text) ? '{}' : '';
    const late = (part.opaque ?? null) === null ? opaque : null;
    return missing === '' && late === null ? '' : argumentsDelta(state, missing, late);
  }
  const index = state.partCount - 1;
  if (part.type === 'reasoning' && opaque !== null)
    return chunk(state, { reasoning_details: [encodeReasoningDetail(text, opaque, index)] });
  if (part.type !== 'text') return '';
  // Citations stand for the whole part they came with.
  const end = state.textChars;
  const annotations = citations.map((citation) => encodeAnnotation(citation, end, end));
  return (
    (opaque === null ? '' : chunk(state, { reasoning_details: [encodeTextToken(opaque, index)] })) +
    (annotations.length === 0 ? '' : chunk(state, { annotations }))
  );
}

function chunk(state: EncoderState, delta: object, finishReason: string | null = null): string {
  const choice = `{"index":0,"delta":${JSON.stringify(delta)},"logprobs":null,"finish_reason":${JSON.stringify(finishReason)}}`;
  const usage = state.context.includeUsage ? ',"usage":null' : '';
  return `data: ${state.head},"choices":[${choice}]${usage}}\n\n`;
}

/** What the upstream did not count is estimated, so that callers who asked for usage get one. */
function usageChunk(state: EncoderState): string {
  const usage = {
    ...state.usage,
    inputTokens: state.usage.inputTokens ?? state.context.estimatedInputTokens ?? 0,
    outputTokens: state.usage.outputTokens ?? estimateTokens(state.outputChars),
  };
  return `data: ${state.head},"choices":[],"usage":${JSON.stringify(encodeUsage(usage))}}\n\n`;
}
