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
import { readExceptions } from './known-exceptions.js';
import { isInference, type Exchange } from './recordings.js';
import { ReplayReport } from './replay-report.js';
import { hashOf } from './seeded-random.js';

const spoken = new Map<string, Protocol>(Object.entries(protocols));

/** One in so many exchanges, always the same ones. */
export function sample(exchanges: readonly Exchange[], oneIn: number): Exchange[] {
  return exchanges.filter(({ id }) => hashOf(id) % oneIn === 0);
}

/** Uses every exchange in every way there is, between all protocols that are spoken. */
export function replay(exchanges: readonly Exchange[]): ReplayReport {
  const report = new ReplayReport(readExceptions());
  for (const exchange of exchanges) {
    const own = spoken.get(exchange.protocol);
    if (own === undefined) report.skip(`not a protocol of both sides: ${exchange.protocol}`);
    else if (!isInference(exchange)) report.skip(`another endpoint of ${exchange.protocol}`);
    else for (const outcome of replayExchange(exchange, own)) report.add(outcome);
  }
  return report;
}

function replayExchange(exchange: Exchange, own: Protocol): Outcome[] {
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
