import { listOf, objectOf, type Json, type RuleBook } from './rule-book.js';

/** Do the events inside one item tell what the done item holds? */
export function checkResponsesItem(done: Json, events: readonly Json[], book: RuleBook): void {
  switch (done['type']) {
    case 'message':
      checkParts(done, events, book, contentParts);
      return;
    case 'reasoning':
      checkReasoning(done, events, book);
      return;
    case 'function_call':
      checkText(events, ['response.function_call_arguments', 'arguments'], done['arguments'], book);
      book.holds(
        typeof done['call_id'] === 'string' && typeof done['name'] === 'string',
        'R8 a call has call_id and name',
      );
      return;
    case 'custom_tool_call':
      checkText(events, ['response.custom_tool_call_input', 'input'], done['input'], book);
  }
}

interface PartKind {
  readonly added: string;
  readonly done: string;
  readonly index: string;
  readonly member: string;
}

const contentParts: PartKind = {
  added: 'response.content_part.added',
  done: 'response.content_part.done',
  index: 'content_index',
  member: 'content',
};
const summaryParts: PartKind = {
  added: 'response.reasoning_summary_part.added',
  done: 'response.reasoning_summary_part.done',
  index: 'summary_index',
  member: 'summary',
};

type TextSlot = readonly [prefix: string, member: string];

const textEvents: Readonly<Record<string, TextSlot>> = {
  output_text: ['response.output_text', 'text'],
  refusal: ['response.refusal', 'refusal'],
  reasoning_text: ['response.reasoning_text', 'text'],
  summary_text: ['response.reasoning_summary_text', 'text'],
};

function checkReasoning(done: Json, events: readonly Json[], book: RuleBook): void {
  checkParts(done, events, book, summaryParts);
  const rawEvents = events.filter((event) => String(event['type']).includes('.reasoning_text.'));
  if (rawEvents.length === 0) return;
  const text = listOf(done['content'])
    .map((part) => String(part['text']))
    .join('');
  checkText(rawEvents, ['response.reasoning_text', 'text'], text, book);
}

function checkParts(done: Json, events: readonly Json[], book: RuleBook, kind: PartKind): void {
  const parts = listOf(done[kind.member]);
  const opened: Json[] = [];
  const closed: Json[] = [];
  let inner: Json[] = [];
  for (const event of events) {
    const { type } = event;
    if (type === kind.added) {
      book.holds(event[kind.index] === opened.length, `R6 ${kind.index} is contiguous from 0`);
      book.holds(opened.length === closed.length, 'R6 one part open at a time');
      opened.push(event);
      inner = [];
    } else if (type === kind.done) {
      const part = objectOf(event['part']);
      book.holds(opened.length === closed.length + 1, 'R6 a part is done after it was added');
      const same = JSON.stringify(part) === JSON.stringify(parts[closed.length]);
      book.holds(same, 'R7 the done part is that of the item');
      checkPartText(part, inner, book);
      closed.push(event);
    } else if (event[kind.index] !== undefined) {
      book.holds(
        event[kind.index] === closed.length && opened.length > closed.length,
        'R6 deltas go to the open part',
      );
      inner.push(event);
    }
  }
  book.holds(
    opened.length === closed.length && closed.length === parts.length,
    'R6 every part of the item was added and done',
  );
}

function checkPartText(part: Json, events: readonly Json[], book: RuleBook): void {
  const slot = textEvents[String(part['type'])];
  book.holds(slot !== undefined, `R6 ${String(part['type'])} is a part`);
  if (slot !== undefined) checkText(events, slot, part[slot[1]], book);
}

/** Joined deltas, the text of the one `.done` event, and what the item holds must be the same. */
function checkText(
  events: readonly Json[],
  [prefix, member]: TextSlot,
  expected: unknown,
  book: RuleBook,
): void {
  const rule = member === 'arguments' || member === 'input' ? 'R8' : 'R7';
  const joined = events
    .filter(({ type }) => type === `${prefix}.delta`)
    .map(({ delta }) => String(delta))
    .join('');
  const ends = events.filter(({ type }) => type === `${prefix}.done`);
  book.holds(ends.length === 1, `${rule} one ${prefix}.done`);
  book.holds(
    joined === expected && ends[0]?.[member] === expected,
    `${rule} deltas, done and item have the same ${member}`,
  );
}
