import { unknownUsage } from '../canonical/usage.js';
import { decodeUsage } from '../openai-chat/usage-mapping.js';
import type { AnswerFacts } from '../protocol.js';
import { recordAt, textAt } from '../shared/json/json-access.js';
import { parseAnswer } from '../shared/parse-answer.js';
import { readInBandError } from '../shared/upstream-fault.js';

/** @throws GatewayError `upstream_invalid_response` when the body is not a JSON object */
export function readAnswer(text: string): AnswerFacts {
  const answer = parseAnswer(text);
  const wire = recordAt(answer, 'usage');
  const error = readInBandError(answer);
  const usage = wire === null ? unknownUsage : decodeUsage(wire);
  return {
    // an embedding has no output tokens, which is known even where nothing is said of them
    usage: { ...usage, outputTokens: 0 },
    finishReason: error === null ? 'stop' : null,
    isComplete: error === null,
    error,
    outputChars: 0,
    model: textAt(answer, 'model'),
  };
}
