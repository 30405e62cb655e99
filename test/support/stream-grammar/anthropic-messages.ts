import {
  isCount,
  isJsonObject,
  objectOf,
  parseObject,
  readFrames,
  RuleBook,
  type Json,
} from './rule-book.js';
import type { StreamRules } from './stream-rules.js';

interface Block {
  readonly type: string;
  readonly id: unknown;
  readonly deltas: Json[];
  isOpen: boolean;
}

/** The broken rules of a stream of Anthropic messages; an empty list is a pass. */
export function checkAnthropicMessagesStream(stream: string, rules?: StreamRules): string[] {
  const book = new RuleBook();
  book.holds(!stream.includes('data: [DONE]'), 'A13 no [DONE]');
  book.holds(stream.endsWith('\n\n'), 'A0 ends in a blank line');
  const frames = readFrames(stream);
  const events = frames.map(({ data }) => parseObject(data));
  for (const [at, { name }] of frames.entries())
    book.holds(name !== null && name === events[at]?.['type'], 'A1 event name equals type');
  const types = events.map(({ type }) => type);
  const last = types.at(-1);
  const isBroken = last === 'error';
  book.holds(
    isBroken || last === 'message_stop',
    `A10 message_stop or error is last, not ${String(last)}`,
  );
  book.holds(types.filter((type) => type === 'error').length <= 1, 'A10 nothing after an error');
  if (isBroken) checkError(events.at(-1) ?? {}, book);
  if (events.length === 1 && isBroken) return book.broken;
  book.holds(types[0] === 'message_start', 'A2 message_start is first');
  book.holds(types.filter((type) => type === 'message_start').length === 1, 'A2 one message_start');
  checkMessageStart(events[0] ?? {}, book);
  const blocks = checkBlocks(events, book, isBroken);
  if (!isBroken) checkMessageEnd(events, blocks, book, rules);
  return book.broken;
}

function checkError(event: Json, book: RuleBook): void {
  const error = objectOf(event['error']);
  book.holds(
    typeof error['type'] === 'string' && typeof error['message'] === 'string',
    'A10 an error has type and message',
  );
}

function checkMessageStart(event: Json, book: RuleBook): void {
  const message = objectOf(event['message']);
  const usage = objectOf(message['usage']);
  const { content, model, id } = message;
  book.holds(Array.isArray(content) && content.length === 0, 'A2 message_start has no content');
  book.holds(message['stop_reason'] === null, 'A2 message_start has no stop_reason');
  book.holds(
    message['type'] === 'message' && message['role'] === 'assistant',
    'A2 message_start is an assistant message',
  );
  book.holds(
    typeof model === 'string' && typeof id === 'string' && /^msg_[\w-]+$/.test(id),
    'A2 model and id are there',
  );
  book.holds(
    usage['output_tokens'] === 0 && isCount(usage['input_tokens']),
    'A2 message_start counts no output',
  );
}

const legalDeltas: Readonly<Record<string, readonly string[]>> = {
  text: ['text_delta', 'citations_delta'],
  thinking: ['thinking_delta', 'signature_delta'],
  tool_use: ['input_json_delta'],
  server_tool_use: ['input_json_delta'],
  mcp_tool_use: ['input_json_delta'],
  compaction: ['compaction_delta'],
};

function checkBlocks(events: readonly Json[], book: RuleBook, isBroken: boolean): Block[] {
  const blocks: Block[] = [];
  let hasEnded = false;
  for (const event of events) {
    const current = blocks.at(-1);
    const type = String(event['type']);
    if (type === 'message_delta') hasEnded = true;
    if (!type.startsWith('content_block_')) continue;
    book.holds(!hasEnded, 'A9 message_delta comes after all blocks');
    if (type === 'content_block_start') {
      const block = objectOf(event['content_block']);
      book.holds(event['index'] === blocks.length, 'A3 block indexes are contiguous from 0');
      book.holds(current?.isOpen !== true, 'A4 one block open at a time');
      checkBlockStart(block, book);
      blocks.push({ type: String(block['type']), id: block['id'], deltas: [], isOpen: true });
      continue;
    }
    const isCurrent = event['index'] === blocks.length - 1 && current?.isOpen === true;
    if (type === 'content_block_delta') {
      const delta = objectOf(event['delta']);
      book.holds(isCurrent, 'A4 deltas go to the open block');
      book.holds(
        legalDeltas[current?.type ?? '']?.includes(String(delta['type'])) === true,
        `A5 ${String(delta['type'])} fits no block of type ${current?.type ?? 'none'}`,
      );
      current?.deltas.push(delta);
    } else {
      book.holds(isCurrent, 'A6 stop closes the open block');
      if (current !== undefined) current.isOpen = false;
    }
  }
  if (isBroken) return blocks;
  book.holds(
    blocks.every((block) => !block.isOpen),
    'A6 every block is closed',
  );
  for (const { type, deltas } of blocks) if (type === 'thinking') checkThinking(deltas, book);
  return blocks;
}

function checkThinking(deltas: readonly Json[], book: RuleBook): void {
  const signatures = deltas.filter(({ type }) => type === 'signature_delta');
  book.holds(
    signatures.length === 1 && deltas.at(-1) === signatures[0],
    'A8 thinking ends in one signature',
  );
}

function checkBlockStart(block: Json, book: RuleBook): void {
  if (block['type'] === 'text') book.holds(block['text'] === '', 'A5 text starts empty');
  if (block['type'] === 'thinking')
    book.holds(block['thinking'] === '', 'A5 thinking starts empty');
  if (block['type'] !== 'tool_use') return;
  book.holds(JSON.stringify(block['input']) === '{}', 'A7 tool input starts as {}');
  book.holds(typeof block['name'] === 'string' && block['name'] !== '', 'A12 a tool has a name');
}

export const anthropicStopReasons = [
  'end_turn',
  'max_tokens',
  'stop_sequence',
  'tool_use',
  'pause_turn',
  'refusal',
  'model_context_window_exceeded',
  'compaction',
];

function checkMessageEnd(
  events: readonly Json[],
  blocks: readonly Block[],
  book: RuleBook,
  rules?: StreamRules,
): void {
  const ends = events.filter(({ type }) => type === 'message_delta');
  book.holds(
    ends.length === 1 && events.at(-2) === ends[0],
    'A9 one message_delta, before message_stop',
  );
  const delta = objectOf(ends[0]?.['delta']);
  const reason = String(delta['stop_reason']);
  book.holds(anthropicStopReasons.includes(reason), `A9 stop_reason is known, not ${reason}`);
  book.holds(
    isCount(objectOf(ends[0]?.['usage'])['output_tokens']),
    'A9 message_delta counts the output',
  );
  const calls = blocks.filter(({ type }) => type === 'tool_use');
  const mayDiffer = ['max_tokens', 'refusal', 'pause_turn'].includes(reason);
  book.holds(
    mayDiffer || calls.length > 0 === (reason === 'tool_use'),
    'A11 tool_use blocks and stop_reason agree',
  );
  book.holds(new Set(calls.map(({ id }) => id)).size === calls.length, 'A12 tool ids are unique');
  for (const { id, deltas } of calls) {
    book.holds(/^[a-zA-Z0-9_-]+$/.test(String(id)), 'A12 tool ids are plain');
    const input = deltas.map((part) => String(part['partial_json'])).join('');
    book.holds(
      mayDiffer || input === '' || isJsonObject(input) || rules?.hasValidArguments === false,
      'A7 tool input is nothing or a JSON object',
    );
  }
}
