import type { AnswerFacts, StreamTap } from '../protocol.js';
import { unknownUsage, type Usage } from '../canonical/usage.js';
import { GatewayError } from '../errors/gateway-error.js';
import { createEventTap, type EventNews } from '../shared/stream/event-tap.js';
import {
  arrayAt,
  asRecord,
  recordAt,
  textAt,
  type JsonRecord,
} from '../shared/json/json-access.js';
import { parseAnswer } from '../shared/parse-answer.js';
import { settleFinishReason } from '../shared/settle-finish-reason.js';
import { readInBandError } from '../shared/upstream-fault.js';
import { decodeBlock, decodeFinish } from './finish-reason-mapping.js';
import { decodeUsage } from './usage-mapping.js';

/** @throws GatewayError `upstream_invalid_response` when the body is not a JSON object */
export function readAnswer(text: string): AnswerFacts {
  const answer = parseAnswer(text);
  const news = readChunk(answer, unknownUsage, hasCall(answer));
  const error = news.error ?? null;
  return {
    usage: news.usage ?? unknownUsage,
    finishReason: news.finishReason ?? null,
    isComplete: error === null,
    error,
    outputChars: countOutput(answer),
    model: news.model ?? null,
  };
}

/** Gemini streams always carry usage, so there is nothing to hide. They have no last event: the finish is told. */
export function createStreamTap(): StreamTap {
  let sawCall = false;
  return createEventTap(
    {
      isNews: /"(?:finishReason|usageMetadata|error|blockReason|functionCall)"\s*:/,
      outputText: /"(?:text|code|args)"\s*:\s*("(?:[^"\\]|\\.)*"|\{[^}]*\})/g,
      terminalData: null,
      read: (event, _name, usageSoFar) => {
        // a list is Google's form without `alt=sse`, and that of some errors
        const chunk = asRecord(Array.isArray(event) ? event[0] : event);
        if (chunk === null) return {};
        sawCall ||= hasCall(chunk);
        return readChunk(chunk, usageSoFar, sawCall);
      },
      isUsageOnly: () => false,
    },
    false,
  );
}

function readChunk(chunk: JsonRecord, usageSoFar: Usage, sawCall: boolean): EventNews {
  const usage = recordAt(chunk, 'usageMetadata');
  const finish = decodeFinish(firstCandidate(chunk)) ?? decodeBlock(chunk);
  const failure = finish instanceof GatewayError ? finish : null;
  const reason = finish === null || finish instanceof GatewayError ? null : finish.reason;
  return {
    model: textAt(chunk, 'modelVersion'),
    ...(usage === null ? {} : { usage: decodeUsage(usage, usageSoFar) }),
    finishReason: reason === null ? null : settleFinishReason(reason, sawCall),
    error: readInBandError(chunk) ?? failure,
  };
}

export function firstCandidate(chunk: JsonRecord): JsonRecord | null {
  const candidates = arrayAt(chunk, 'candidates').map(asRecord);
  return candidates.find((candidate) => (candidate?.['index'] ?? 0) === 0) ?? null;
}

function partsOf(chunk: JsonRecord): (JsonRecord | null)[] {
  return arrayAt(recordAt(firstCandidate(chunk), 'content'), 'parts').map(asRecord);
}

function hasCall(chunk: JsonRecord): boolean {
  return partsOf(chunk).some((part) => recordAt(part, 'functionCall') !== null);
}

function countOutput(answer: JsonRecord): number {
  let count = 0;
  for (const part of partsOf(answer)) {
    count += textAt(part, 'text')?.length ?? 0;
    const call = recordAt(part, 'functionCall');
    if (call !== null) count += JSON.stringify(call['args'] ?? {}).length;
  }
  return count;
}
