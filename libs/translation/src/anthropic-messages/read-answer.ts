import { unknownUsage, type Usage } from '../canonical/usage.js';
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
import { inBandError, readInBandError } from '../shared/upstream-fault.js';
import { decodeStopReason } from './finish-reason-mapping.js';
import { decodeUsage } from './usage-mapping.js';

/** @throws GatewayError `upstream_invalid_response` when the body is not a JSON object */
export function readAnswer(text: string): AnswerFacts {
  const answer = parseAnswer(text);
  const usage = recordAt(answer, 'usage');
  const error = readInBandError(answer);
  return {
    usage: usage === null ? unknownUsage : decodeUsage(usage),
    finishReason: decodeStopReason(answer['stop_reason']),
    isComplete: error === null,
    error,
    outputChars: countOutput(answer),
    model: textAt(answer, 'model'),
  };
}

/** Anthropic streams always carry usage, so there is nothing to hide. */
export function createStreamTap(): StreamTap {
  return createEventTap(tapRules, false);
}

const tapRules: TapRules = {
  isNews: /"usage"\s*:\s*\{|"stop_reason"\s*:\s*"|"message_stop"|"error"\s*:|event: ?error/,
  outputText: /"(?:text|thinking|partial_json)"\s*:\s*"((?:[^"\\]|\\.)*)"/g,
  terminalData: null,
  read: (event, name, usageSoFar) => {
    const record = asRecord(event);
    if (record === null) return {};
    return name === 'error'
      ? { error: readInBandError(record) ?? inBandError(record) }
      : readEvent(record, usageSoFar);
  },
  isUsageOnly: () => false,
};

function readEvent(event: JsonRecord, usageSoFar: Usage): EventNews {
  const message = recordAt(event, 'message');
  const usage = recordAt(event, 'usage') ?? recordAt(message, 'usage');
  return {
    model: textAt(message, 'model'),
    ...(usage === null ? {} : { usage: decodeUsage(usage, usageSoFar) }),
    finishReason: decodeStopReason(recordAt(event, 'delta')?.['stop_reason']),
    error: readInBandError(event),
    isTerminal: event['type'] === 'message_stop',
  };
}

function countOutput(answer: JsonRecord): number {
  let count = 0;
  for (const item of arrayAt(answer, 'content')) {
    const block = asRecord(item);
    count += (textAt(block, 'text') ?? textAt(block, 'thinking') ?? '').length;
    if (block?.['type'] === 'tool_use') count += JSON.stringify(block['input'] ?? {}).length;
  }
  return count;
}
