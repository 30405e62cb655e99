import type { FinishReason } from '../canonical/finish-reason.js';
import { unknownUsage } from '../canonical/usage.js';
import type { AnswerFacts, StreamTap } from '../protocol.js';
import { createEventTap, type EventNews, type TapRules } from '../shared/stream/event-tap.js';
import {
  arrayAt,
  asRecord,
  recordAt,
  textAt,
  type JsonRecord,
} from '../shared/json/json-access.js';
import { parseAnswer } from '../shared/parse-answer.js';
import { readInBandError } from '../shared/upstream-fault.js';
import { inBandErrorOf, finishFailure } from './reply/in-band-error.js';
import { decodeFinishReason } from './finish-reason-mapping.js';
import { decodeUsage } from './usage-mapping.js';

/** @throws GatewayError `upstream_invalid_response` when the body is not a JSON object */
export function readAnswer(text: string): AnswerFacts {
  const answer = parseAnswer(text);
  const news = readChunk(answer);
  return {
    usage: news.usage ?? unknownUsage,
    finishReason: news.finishReason ?? null,
    isComplete: (news.error ?? null) === null,
    error: news.error ?? null,
    outputChars: countOutput(answer),
    model: textAt(answer, 'model'),
  };
}

/** @param hideUsage drop the `choices: []` event, which the caller did not ask for */
export function createStreamTap(hideUsage: boolean): StreamTap {
  return createEventTap(tapRules, hideUsage);
}

export const tapRules: TapRules = {
  isNews: /"finish_reason"\s*:\s*"|"usage"\s*:\s*\{|"error"\s*:|event: ?error|\[DONE\]/,
  outputText:
    /"(?:content|reasoning_content|reasoning|refusal|arguments)"\s*:\s*"((?:[^"\\]|\\.)*)"/g,
  terminalData: '[DONE]',
  read: (event, name) => {
    const chunk = asRecord(event);
    if (chunk === null) return {};
    return name === 'error' ? { error: inBandErrorOf(chunk) } : readChunk(chunk);
  },
  isUsageOnly: (event) => {
    const chunk = asRecord(event);
    return (
      recordAt(chunk, 'usage') !== null &&
      Array.isArray(chunk?.['choices']) &&
      arrayAt(chunk, 'choices').length === 0
    );
  },
};

function readChunk(chunk: JsonRecord): EventNews {
  const usage = recordAt(chunk, 'usage') ?? recordAt(recordAt(chunk, 'x_groq'), 'usage');
  let error = readInBandError(chunk);
  let finishReason: FinishReason | null = null;
  let hasFailed = false;
  for (const each of arrayAt(chunk, 'choices')) {
    const choice = asRecord(each);
    const word = decodeFinishReason(choice);
    if (word === 'failed') hasFailed = true;
    else finishReason ??= word;
    error ??= readInBandError(choice);
  }
  if (hasFailed) error ??= finishFailure();
  const model = textAt(chunk, 'model');
  return usage === null
    ? { model, finishReason, error }
    : { model, usage: decodeUsage(usage), finishReason, error };
}

function countOutput(answer: JsonRecord): number {
  let count = 0;
  for (const choice of arrayAt(answer, 'choices')) {
    const message = recordAt(asRecord(choice), 'message');
    for (const name of ['content', 'reasoning_content', 'reasoning', 'refusal']) {
      count += textAt(message, name)?.length ?? 0;
    }
    for (const call of arrayAt(message, 'tool_calls')) {
      count += textAt(recordAt(asRecord(call), 'function'), 'arguments')?.length ?? 0;
    }
  }
  return count;
}
