import {
  countOf,
  isCount,
  listOf,
  objectOf,
  parseObject,
  RuleBook,
  type Json,
} from './rule-book.js';

/** The broken rules of a Gemini stream (`alt=sse`); an empty list is a pass. */
export function checkGeminiGenerateStream(stream: string): string[] {
  const book = new RuleBook();
  book.holds(/\r?\n\r?\n$/.test(stream), 'G0 ends in a blank line');
  const frames = stream
    .split(/\r?\n\r?\n/)
    .filter((frame) => frame !== '' && !frame.startsWith(':'));
  for (const frame of frames)
    book.holds(/^data: ?\{/.test(frame) && !/^(?:event|id|:)/m.test(frame), 'G1 data alone');
  const chunks = frames.map((frame) => parseObject(frame.replace(/^data: ?/, '')));
  book.holds(!stream.includes('[DONE]'), 'G1 no [DONE]');
  const errors = chunks.filter((chunk) => chunk['error'] !== undefined);
  const isBroken = errors.length > 0;
  book.holds(
    !isBroken || (errors.length === 1 && chunks.at(-1) === errors[0]),
    'G2 nothing after an error',
  );
  const good = chunks.filter((chunk) => chunk['error'] === undefined);
  const error = objectOf(errors[0]?.['error']);
  book.holds(
    !isBroken || (isCount(error['code']) && typeof error['status'] === 'string'),
    'G2 an error has code and status',
  );
  checkFinish(good, book, isBroken);
  for (const part of good.flatMap(partsOf)) checkPart(part, book);
  checkUsage(good, book);
  for (const name of ['responseId', 'modelVersion'])
    book.holds(new Set(good.map((chunk) => chunk[name])).size <= 1, `G2 one ${name} in all chunks`);
  return book.broken;
}

function partsOf(chunk: Json): readonly Json[] {
  return listOf(objectOf(listOf(chunk['candidates'])[0]?.['content'])['parts']);
}

export const geminiFinishReasons =
  /^(STOP|MAX_TOKENS|SAFETY|RECITATION|LANGUAGE|OTHER|BLOCKLIST|PROHIBITED_CONTENT|SPII|IMAGE_SAFETY)$/;

function checkFinish(chunks: readonly Json[], book: RuleBook, isBroken: boolean): void {
  const finishes = chunks.map(
    (chunk) =>
      listOf(chunk['candidates'])[0]?.['finishReason'] ??
      objectOf(chunk['promptFeedback'])['blockReason'],
  );
  const given = finishes.filter((reason) => reason !== undefined && reason !== null);
  book.holds(given.length === (isBroken ? 0 : 1), 'G2 one finishReason');
  if (isBroken) return;
  book.holds(finishes.at(-1) === given[0], 'G2 finishReason is in the last chunk');
  book.holds(
    geminiFinishReasons.test(String(given[0])),
    `G2 ${String(given[0])} is a finishReason`,
  );
}

function checkPart(part: Json, book: RuleBook): void {
  const kinds = ['text', 'functionCall', 'inlineData', 'executableCode', 'codeExecutionResult'];
  book.holds(
    kinds.filter((kind) => kind in part).length === 1 ||
      ('thoughtSignature' in part && kinds.every((kind) => !(kind in part))),
    'G5 a part holds one thing, and its signature beside it',
  );
  if ('thoughtSignature' in part)
    book.holds(typeof part['thoughtSignature'] === 'string', 'G5 a signature is a string');
  if (!('functionCall' in part)) return;
  const call = objectOf(part['functionCall']);
  const { name, args } = call;
  book.holds(typeof name === 'string' && name !== '', 'G3 a functionCall has a name');
  book.holds(
    args === undefined || (typeof args === 'object' && args !== null && !Array.isArray(args)),
    'G3 args are an object',
  );
}

const counters = [
  'promptTokenCount',
  'candidatesTokenCount',
  'thoughtsTokenCount',
  'toolUsePromptTokenCount',
];

function checkUsage(chunks: readonly Json[], book: RuleBook): void {
  let before: Json = {};
  for (const chunk of chunks) {
    if (chunk['usageMetadata'] === undefined) continue;
    const usage = objectOf(chunk['usageMetadata']);
    for (const name of counters)
      book.holds(countOf(usage[name]) >= countOf(before[name]), `G4 ${name} never falls`);
    checkGeminiUsage(usage, book);
    before = usage;
  }
}

/** The sums within a usage record. */
export function checkGeminiUsage(usage: Json, book: RuleBook): void {
  const sum = counters.map((name) => countOf(usage[name])).reduce((a, b) => a + b, 0);
  book.holds(sum === usage['totalTokenCount'], 'G4 total is the sum of its parts');
}
