import { parseSse } from '../../support/read-sse.js';
import {
  listOf,
  objectOf,
  parseObject,
  type Json,
} from '../../support/stream-grammar/rule-book.js';
import {
  counted,
  settled,
  textOf,
  type AnswerReading,
  type Call,
  type Counts,
  type FinishClass,
} from './answer-meaning.js';

const finishes: Readonly<Record<string, FinishClass>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool',
  refusal: 'filter',
  pause_turn: 'pause',
};

/** Reads a message of Anthropic's, whole or streamed. */
export function readAnthropicMessages(body: string, isStreamed: boolean): AnswerReading {
  const message = isStreamed ? joinStream(body) : withWrittenInputs(parseObject(body), body);
  if (message === null) return { failure: 'broken off' };
  const error = message['error'];
  if (error !== undefined && error !== null) return { failure: JSON.stringify(error) };
  const { content, stop_reason: reason } = message;
  if (!Array.isArray(content)) return { failure: 'no content' };
  const blocks = listOf(content);
  const joined = (type: string, member: string): string =>
    blocks.map((block) => (block['type'] === type ? textOf(block[member]) : '')).join('');
  const calls: Call[] = blocks
    .filter(({ type }) => type === 'tool_use')
    .map((block) => ({ name: textOf(block['name']), arguments: textOf(block['inputText']) }));
  const finish = finishes[textOf(reason)] ?? 'stop';
  const citedUrls = blocks
    .flatMap((block) => listOf(block['citations']))
    .map(({ url }) => textOf(url))
    .filter((url) => url !== '');
  return {
    text: joined('text', 'text'),
    reasoning: joined('thinking', 'thinking'),
    refusal: textOf(objectOf(message['stop_details'])['explanation']),
    calls,
    finish: settled(finish, calls, ''),
    stopString: textOf(message['stop_sequence']) || null,
    usage: readUsage(objectOf(message['usage'])),
    citedUrls: [...new Set(citedUrls)],
    choiceCount: 1,
  };
}

/** Keeps the text of each tool's input: a parsed one has lost large numbers. */
function withWrittenInputs(message: Json, body: string): Json {
  const inputs = writtenInputs(body);
  const calls = listOf(message['content']).filter(({ type }) => type === 'tool_use');
  const areFound = inputs.length === calls.length;
  let at = 0;
  const content = Array.isArray(message['content'])
    ? listOf(message['content']).map((block) => {
        if (block['type'] !== 'tool_use') return block;
        const text = areFound ? inputs[at] : JSON.stringify(block['input'] ?? {});
        at += 1;
        return { ...block, inputText: text };
      })
    : message['content'];
  return { ...message, content };
}

/** The value of every member `input` in front of whose closing brace or behind whose comma a call stands. */
function writtenInputs(body: string): string[] {
  const inputs: string[] = [];
  for (const match of body.matchAll(/"input"\s*:\s*(?=\{)/g)) {
    const start = match.index + match[0].length;
    for (let end = body.indexOf('}', start); end !== -1; end = body.indexOf('}', end + 1)) {
      const text = body.slice(start, end + 1);
      if (!isJson(text)) continue;
      inputs.push(text);
      break;
    }
  }
  return inputs;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

type Draft = Record<string, unknown>;

/** The message a stream adds up to; null when it has no end. */
function joinStream(body: string): Json | null {
  const blocks: Draft[] = [];
  let message: Draft = {};
  let usage: Json = {};
  for (const { data } of parseSse(body)) {
    const event = parseObject(data);
    const block = blocks[Number(event['index'])];
    switch (event['type']) {
      case 'error':
        return { error: event['error'] ?? event };
      case 'message_start':
        usage = objectOf(objectOf(event['message'])['usage']);
        break;
      case 'content_block_start': {
        const start = objectOf(event['content_block']);
        const whole = JSON.stringify(start['input'] ?? {});
        blocks[Number(event['index'])] = {
          ...start,
          citations: [],
          inputText: whole === '{}' ? '' : whole,
        };
        break;
      }
      case 'content_block_delta':
        if (block !== undefined) addDelta(block, objectOf(event['delta']));
        break;
      case 'message_delta':
        message = { ...message, ...objectOf(event['delta']) };
        usage = { ...usage, ...objectOf(event['usage']) };
    }
  }
  if (typeof message['stop_reason'] !== 'string') return null;
  return { ...message, content: blocks, usage };
}

function addDelta(block: Draft, delta: Json): void {
  const add = (member: string, value: unknown): void => {
    block[member] = textOf(block[member]) + textOf(value);
  };
  switch (delta['type']) {
    case 'text_delta':
      return add('text', delta['text']);
    case 'thinking_delta':
      return add('thinking', delta['thinking']);
    case 'input_json_delta':
      return add('inputText', delta['partial_json']);
    case 'citations_delta':
      (block['citations'] as unknown[]).push(delta['citation']);
  }
}

/** Cached tokens stand beside `input_tokens`, not inside. */
function readUsage(usage: Json): Counts {
  const fresh = counted(usage['input_tokens']);
  const cacheRead = counted(usage['cache_read_input_tokens']);
  const cacheWrite = counted(usage['cache_creation_input_tokens']);
  return {
    input: fresh === null ? null : fresh + (cacheRead ?? 0) + (cacheWrite ?? 0),
    output: counted(usage['output_tokens']),
    cacheRead,
    cacheWrite,
    reasoning: counted(objectOf(usage['output_tokens_details'])['thinking_tokens']),
  };
}
