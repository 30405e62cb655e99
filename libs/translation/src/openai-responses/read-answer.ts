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
import { settleFinishReason } from '../shared/settle-finish-reason.js';
import { inBandError, readInBandError } from '../shared/upstream-fault.js';
import { decodeStatus, failureOf, terminalResponse } from './status-mapping.js';
import { decodeUsage } from './usage-mapping.js';

/** @throws GatewayError `upstream_invalid_response` when the body is not a JSON object */
export function readAnswer(text: string): AnswerFacts {
  const answer = parseAnswer(text);
  const news = readResponse(answer);
  return {
    usage: news.usage ?? unknownUsage,
    finishReason: news.finishReason ?? null,
    isComplete: (news.error ?? null) === null,
    error: news.error ?? null,
    outputChars: countOutput(answer),
    model: news.model ?? null,
  };
}

/** These streams always carry usage, so there is nothing to hide. */
export function createStreamTap(): StreamTap {
  return createEventTap(tapRules, false);
}

const tapRules: TapRules = {
  isNews:
    /"type"\s*:\s*"(?:response\.(?:created|completed|incomplete|failed)|error)"|"type"\s*:\s*"(?:function|custom_tool)_call"|"error"\s*:\s*\{|event: ?error/,
  outputText: /"delta"\s*:\s*"((?:[^"\\]|\\.)*)"/g,
  terminalData: null,
  read: (event, name) => {
    const record = asRecord(event);
    if (record === null) return {};
    return name === 'error' || record['type'] === 'error'
      ? { error: readInBandError(record) ?? inBandError(record) }
      : readEvent(record);
  },
  isUsageOnly: () => false,
  sequenceOf: (text) => {
    const found = /"sequence_number"\s*:\s*(\d+)/.exec(text)?.[1];
    return found === undefined ? null : Number(found);
  },
};

function readEvent(event: JsonRecord): EventNews {
  const terminal = terminalResponse(event);
  if (terminal !== null) return { ...readResponse(terminal), isTerminal: true };
  const response = recordAt(event, 'response');
  // ChatGPT's own backend ends a stream with an empty output
  return response === null
    ? { error: readInBandError(event), hasToolCall: isCall(recordAt(event, 'item')) }
    : { model: textAt(response, 'model'), response, error: failureOf(response) };
}

function readResponse(response: JsonRecord): EventNews {
  const usage = recordAt(response, 'usage');
  const finish = decodeStatus(response);
  const hasCall = arrayAt(response, 'output').some((item) => isCall(asRecord(item)));
  return {
    model: textAt(response, 'model'),
    ...(usage === null ? {} : { usage: decodeUsage(usage) }),
    finishReason: finish === null ? null : settleFinishReason(finish, hasCall),
    error: readInBandError(response) ?? failureOf(response),
  };
}

function isCall(item: JsonRecord | null): boolean {
  return item?.['type'] === 'function_call' || item?.['type'] === 'custom_tool_call';
}

function countOutput(answer: JsonRecord): number {
  let count = 0;
  for (const value of arrayAt(answer, 'output')) {
    const item = asRecord(value);
    for (const name of ['arguments', 'input']) count += textAt(item, name)?.length ?? 0;
    for (const list of ['content', 'summary']) {
      for (const part of arrayAt(item, list)) {
        const record = asRecord(part);
        count += (textAt(record, 'text') ?? textAt(record, 'refusal') ?? '').length;
      }
    }
  }
  return count;
}
