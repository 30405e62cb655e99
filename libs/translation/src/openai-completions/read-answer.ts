import { readAnswer as readChatAnswer, tapRules } from '../openai-chat/read-answer.js';
import type { AnswerFacts, StreamTap } from '../protocol.js';
import { createEventTap } from '../shared/stream/event-tap.js';
import { arrayAt, asRecord, textAt } from '../shared/json/json-access.js';
import { parseAnswer } from '../shared/parse-answer.js';

/** Usage, finish and errors stand where chat has them; only the text has another place. */
export function readAnswer(text: string): AnswerFacts {
  const facts = readChatAnswer(text);
  const choices = arrayAt(parseAnswer(text), 'choices').map(asRecord);
  const outputChars = choices.reduce(
    (sum, choice) => sum + (textAt(choice, 'text')?.length ?? 0),
    0,
  );
  return { ...facts, outputChars };
}

/** @param hideUsage drop the `choices: []` event, which the caller did not ask for */
export function createStreamTap(hideUsage: boolean): StreamTap {
  return createEventTap(
    { ...tapRules, outputText: /"text"\s*:\s*"((?:[^"\\]|\\.)*)"/g },
    hideUsage,
  );
}
