import {
  countOf,
  isCount,
  isJsonObject,
  listOf,
  objectOf,
  parseObject,
  readFrames,
  RuleBook,
  type Json,
} from './rule-book.js';
import type { StreamRules } from './stream-rules.js';

/** The broken rules of a stream of chat completions; an empty list is a pass. */
export function checkOpenaiChatStream(stream: string, rules: StreamRules): string[] {
  const book = new RuleBook();
  book.holds(!/^event:/m.test(stream), 'C1 no event names');
  book.holds(stream.endsWith('\n\n'), 'C0 ends in a blank line');
  const frames = readFrames(stream).map(({ data }) => data);
  const chunks = frames.filter((data) => data !== '[DONE]').map(parseObject);
  const isBroken = chunks.at(-1)?.['error'] !== undefined;
  book.holds(
    isBroken !== (frames.at(-1) === '[DONE]'),
    'C10 ends in [DONE] or in an error, not in both',
  );
  book.holds(frames.filter((data) => data === '[DONE]').length <= 1, 'C10 one [DONE]');
  const good = chunks.filter((chunk) => chunk['error'] === undefined);
  book.holds(chunks.length - good.length <= 1, 'C10 at most one error');
  if (isBroken) checkError(objectOf(chunks.at(-1)?.['error']), book);
  if (good.length === 0) {
    book.holds(isBroken, 'C5 an empty stream is an error');
    return book.broken;
  }
  checkHeads(good, book);
  const choices = good.flatMap((chunk) => listOf(chunk['choices']));
  const indexes = new Set(choices.map((choice) => choice['index']));
  for (const index of indexes) {
    const ofIndex = choices.filter((choice) => choice['index'] === index);
    checkChoice(ofIndex, rules, book, isBroken);
  }
  if (!isBroken) checkUsage(good, rules, book);
  return book.broken;
}

function checkError(error: Json, book: RuleBook): void {
  book.holds(
    typeof error['message'] === 'string' && typeof error['type'] === 'string',
    'C10 an error has type and message',
  );
}

function checkHeads(chunks: readonly Json[], book: RuleBook): void {
  for (const name of ['id', 'created', 'model', 'object']) {
    book.holds(
      new Set(chunks.map((chunk) => chunk[name])).size === 1,
      `C2 ${name} is the same in every chunk`,
    );
  }
  const { id, created, model, object } = chunks[0] ?? {};
  book.holds(
    typeof id === 'string' && isCount(created) && typeof model === 'string',
    'C2 id, created and model are there',
  );
  book.holds(object === 'chat.completion.chunk', 'C2 object is chat.completion.chunk');
  for (const chunk of chunks)
    book.holds(Array.isArray(chunk['choices']), 'C3 choices is in every chunk');
}

function hasContent(delta: Json): boolean {
  return Object.entries(delta).some(
    ([name, value]) => name !== 'role' && value !== null && value !== '',
  );
}

function checkChoice(
  choices: readonly Json[],
  rules: StreamRules,
  book: RuleBook,
  isBroken: boolean,
): void {
  const deltas = choices.map((choice) => objectOf(choice['delta']));
  book.holds(deltas[0]?.['role'] === 'assistant', 'C4 the first delta names the role');
  book.holds(
    deltas.slice(1).every((delta) => !('role' in delta)),
    'C4 the role comes once',
  );
  const finishAt = choices.findIndex((choice) => (choice['finish_reason'] ?? null) !== null);
  const finishes = choices.filter((choice) => (choice['finish_reason'] ?? null) !== null);
  book.holds(isBroken ? finishes.length === 0 : finishes.length === 1, 'C5 one finish');
  if (finishAt !== -1) {
    book.holds(
      deltas.slice(finishAt).every((delta) => !hasContent(delta)),
      'C5 no content in or behind the finish',
    );
  }
  const calls = readCalls(deltas, book);
  if (isBroken) return;
  const reason = String(finishes[0]?.['finish_reason']);
  book.holds(
    ['stop', 'length', 'tool_calls', 'function_call', 'content_filter'].includes(reason),
    `C5 finish_reason is known, not ${reason}`,
  );
  const isCut = reason === 'length' || reason === 'content_filter';
  book.holds(
    isCut || calls.length > 0 === (reason === 'tool_calls'),
    'C8 tool calls and finish_reason agree',
  );
  book.holds(
    isCut || deltas.some((delta) => 'function_call' in delta) === (reason === 'function_call'),
    'C8 a call in the form before tools and finish_reason agree',
  );
  if (isCut || rules.hasValidArguments === false) return;
  for (const text of calls) book.holds(isJsonObject(text), 'C7 tool arguments are a JSON object');
}

/** The joined arguments of each call. */
function readCalls(deltas: readonly Json[], book: RuleBook): string[] {
  const calls: { id: unknown; isFreeform: boolean; text: string }[] = [];
  for (const wire of deltas.flatMap((delta) => listOf(delta['tool_calls']))) {
    const isFreeform = wire['custom'] !== undefined;
    const target = objectOf(isFreeform ? wire['custom'] : wire['function']);
    const text = target[isFreeform ? 'input' : 'arguments'];
    if (wire['index'] === calls.length) {
      book.holds(
        typeof wire['id'] === 'string' &&
          wire['type'] === (isFreeform ? 'custom' : 'function') &&
          typeof target['name'] === 'string' &&
          typeof text === 'string',
        'C6 a call begins with id, type, name and arguments',
      );
      calls.push({ id: wire['id'], isFreeform, text: '' });
    } else {
      book.holds(wire['index'] === calls.length - 1, 'C6 tool indexes are contiguous from 0');
      book.holds(!('id' in wire) && !('name' in target), 'C6 id and name come once');
    }
    const call = calls.at(-1);
    if (call !== undefined) call.text += String(text ?? '');
  }
  book.holds(new Set(calls.map(({ id }) => id)).size === calls.length, 'C6 tool ids are unique');
  // plain text may be anything
  return calls.map(({ isFreeform, text }) => (isFreeform ? '{}' : text));
}

function checkUsage(chunks: readonly Json[], rules: StreamRules, book: RuleBook): void {
  const records = chunks.filter((chunk) => listOf(chunk['choices']).length === 0);
  book.holds(
    records.length === (rules.includesUsage ? 1 : 0),
    'C9 a usage chunk exactly where asked for',
  );
  for (const chunk of chunks) {
    if (records.includes(chunk)) continue;
    book.holds((chunk['usage'] ?? null) === null, 'C9 usage is null in the other chunks');
  }
  if (!rules.includesUsage) return;
  book.holds(chunks.at(-1) === records[0], 'C9 the usage chunk is last');
  checkChatUsage(objectOf(records[0]?.['usage']), book);
}

/** The sums within a usage record. */
export function checkChatUsage(usage: Json, book: RuleBook): void {
  const { prompt_tokens: prompt, completion_tokens: completion, total_tokens: total } = usage;
  book.holds(
    isCount(prompt) && isCount(completion) && prompt + completion === total,
    'C9 prompt and completion make the total',
  );
  const input = objectOf(usage['prompt_tokens_details']);
  const output = objectOf(usage['completion_tokens_details']);
  book.holds(
    countOf(input['cached_tokens']) <= countOf(prompt),
    'C9 cached tokens are part of the prompt',
  );
  book.holds(
    countOf(output['reasoning_tokens']) <= countOf(completion),
    'C9 reasoning is part of the completion',
  );
}
