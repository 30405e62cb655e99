import type { BilledTokens } from './upstream-log.js';
import type { UpstreamRequest } from './upstream-request.js';
import type { Script } from './script.js';

export interface AnswerToolCall {
  readonly name: string;
  /** Pieces of the JSON text of the arguments; none for a call without arguments. */
  readonly fragments: readonly string[];
}

export type AnswerFinish = 'stop' | 'length' | 'tools' | 'stop-sequence';

/** What the upstream reports as used; the fields may lie. */
export interface ReportedUsage extends BilledTokens {
  /** Part of the input that came from a cache. */
  readonly cachedTokens: number;
}

/** An answer before it is put into a protocol. Every piece counts as one token. */
export interface Answer {
  readonly reasoning: readonly string[];
  readonly text: readonly string[];
  readonly toolCalls: readonly AnswerToolCall[];
  readonly finish: AnswerFinish;
  readonly stopSequence: string | null;
  readonly billed: BilledTokens;
  readonly reported: ReportedUsage | null;
}

type Content = Pick<Answer, 'reasoning' | 'text' | 'toolCalls'>;

export const helloText = 'Hello from the upstream: naïve café ☕ says hi.';
export const weatherArguments = '{"city":"Paris","unit":"celsius"}';

/** Words with their leading spaces, so that joining them gives the text back. */
function toPieces(text: string): string[] {
  return text.match(/\s*\S+/g) ?? [];
}

function contentOf(script: Script, request: UpstreamRequest): Content {
  const say = (text: string): Content => ({ reasoning: [], text: toPieces(text), toolCalls: [] });
  if (request.toolResult !== null) return say(`The tool said: ${request.toolResult}.`);
  const weather = {
    name: 'get_weather',
    fragments: ['{"city"', ':"Par', 'is","unit":', '"celsius"}'],
  };
  switch (script.topic) {
    case 'hello':
      return say(helloText);
    case 'long':
      return say(Array.from({ length: script.words }, (_, index) => `word${index + 1}`).join(' '));
    case 'weather':
      return { reasoning: [], text: toPieces('Let me look.'), toolCalls: [weather] };
    case 'two-tools':
      return {
        reasoning: [],
        text: [],
        toolCalls: [weather, { name: 'get_time', fragments: ['{"zone":', '"CET"}'] }],
      };
    case 'no-arguments':
      return { reasoning: [], text: [], toolCalls: [{ name: 'get_time', fragments: [] }] };
    case 'given-call':
      return {
        reasoning: [],
        text: [],
        toolCalls: [{ name: script.call.name, fragments: piecesOfJson(script.call.arguments) }],
      };
    case 'reasoning':
      return { ...say('Forty-two.'), reasoning: toPieces('Let me think about it.') };
  }
}

/** Cuts where a tokenizer might: inside strings and between tokens. */
function piecesOfJson(text: string): string[] {
  return text.match(/.{1,7}/gsu) ?? [];
}

/** Ends the text where a stop sequence begins or the limit is reached, as a truthful upstream does. */
function limit(
  content: Content,
  request: UpstreamRequest,
): Content & Pick<Answer, 'finish' | 'stopSequence'> {
  const whole = content.text.join('');
  const hit = request.stopSequences
    .map((sequence) => ({ sequence, at: whole.indexOf(sequence) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)[0];
  if (hit !== undefined) {
    const text = toPieces(whole.slice(0, hit.at));
    return { ...content, text, toolCalls: [], finish: 'stop-sequence', stopSequence: hit.sequence };
  }
  const { maxTokens } = request;
  if (maxTokens !== null && content.text.length > maxTokens) {
    const text = content.text.slice(0, maxTokens);
    return { ...content, text, toolCalls: [], finish: 'length', stopSequence: null };
  }
  return {
    ...content,
    finish: content.toolCalls.length > 0 ? 'tools' : 'stop',
    stopSequence: null,
  };
}

function report(script: Script, billed: BilledTokens): ReportedUsage | null {
  switch (script.usage) {
    case 'none':
      return null;
    case 'negative':
      return { inputTokens: -5, outputTokens: -7, cachedTokens: -1 };
    case 'cached':
      return { ...billed, cachedTokens: Math.floor(billed.inputTokens / 2) };
    case 'true':
      return { ...billed, cachedTokens: 0 };
  }
}

export function composeAnswer(script: Script, request: UpstreamRequest): Answer {
  const content = limit(contentOf(script, request), request);
  const callTokens = content.toolCalls.reduce((sum, call) => sum + 1 + call.fragments.length, 0);
  const billed = {
    inputTokens: request.inputTokens,
    outputTokens: content.reasoning.length + content.text.length + callTokens,
  };
  return { ...content, billed, reported: report(script, billed) };
}
