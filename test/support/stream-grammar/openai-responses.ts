import { checkResponsesItem } from './openai-responses-item.js';
import {
  isCount,
  listOf,
  objectOf,
  parseObject,
  readFrames,
  RuleBook,
  type Json,
} from './rule-book.js';

interface Item {
  readonly added: Json;
  readonly events: Json[];
  done: Json | null;
}

const terminals: Readonly<Record<string, string>> = {
  'response.completed': 'completed',
  'response.incomplete': 'incomplete',
  'response.failed': 'failed',
};

/** The broken rules of a stream of OpenAI responses; an empty list is a pass. */
export function checkOpenaiResponsesStream(stream: string): string[] {
  const book = new RuleBook();
  book.holds(stream.endsWith('\n\n'), 'R0 ends in a blank line');
  book.holds(!stream.includes('data: [DONE]'), 'R0 no [DONE]');
  const frames = readFrames(stream);
  const events = frames.map(({ data }) => parseObject(data));
  for (const [at, { name }] of frames.entries()) {
    book.holds(name !== null && name === events[at]?.['type'], 'R1 event name equals type');
    book.holds(events[at]?.['sequence_number'] === at, 'R2 sequence_number is gapless from 0');
  }
  const types = events.map(({ type }) => String(type));
  const errorAt = types.indexOf('error');
  if (errorAt === -1 || types[0] !== 'error') {
    book.holds(types[0] === 'response.created', 'R3 response.created is first');
    const second = types[1] === 'response.queued' ? types[2] : types[1];
    const isCutShort = second === 'error' || second === 'response.failed';
    book.holds(
      second === 'response.in_progress' || isCutShort,
      'R3 response.in_progress is second',
    );
  }
  for (const name of ['response.created', 'response.in_progress'])
    book.holds(types.filter((type) => type === name).length <= 1, `R3 one ${name}`);
  const items = checkItems(events, book, errorAt !== -1 || types.at(-1) === 'response.failed');
  checkTerminal(events, items, book);
  return book.broken;
}

function checkItems(events: readonly Json[], book: RuleBook, isBroken: boolean): Item[] {
  const items: Item[] = [];
  for (const event of events) {
    const type = String(event['type']);
    const at = event['output_index'];
    if (at === undefined) continue;
    if (type === 'response.output_item.added') {
      book.holds(at === items.length, 'R4 output_index is contiguous from 0');
      book.holds(
        items.every(({ done }) => done !== null),
        'R4 one item open at a time',
      );
      items.push({ added: objectOf(event['item']), events: [], done: null });
      continue;
    }
    const item = items[Number(at)];
    book.holds(item !== undefined && item.done === null, `R6 ${type} belongs to an open item`);
    if (item === undefined) continue;
    if (type === 'response.output_item.done') {
      item.done = objectOf(event['item']);
      continue;
    }
    book.holds(event['item_id'] === item.added['id'], 'R6 item_id is that of the item');
    item.events.push(event);
  }
  for (const { added, done, events: inner } of items) {
    if (done === null) {
      book.holds(isBroken, 'R5 every item is done');
      continue;
    }
    book.holds(
      done['id'] === added['id'] && done['type'] === added['type'],
      'R5 an item keeps its id and type',
    );
    checkResponsesItem(done, inner, book);
  }
  const ids = items.map(({ added }) => added['id']);
  book.holds(
    ids.every((id) => typeof id === 'string' && id !== '') && new Set(ids).size === ids.length,
    'R12 item ids are unique',
  );
  return items;
}

function checkTerminal(events: readonly Json[], items: readonly Item[], book: RuleBook): void {
  const ends = events.filter(({ type }) => String(type) in terminals);
  const last = events.at(-1) ?? {};
  book.holds(ends.length === 1 && ends[0] === last, 'R9 one terminal event, last');
  const errors = events.filter(({ type }) => type === 'error');
  book.holds(errors.length <= 1, 'R9 at most one error');
  if (errors.length === 1) {
    book.holds(
      events.at(-2) === errors[0] && last['type'] === 'response.failed',
      'R9 error is followed by response.failed alone',
    );
  }
  const response = objectOf(last['response']);
  const status = terminals[String(last['type'])];
  book.holds(response['status'] === status, 'R9 status matches the event');
  if (status === 'failed') {
    const error = objectOf(response['error']);
    book.holds(
      typeof error['code'] === 'string' && typeof error['message'] === 'string',
      'R9 a failed response has an error with code and message',
    );
    return;
  }
  const done = items.map((item) => item.done);
  book.holds(
    JSON.stringify(response['output']) === JSON.stringify(done),
    'R10 terminal output equals the done items',
  );
  checkResponsesUsage(objectOf(response['usage']), book);
  const first = objectOf(events[0]?.['response']);
  for (const name of ['id', 'created_at', 'model'])
    book.holds(first[name] === response[name], `R3 ${name} stays the same`);
  book.holds(
    status !== 'incomplete' ||
      typeof objectOf(response['incomplete_details'])['reason'] === 'string',
    'R9 an incomplete response says why',
  );
  book.holds(listOf(first['output']).length === 0, 'R3 response.created has no output');
}

/** The sums within a usage record. */
export function checkResponsesUsage(usage: Json, book: RuleBook): void {
  const { input_tokens: input, output_tokens: output, total_tokens: total } = usage;
  book.holds(
    isCount(input) && isCount(output) && input + output === total,
    'R11 usage is there and adds up',
  );
  book.holds(
    isCount(objectOf(usage['input_tokens_details'])['cached_tokens']) &&
      isCount(objectOf(usage['output_tokens_details'])['reasoning_tokens']),
    'R11 usage has its details',
  );
}
