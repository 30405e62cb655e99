import type { FinishReason } from '../canonical/finish-reason.js';

const reasons: Readonly<Record<string, FinishReason>> = {
  end_turn: 'stop',
  stop_sequence: 'stop-sequence',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool-calls',
  refusal: 'content-filter',
  pause_turn: 'pause',
};

/** null when nothing has ended; words we do not know mean `stop`. */
export function decodeStopReason(word: unknown): FinishReason | null {
  if (typeof word !== 'string' || word === '') return null;
  return Object.hasOwn(reasons, word) ? (reasons[word] ?? 'stop') : 'stop';
}

const words: Readonly<Record<FinishReason, string>> = {
  stop: 'end_turn',
  'stop-sequence': 'stop_sequence',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  'content-filter': 'refusal',
  pause: 'pause_turn',
};

export interface StopFields {
  readonly stop_reason: string;
  readonly stop_sequence: string | null;
  readonly stop_details?:
    | { readonly type: 'refusal'; readonly category: null; readonly explanation: string | null }
    | undefined;
}

/** @param detail the stop string that was hit, or the reason for a refusal */
export function encodeStop(reason: FinishReason, detail: string | null): StopFields {
  return {
    stop_reason: words[reason],
    stop_sequence: reason === 'stop-sequence' ? detail : null,
    stop_details:
      reason === 'content-filter'
        ? { type: 'refusal', category: null, explanation: detail }
        : undefined,
  };
}
