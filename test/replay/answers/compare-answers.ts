import { isJsonObject } from '../../support/stream-grammar/rule-book.js';
import { isSameJson } from '../json-equality.js';
import type { AnswerMeaning, AnswerReading, Call, Counts } from './answer-meaning.js';

/** Where a translated answer says something else than the recorded one, in words that name the rule first. */
export function compareAnswers(
  expected: AnswerReading,
  actual: AnswerReading,
  client: string,
): string[] {
  if ('failure' in expected)
    return 'failure' in actual ? [] : [`failure: ${expected.failure} became an answer`];
  if ('failure' in actual) return [`answer: became a failure, ${actual.failure}`];
  return [
    ...compareProse(expected, actual, client),
    ...compareCalls(expected, actual, client),
    ...compareFinish(expected, actual, client),
    ...compareUsage(expected.usage, actual.usage, client),
    ...compareCitations(expected, actual),
  ];
}

function compareProse(expected: AnswerMeaning, actual: AnswerMeaning, client: string): string[] {
  const problems: string[] = [];
  const hasRefusalField = client === 'openai-chat' || client === 'openai-responses';
  const said = expected.text + expected.refusal;
  const isSaid = actual.text === expected.text || (!hasRefusalField && actual.text === said);
  if (!isSaid) problems.push(`text: ${excerpt(expected.text, actual.text)}`);
  const keepsRefusal =
    actual.refusal === expected.refusal ||
    // a refusal without words may be put into words
    (expected.refusal === '' && expected.finish === 'filter') ||
    (!hasRefusalField && actual.text === said);
  if (!keepsRefusal) problems.push(`refusal: ${excerpt(expected.refusal, actual.refusal)}`);
  const [thought, shown] = [expected.reasoning, actual.reasoning].map(withoutSpace) as [
    string,
    string,
  ];
  if (thought !== shown) problems.push(`reasoning: ${excerpt(thought, shown)}`);
  return problems;
}

function withoutSpace(text: string): string {
  return text.replaceAll(/\s+/g, '');
}

function excerpt(expected: string, actual: string): string {
  let at = 0;
  while (at < expected.length && expected[at] === actual[at]) at += 1;
  const cut = (text: string): string => JSON.stringify(text.slice(Math.max(0, at - 20), at + 40));
  return `${cut(expected)} became ${cut(actual)} (${expected.length} and ${actual.length} characters)`;
}

function compareCalls(cut: AnswerMeaning, actual: AnswerMeaning, client: string): string[] {
  // Gemini's arguments are objects and come whole, so a call that a limit has cut in two cannot be told.
  const isTold = ({ arguments: text }: Call): boolean => text === '' || isJsonObject(text);
  const isGemini = client === 'gemini-generate' && cut.finish === 'length';
  const expected = isGemini ? { ...cut, calls: cut.calls.filter(isTold) } : cut;
  const names = (calls: readonly Call[]): string => calls.map(({ name }) => name).join(', ');
  if (names(expected.calls) !== names(actual.calls))
    return [`calls: "${names(expected.calls)}" became "${names(actual.calls)}"`];
  return expected.calls.flatMap((call, at) => {
    const text = actual.calls[at]?.arguments ?? '';
    return hasArguments(call, text, expected.finish === 'length')
      ? []
      : [`arguments: ${excerpt(call.arguments, text)}`];
  });
}

function hasArguments(call: Call, text: string, isCut: boolean): boolean {
  if (text === call.arguments || isSameJson(call.arguments, text)) return true;
  // a freeform call where only JSON is known, and JSON that a limit has cut where only objects are
  if (call.isFreeform === true) return isSameJson(JSON.stringify({ input: call.arguments }), text);
  return isCut && isSameJson(JSON.stringify({ INVALID_JSON: call.arguments }), text);
}

function compareFinish(expected: AnswerMeaning, actual: AnswerMeaning, client: string): string[] {
  const isPauseKnown = client === 'anthropic-messages';
  const wanted = expected.finish === 'pause' && !isPauseKnown ? 'stop' : expected.finish;
  const problems = wanted === actual.finish ? [] : [`finish: ${wanted} became ${actual.finish}`];
  const { stopString } = expected;
  if (client === 'anthropic-messages' && wanted === 'stop' && stopString !== actual.stopString)
    problems.push(`stop string: ${String(stopString)} became ${String(actual.stopString)}`);
  return problems;
}

export function compareUsage(expected: Counts, actual: Counts, client: string): string[] {
  const problems: string[] = [];
  const same = (name: keyof Counts): void => {
    if (expected[name] !== null && expected[name] !== actual[name])
      problems.push(`usage: ${name} of ${expected[name]} became ${String(actual[name])}`);
  };
  same('input');
  same('output');
  const mayBeUnsaid = (name: keyof Counts, isSayable: boolean): void => {
    if ((expected[name] ?? 0) === 0 && (actual[name] ?? 0) === 0) return;
    if (isSayable || actual[name] !== null) same(name);
  };
  mayBeUnsaid('cacheRead', true);
  mayBeUnsaid('cacheWrite', client !== 'gemini-generate');
  mayBeUnsaid('reasoning', client !== 'anthropic-messages');
  return problems;
}

function compareCitations(expected: AnswerMeaning, actual: AnswerMeaning): string[] {
  const kept = new Set(actual.citedUrls);
  const lost = expected.citedUrls.filter((url) => !kept.has(url));
  return lost.length === 0
    ? []
    : [`citations: ${lost.length} of ${expected.citedUrls.length} lost`];
}
