import {
  protocols,
  wireProtocols,
  type ClientProtocol,
  type Protocol,
  type WireProtocol,
} from '#translation';
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

/** Protocols of both sides, of callers alone, and of passing bytes alone. */
const bothSides = new Map<string, Protocol>(Object.entries(protocols));
const passing = new Map<string, WireProtocol>(Object.entries(wireProtocols));

/** One in so many exchanges, always the same ones. */
export function sample(exchanges: readonly Exchange[], oneIn: number): Exchange[] {
  return exchanges.filter(({ id }) => hashOf(id) % oneIn === 0);
}

/** Uses every exchange in every way there is, between all protocols that are spoken. */
export function replay(exchanges: readonly Exchange[]): ReplayReport {
  const report = new ReplayReport(readExceptions());
  for (const exchange of exchanges) {
    const { protocol } = exchange;
    if (!passing.has(protocol)) report.skip(`not spoken: ${protocol}`);
    else if (!isInference(exchange)) report.skip(`another endpoint of ${protocol}`);
    else if (!hasOneChoice(exchange)) report.skip(`answer of ${protocol} with several choices`);
    for (const outcome of replayExchange(exchange)) report.add(outcome);
  }
  return report;
}

type Finding = RequestFinding | readonly string[];

function replayExchange(exchange: Exchange): Outcome[] {
  const own = passing.get(exchange.protocol);
  if (own === undefined || !isInference(exchange)) return [];
  const { id, streamed: isStreamed } = exchange;
  const outcomes: Outcome[] = [];
  const note = (
    check: Outcome['check'],
    client: WireProtocol,
    upstream: WireProtocol,
    work: () => Finding,
  ): void => {
    const found = guarded(work);
    const finding = 'problems' in found ? found : { problems: found, isRefused: false };
    outcomes.push({ check, client: client.id, upstream: upstream.id, isStreamed, id, ...finding });
  };
  note('passthrough', own, own, () => checkPassthrough(exchange, own));
  for (const other of bothSides.values()) {
    const full = bothSides.get(own.id);
    if (full !== undefined) {
      for (const [check, work] of answerChecks(exchange, full, other))
        note(check, other, full, work);
    }
    if (isClientProtocol(own))
      note('request', own, other, () => checkRequests(exchange, own, other));
    if (full !== undefined && other !== full)
      note('request and back', full, other, () => checkRequestAndBack(exchange, full, other));
  }
  return outcomes;
}

function isClientProtocol(protocol: WireProtocol): protocol is ClientProtocol {
  return 'decodeRequest' in protocol;
}

/** Several answers are refused in the request already, so they never have to be translated. */
function answerChecks(
  exchange: Exchange,
  upstream: Protocol,
  client: Protocol,
): [check: Outcome['check'], work: () => Finding][] {
  if (exchange.response.status >= 300)
    return [['error', () => checkError(exchange, upstream, client)]];
  if (!hasOneChoice(exchange)) return [];
  const answer = ['answer', () => checkAnswer(exchange, upstream, client)] as const;
  if (client === upstream) return [[...answer]];
  return [[...answer], ['answer and back', () => checkAnswerAndBack(exchange, upstream, client)]];
}

/** For a cloud and for a local engine, which take different things. */
function checkRequests(
  exchange: Exchange,
  client: ClientProtocol,
  upstream: Protocol,
): RequestFinding {
  const cloud = checkRequest(exchange, client, upstream, false);
  // no local engine speaks Gemini
  if (upstream.id === 'gemini-generate') return cloud;
  const local = checkRequest(exchange, client, upstream, true);
  return {
    isRefused: cloud.isRefused,
    problems: [...cloud.problems, ...local.problems.map((text) => `local ${text}`)],
  };
}

function hasOneChoice({ protocol, response, streamed }: Exchange): boolean {
  if (response.status >= 300) return true;
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
