import type { FinishReason } from '../canonical/finish-reason.js';
import { GatewayError } from '../errors/gateway-error.js';
import { recordAt, textAt, type JsonRecord } from '../shared/json/json-access.js';

/** `failed`: the model's output could not be used, so there is no answer. */
type Outcome = FinishReason | 'failed';

/** In the order of Vertex's numbers, which stand in some answers instead of the words. */
const reasons: Readonly<Record<string, Outcome | null>> = {
  FINISH_REASON_UNSPECIFIED: null,
  STOP: 'stop',
  MAX_TOKENS: 'length',
  SAFETY: 'content-filter',
  RECITATION: 'content-filter',
  OTHER: 'stop',
  BLOCKLIST: 'content-filter',
  PROHIBITED_CONTENT: 'content-filter',
  SPII: 'content-filter',
  MALFORMED_FUNCTION_CALL: 'failed',
  IMAGE_SAFETY: 'content-filter',
  // a call of a tool that was not declared; what to do with it is for the caller to say
  UNEXPECTED_TOOL_CALL: 'stop',
  CONTINUATION: 'length',
  LANGUAGE: 'content-filter',
  MODEL_ARMOR: 'content-filter',
  NO_IMAGE: 'content-filter',
  MALFORMED_RESPONSE: 'failed',
  TOO_MANY_TOOL_CALLS: 'failed',
  MISSING_THOUGHT_SIGNATURE: 'failed',
};
const numbered = Object.keys(reasons);

export interface Finish {
  readonly reason: FinishReason;
  /** Why the model refused. */
  readonly detail: string | null;
}

/**
 * The finish of a candidate: null while there is none, an error for one that means failure; words we do not know
 * mean `stop`.
 */
export function decodeFinish(candidate: JsonRecord | null): Finish | GatewayError | null {
  const word = finishWord(candidate?.['finishReason']);
  if (word === null) return null;
  const fallback = word.startsWith('IMAGE_') ? 'content-filter' : 'stop';
  const outcome = Object.hasOwn(reasons, word) ? (reasons[word] ?? null) : fallback;
  if (outcome === null) return null;
  if (outcome === 'failed') return finishFailure(word);
  const detail = textAt(candidate, 'finishMessage') ?? word;
  return { reason: outcome, detail: outcome === 'content-filter' ? detail : null };
}

function finishWord(value: unknown): string | null {
  if (typeof value === 'number') return numbered[value] ?? 'OTHER';
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Another attempt may well succeed: the model wrote something that Google could not read. */
function finishFailure(word: string): GatewayError {
  return new GatewayError(
    'upstream_invalid_response',
    `The upstream could not use what its model wrote (${word}).`,
  );
}

/** A prompt that was refused has no candidates at all. */
export function decodeBlock(chunk: JsonRecord): Finish | null {
  const feedback = recordAt(chunk, 'promptFeedback');
  const word = textAt(feedback, 'blockReason');
  if (word === null) return null;
  const detail = textAt(feedback, 'blockReasonMessage') ?? `The prompt was blocked: ${word}`;
  return { reason: 'content-filter', detail };
}

const words: Readonly<Record<FinishReason, string>> = {
  stop: 'STOP',
  'stop-sequence': 'STOP',
  length: 'MAX_TOKENS',
  'tool-calls': 'STOP',
  'content-filter': 'SAFETY',
  pause: 'STOP',
};

export interface FinishFields {
  readonly finishReason: string;
  readonly finishMessage?: string | undefined;
}

export function encodeFinish(reason: FinishReason, detail: string | null): FinishFields {
  const isRefusal = reason === 'content-filter';
  return {
    finishReason: words[reason],
    finishMessage: isRefusal ? (detail ?? undefined) : undefined,
  };
}
