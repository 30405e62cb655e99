import { composeAnswer, type Answer } from './compose-answer.js';
import type { AnswerContext, Dialect, Frame } from './dialect.js';
import type { BilledTokens } from './upstream-log.js';
import type { Fault, Script } from './script.js';

/** Everything that will be done with one request, decided before anything is written. */
export interface Plan {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly frames: readonly Frame[];
  /** `reset` breaks the connection, `hang` leaves it open and silent, `endless` never stops writing a line. */
  readonly ending: 'complete' | 'close' | 'reset' | 'hang' | 'endless';
  /** Without a head the ending happens before any byte is sent. */
  readonly hasHead: boolean;
  readonly firstMs: number;
  readonly betweenMs: number;
  readonly delivery: 'frames' | 'bytes' | 'gzip';
  readonly billed: BilledTokens | null;
}

/** Output that still arrives before a stream breaks. */
const tokensBeforeBreak = 3;

interface Surroundings {
  readonly dialect: Dialect;
  readonly script: Script;
  readonly context: AnswerContext;
  /** Where redirects lead. */
  readonly trapUrl: string;
  /** The credential that came with the request. */
  readonly credential: string;
}

/** Decides the whole answer to a request. Pure. */
export function planAnswer(surroundings: Surroundings): Plan {
  const { dialect, script, context } = surroundings;
  const { request, index } = context;
  const refusal = {
    ...blank,
    headers: { ...dialect.headers(index), 'content-type': 'application/json' },
  };
  if (request.fault !== null) {
    return { ...refusal, status: 400, frames: [whole(dialect.errorBody(400, request.fault))] };
  }
  if (script.fault !== null) {
    const answered = planErrorAnswer(surroundings, script.fault, refusal);
    if (answered !== null) return answered;
  }
  const answer = composeAnswer(script, request);
  const type = request.isStream ? 'text/event-stream; charset=utf-8' : 'application/json';
  const good: Plan = {
    ...blank,
    headers: { ...dialect.headers(index), 'content-type': type },
    frames: request.isStream
      ? dialect.frames(answer, context)
      : [{ text: dialect.json(answer, context), tokens: answer.billed.outputTokens }],
    firstMs: script.firstMs + (request.isStream ? 0 : script.betweenMs * pieces(answer)),
    betweenMs: script.betweenMs,
    billed: answer.billed,
  };
  return script.fault === null ? good : spoil(good, script.fault, surroundings);
}

const blank: Plan = {
  status: 200,
  headers: {},
  frames: [],
  ending: 'complete',
  hasHead: true,
  firstMs: 0,
  betweenMs: 0,
  delivery: 'frames',
  billed: null,
};

const whole = (text: string): Frame => ({ text, tokens: 0 });
const pieces = (answer: Answer): number => answer.reasoning.length + answer.text.length;

/** Faults that are an answer of their own; null for those that spoil a good one. */
function planErrorAnswer(surroundings: Surroundings, fault: Fault, refusal: Plan): Plan | null {
  const { dialect, context, trapUrl, credential } = surroundings;
  switch (fault.kind) {
    case 'status': {
      const { status, retryAfterSeconds } = fault;
      const wait = retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) };
      const body = dialect.errorBody(status, `The fake upstream answers ${status}.`);
      return {
        ...refusal,
        status,
        headers: { ...refusal.headers, ...wait },
        frames: [whole(body)],
      };
    }
    case 'context-too-long':
      return {
        ...refusal,
        status: 400,
        frames: [whole(dialect.contextTooLongBody(context.request))],
      };
    case 'echo-secret': {
      const body = dialect.errorBody(
        400,
        `Incorrect API key provided: ${credential}. Bearer ${credential}`,
      );
      return { ...refusal, status: 400, frames: [whole(body)] };
    }
    case 'redirect':
      return { ...refusal, status: 307, headers: { ...refusal.headers, location: trapUrl } };
    case 'html':
      return {
        ...refusal,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        frames: [whole('<!doctype html><title>Sign in</title><p>Welcome to the captive portal.')],
      };
    case 'hang-headers':
      return { ...blank, hasHead: false, ending: 'hang' };
    case 'cut-before-headers':
      return { ...blank, hasHead: false, ending: 'close' };
    case 'refuse':
      return { ...blank, hasHead: false, ending: 'reset' };
    default:
      return null;
  }
}

function spoil(good: Plan, fault: Fault, { dialect, context }: Surroundings): Plan {
  const { isStream } = context.request;
  const begun = isStream ? begin(good.frames) : [half(good.frames)];
  const error = dialect.errorFrame('The fake upstream broke inside its stream.');
  const errorBody = whole(dialect.errorBody(500, 'The fake upstream answers 200 with an error.'));
  switch (fault.kind) {
    case 'hang-mid':
      return { ...good, frames: begun, ending: 'hang' };
    case 'cut-mid':
      return { ...good, frames: begun, ending: 'reset' };
    case 'fin-no-terminator':
      return { ...good, frames: begun };
    case 'close-after':
      return { ...good, ending: 'close' };
    case 'error-first-event':
      return { ...good, frames: [isStream ? error : errorBody], billed: null };
    case 'error-mid':
      return { ...good, frames: isStream ? [...begun, error] : [errorBody] };
    case 'invalid-json':
      return {
        ...good,
        frames: [whole(isStream ? 'data: {"id": oops\n\n' : '{"id": oops')],
        billed: null,
      };
    case 'empty':
      return { ...good, frames: [], billed: null };
    case 'wrong-content-type':
      return { ...good, headers: { ...good.headers, 'content-type': 'application/octet-stream' } };
    case 'gzip':
      return {
        ...good,
        headers: { ...good.headers, 'content-encoding': 'gzip' },
        delivery: 'gzip',
      };
    case 'split-bytes':
      return { ...good, delivery: 'bytes' };
    case 'huge-line':
      return {
        ...good,
        frames: [whole(isStream ? 'data: {"x":"' : '{"x":"')],
        ending: 'endless',
        billed: null,
      };
    default:
      return good;
  }
}

/** The frames up to the third token. */
function begin(frames: readonly Frame[]): Frame[] {
  let tokens = 0;
  return frames.filter((frame) => {
    const isWanted = tokens < tokensBeforeBreak;
    tokens += frame.tokens;
    return isWanted;
  });
}

function half([first]: readonly Frame[]): Frame {
  const text = first?.text ?? '';
  return { text: text.slice(0, Math.floor(text.length / 2)), tokens: tokensBeforeBreak };
}
