import type { CanonicalEvent, PartStart } from '../canonical/stream-event.js';
import { unknownUsage, type Usage } from '../canonical/usage.js';
import { encodeStreamError } from '../openai-chat/error-mapping.js';
import { encodeFinishReason } from '../openai-chat/finish-reason-mapping.js';
import { encodeUsage } from '../openai-chat/usage-mapping.js';
import type { ReplyContext, StreamEncoder } from '../protocol.js';
import { estimateTokens } from '../shared/estimate-tokens.js';
import { replyId } from '../shared/reply-ids.js';

type EventOf<T extends CanonicalEvent['type']> = Extract<CanonicalEvent, { type: T }>;

interface EncoderState {
  readonly context: ReplyContext;
  /** Text of a chunk up to its choices; the same in every chunk. */
  head: string;
  part: PartStart['type'] | null;
  outputChars: number;
  usage: Usage;
  hasEnded: boolean;
}

export function createStreamEncoder(context: ReplyContext): StreamEncoder {
  const state: EncoderState = {
    context,
    head: '',
    part: null,
    outputChars: 0,
    usage: unknownUsage,
    hasEnded: false,
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
      id: replyId('cmpl-', event.id, state.context.requestId),
      object: 'text_completion',
      created: event.createdAtSeconds ?? state.context.createdAtSeconds,
      model: event.model ?? state.context.model,
    };
    state.head = JSON.stringify(head).slice(0, -1);
    return '';
  },
  'part-start': (state, { part }) => {
    state.part = part.type;
    return '';
  },
  'part-delta': (state, { text }) => {
    state.outputChars += text.length;
    return state.part === 'text' || state.part === 'refusal' ? chunk(state, text, null) : '';
  },
  'part-end': () => '',
  usage: (state, { usage }) => {
    state.usage = usage;
    return '';
  },
  'response-end': (state, { finishReason }) => {
    state.hasEnded = true;
    return (
      chunk(state, '', encodeFinishReason(finishReason, state.context)) +
      (state.context.includeUsage ? usageChunk(state) : '') +
      'data: [DONE]\n\n'
    );
  },
  error: (state, { error }) => {
    state.hasEnded = true;
    return encodeStreamError(error);
  },
};

function chunk(state: EncoderState, text: string, finishReason: string | null): string {
  const choices = [{ index: 0, text, logprobs: null, finish_reason: finishReason }];
  const usage = state.context.includeUsage ? ',"usage":null' : '';
  return `data: ${state.head},"choices":${JSON.stringify(choices)}${usage}}\n\n`;
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
