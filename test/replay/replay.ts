import { protocols, type Protocol } from '#translation';
import { checkAnswer } from './answers/check-answer.js';
import { checkAnswerAndBack } from './answers/check-answer-and-back.js';
import { readAnswer } from './answers/read-answer.js';
import { checkError } from './check-error.js';
import { checkPassthrough } from './check-passthrough.js';
import {
  checkRequest,
  checkRequestAndBack,
  type RequestFinding,
} from './requests/check-request.js';
import type { Outcome } from './outcome.js';
import { isInference, type Exchange } from './recordings.js';

const spoken = new Map<string, Protocol>(Object.entries(protocols));

/** Uses one exchange in every way there is; empty for protocols that are not spoken (yet). */
export function replayExchange(exchange: Exchange): Outcome[] {
  const own = spoken.get(exchange.protocol);
  if (own === undefined || !isInference(exchange)) return [];
  const { id, streamed: isStreamed } = exchange;
  const outcomes: Outcome[] = [];
  const note = (
    check: Outcome['check'],
    client: Protocol,
    upstream: Protocol,
    work: () => RequestFinding | readonly string[],
  ): void => {
    const found = guarded(work);
    const finding = 'problems' in found ? found : { problems: found, isRefused: false };
    outcomes.push({ check, client: client.id, upstream: upstream.id, isStreamed, id, ...finding });
  };
  note('passthrough', own, own, () => checkPassthrough(exchange, own));
  for (const other of spoken.values()) {
    if (exchange.response.status >= 300) {
      note('error', other, own, () => checkError(exchange, own, other));
    } else if (hasOneChoice(exchange)) {
      note('answer', other, own, () => checkAnswer(exchange, own, other));
      if (other !== own)
        note('answer and back', other, own, () => checkAnswerAndBack(exchange, own, other));
    }
    note('request', own, other, () => checkRequests(exchange, own, other));
    if (other !== own)
      note('request and back', own, other, () => checkRequestAndBack(exchange, own, other));
  }
  return outcomes;
}

/** For a cloud and for a local engine, which take different things. */
function checkRequests(exchange: Exchange, client: Protocol, upstream: Protocol): RequestFinding {
  const cloud = checkRequest(exchange, client, upstream, false);
  const local = checkRequest(exchange, client, upstream, true);
  return {
    isRefused: cloud.isRefused,
    problems: [...cloud.problems, ...local.problems.map((text) => `local ${text}`)],
  };
}

/** Several answers are refused in the request already, so they never have to be translated. */
function hasOneChoice({ protocol, response, streamed }: Exchange): boolean {
  const reading = readAnswer(protocol, response.body, streamed);
  return 'failure' in reading || reading.choiceCount <= 1;
}

function guarded<T>(work: () => T): T | readonly string[] {
  try {
    return work();
  } catch (error) {
    return [`thrown: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
  }
}
