/**
 * What any stream we send must keep to, whatever the upstream did. Each checker returns the broken rules
 * in words; an empty list is a pass.
 */

type Json = Record<string, unknown>;

interface Frame {
  readonly name: string | null;
  readonly data: string;
}

interface ChatRules {
  readonly includesUsage: boolean;
  /** Arguments come from the model as they are; only where it was honest must they be JSON. */
  readonly hasValidArguments?: boolean;
}

/** The frames of a stream as a strict reader takes them: LF lines, one blank line behind each. */
export function readFrames(stream: string): Frame[] {
  return stream
    .split('\n\n')
    .filter((frame) => frame !== '' && !frame.startsWith(':'))
    .map((frame) => {
      const lines = frame.split('\n');
      const name = lines.find((line) => line.startsWith('event: '))?.slice(7) ?? null;
      return {
        name,
        data: lines
          .filter((line) => line.startsWith('data: '))
          .map((line) => line.slice(6))
          .join('\n'),
      };
    });
}

export function checkAnthropicStream(stream: string): string[] {
  const broken: string[] = [];
  const rule = (holds: boolean, text: string): void => void (holds || broken.push(text));
  rule(!stream.includes('[DONE]'), 'no [DONE]');
  rule(stream.endsWith('\n\n'), 'ends in a blank line');
  const frames = readFrames(stream);
  const events = frames.map(({ data }) => JSON.parse(data) as Json);
  frames.forEach(({ name }, at) => rule(name === events[at]?.['type'], 'event name equals type'));
  const last = events.at(-1)?.['type'];
  rule(
    last === 'message_stop' || last === 'error',
    `message_stop or error is last, not ${String(last)}`,
  );
  rule(events.filter(({ type }) => type === 'error').length <= 1, 'at most one error');
  if (events.length === 1 && last === 'error') return broken;
  rule(events[0]?.['type'] === 'message_start', 'message_start is first');
  rule(events.filter(({ type }) => type === 'message_start').length === 1, 'one message_start');
  checkMessageStart(events[0], rule);
  const blocks = checkBlocks(events, rule, last === 'error');
  if (last !== 'error') checkMessageEnd(events, blocks, rule);
  return broken;
}

type Rule = (holds: boolean, text: string) => void;

interface Block {
  readonly type: string;
  readonly id: unknown;
  deltas: Json[];
  isOpen: boolean;
}

function checkMessageStart(event: Json | undefined, rule: Rule): void {
  const message = (event?.['message'] ?? {}) as Json;
  const usage = (message['usage'] ?? {}) as Json;
  rule(
    Array.isArray(message['content']) && message['content'].length === 0,
    'message_start has no content',
  );
  rule(message['stop_reason'] === null, 'message_start has no stop_reason');
  rule(
    typeof message['model'] === 'string' && /^msg_[\w-]+$/.test(String(message['id'])),
    'model and id are there',
  );
  rule(
    usage['output_tokens'] === 0 && Number.isInteger(usage['input_tokens']),
    'message_start counts no output',
  );
}

const legalDeltas: Readonly<Record<string, readonly string[]>> = {
  text: ['text_delta', 'citations_delta'],
  thinking: ['thinking_delta', 'signature_delta'],
  tool_use: ['input_json_delta'],
};

function checkBlocks(events: readonly Json[], rule: Rule, isBroken: boolean): Block[] {
  const blocks: Block[] = [];
  for (const event of events) {
    const current = blocks.at(-1);
    if (event['type'] === 'content_block_start') {
      const block = event['content_block'] as Json;
      rule(event['index'] === blocks.length, 'block indexes are contiguous from 0');
      rule(current?.isOpen !== true, 'one block open at a time');
      blocks.push({ type: String(block['type']), id: block['id'], deltas: [], isOpen: true });
    } else if (event['type'] === 'content_block_delta') {
      const delta = event['delta'] as Json;
      rule(
        event['index'] === blocks.length - 1 && current?.isOpen === true,
        'deltas go to the open block',
      );
      rule(
        legalDeltas[current?.type ?? '']?.includes(String(delta['type'])) === true,
        'delta type fits the block',
      );
      current?.deltas.push(delta);
    } else if (event['type'] === 'content_block_stop') {
      rule(
        event['index'] === blocks.length - 1 && current?.isOpen === true,
        'stop closes the open block',
      );
      if (current !== undefined) current.isOpen = false;
    }
  }
  if (isBroken) return blocks;
  rule(
    blocks.every((block) => !block.isOpen),
    'every block is closed',
  );
  for (const { type, deltas } of blocks) {
    if (type === 'thinking')
      rule(deltas.at(-1)?.['type'] === 'signature_delta', 'thinking ends in a signature');
  }
  return blocks;
}

const stopReasons = [
  'end_turn',
  'max_tokens',
  'stop_sequence',
  'tool_use',
  'pause_turn',
  'refusal',
];

function checkMessageEnd(events: readonly Json[], blocks: readonly Block[], rule: Rule): void {
  const ends = events.filter(({ type }) => type === 'message_delta');
  rule(ends.length === 1 && events.at(-2) === ends[0], 'one message_delta, before message_stop');
  const delta = (ends[0]?.['delta'] ?? {}) as Json;
  const reason = String(delta['stop_reason']);
  rule(stopReasons.includes(reason), `stop_reason is known, not ${reason}`);
  rule(
    Number.isInteger(((ends[0]?.['usage'] ?? {}) as Json)['output_tokens']),
    'message_delta counts the output',
  );
  const calls = blocks.filter(({ type }) => type === 'tool_use');
  const mayDiffer = ['max_tokens', 'refusal', 'pause_turn'].includes(reason);
  rule(
    mayDiffer || calls.length > 0 === (reason === 'tool_use'),
    'tool_use blocks and stop_reason agree',
  );
  rule(new Set(calls.map(({ id }) => id)).size === calls.length, 'tool ids are unique');
  for (const { id, deltas } of calls) {
    rule(/^[a-zA-Z0-9_-]+$/.test(String(id)), 'tool ids are plain');
    const input = deltas.map((part) => String(part['partial_json'])).join('');
    rule(
      mayDiffer || input === '' || isJsonObject(input),
      'tool input is nothing or a JSON object',
    );
  }
}

export function checkChatStream(stream: string, rules: ChatRules): string[] {
  const broken: string[] = [];
  const rule: Rule = (holds, text) => void (holds || broken.push(text));
  rule(!/^event:/m.test(stream), 'no event names');
  rule(stream.endsWith('\n\n'), 'ends in a blank line');
  const frames = readFrames(stream).map(({ data }) => data);
  const chunks = frames.filter((data) => data !== '[DONE]').map((data) => JSON.parse(data) as Json);
  const isBroken = chunks.at(-1)?.['error'] !== undefined;
  rule(isBroken !== (frames.at(-1) === '[DONE]'), 'ends in [DONE] or in an error, not in both');
  rule(frames.filter((data) => data === '[DONE]').length <= 1, 'one [DONE]');
  const good = chunks.filter((chunk) => chunk['error'] === undefined);
  rule(chunks.length - good.length <= 1, 'at most one error');
  for (const name of ['id', 'created', 'model', 'object']) {
    rule(new Set(good.map((chunk) => chunk[name])).size <= 1, `${name} is the same in every chunk`);
  }
  for (const chunk of good) rule(Array.isArray(chunk['choices']), 'choices is in every chunk');
  if (good.length === 0) {
    rule(isBroken, 'an empty stream is an error');
    return broken;
  }
  checkChoices(good, rules, rule, isBroken);
  if (!isBroken) checkUsage(good, rules, rule);
  return broken;
}

function checkChoices(
  chunks: readonly Json[],
  rules: ChatRules,
  rule: Rule,
  isBroken: boolean,
): void {
  const choices = chunks.flatMap((chunk) => chunk['choices'] as Json[]);
  const deltas = choices.map((choice) => (choice['delta'] ?? {}) as Json);
  rule(deltas[0]?.['role'] === 'assistant', 'the first delta names the role');
  const finishes = choices.filter((choice) => choice['finish_reason'] !== null);
  rule(isBroken ? finishes.length === 0 : finishes.length === 1, 'one finish');
  if (!isBroken) rule(choices.at(-1)?.['finish_reason'] !== null, 'nothing behind the finish');
  const calls: { id: unknown; text: string }[] = [];
  for (const wire of deltas.flatMap((delta) => (delta['tool_calls'] ?? []) as Json[])) {
    const target = (wire['function'] ?? {}) as Json;
    if (wire['index'] === calls.length) {
      rule(
        typeof wire['id'] === 'string' &&
          wire['type'] === 'function' &&
          typeof target['name'] === 'string',
        'a call begins with id, type and name',
      );
      calls.push({ id: wire['id'], text: '' });
    } else {
      rule(wire['index'] === calls.length - 1, 'tool indexes are contiguous from 0');
      rule(!('id' in wire) && !('name' in target), 'id and name come once');
    }
    const call = calls.at(-1);
    if (call !== undefined) call.text += String(target['arguments'] ?? '');
  }
  rule(new Set(calls.map(({ id }) => id)).size === calls.length, 'tool ids are unique');
  if (isBroken) return;
  const reason = String(finishes[0]?.['finish_reason']);
  rule(
    ['stop', 'length', 'tool_calls', 'content_filter'].includes(reason),
    `finish_reason is known, not ${reason}`,
  );
  const isCut = reason === 'length' || reason === 'content_filter';
  rule(
    isCut || calls.length > 0 === (reason === 'tool_calls'),
    'tool calls and finish_reason agree',
  );
  if (isCut || rules.hasValidArguments === false) return;
  for (const { text } of calls) rule(isJsonObject(text), 'tool arguments are a JSON object');
}

function checkUsage(chunks: readonly Json[], rules: ChatRules, rule: Rule): void {
  const records = chunks.filter((chunk) => (chunk['choices'] as Json[]).length === 0);
  rule(records.length === (rules.includesUsage ? 1 : 0), 'a usage chunk exactly where asked for');
  if (!rules.includesUsage) return;
  rule(chunks.at(-1) === records[0], 'the usage chunk is last');
  const usage = (records[0]?.['usage'] ?? {}) as Record<string, number>;
  const {
    prompt_tokens: prompt = -1,
    completion_tokens: completion = -1,
    total_tokens: total = -1,
  } = usage;
  rule(
    prompt >= 0 && completion >= 0 && prompt + completion === total,
    'prompt and completion make the total',
  );
  const details = (records[0]?.['usage'] ?? {}) as Record<
    string,
    Record<string, number> | undefined
  >;
  rule(
    (details['prompt_tokens_details']?.['cached_tokens'] ?? 0) <= prompt,
    'cached tokens are part of the prompt',
  );
  rule(
    (details['completion_tokens_details']?.['reasoning_tokens'] ?? 0) <= completion,
    'reasoning is part of the completion',
  );
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
