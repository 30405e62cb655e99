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
  within,
  type AnswerReading,
  type Call,
  type Counts,
  type FinishClass,
} from './answer-meaning.js';

/** Reads a response of OpenAI's, whole or streamed. */
export function readOpenaiResponses(body: string, isStreamed: boolean): AnswerReading {
  const response = isStreamed ? joinStream(body) : parseObject(body);
  if (response === null) return { failure: 'broken off' };
  const { error, status, output } = response;
  if ((error !== undefined && error !== null) || status === 'failed')
    return { failure: JSON.stringify(error ?? status) };
  if (!Array.isArray(output)) return { failure: 'no output' };
  const items = listOf(output);
  const parts = items.flatMap((item) =>
    item['type'] === 'message' ? listOf(item['content']) : [],
  );
  const calls = items.flatMap(readCall);
  const refusal = parts.map((part) => textOf(part['refusal'])).join('');
  return {
    text: parts
      .map((part) => (part['type'] === 'output_text' ? textOf(part['text']) : ''))
      .join(''),
    // mistral.rs has it beside the output
    reasoning: textOf(response['reasoning']) + items.map(readReasoning).join(''),
    refusal,
    calls,
    finish: settled(finishOf(response), calls, refusal),
    stopString: null,
    usage: readUsage(objectOf(response['usage'])),
    citedUrls: [...new Set(parts.flatMap(citedUrls))],
    choiceCount: 1,
  };
}

function finishOf({ status, incomplete_details: details }: Json): FinishClass {
  if (status !== 'incomplete') return 'stop';
  return objectOf(details)['reason'] === 'content_filter' ? 'filter' : 'length';
}

function readCall(item: Json): Call[] {
  const name = textOf(item['name']);
  if (item['type'] === 'function_call') return [{ name, arguments: textOf(item['arguments']) }];
  if (item['type'] !== 'custom_tool_call') return [];
  return [{ name, arguments: textOf(item['input']), isFreeform: true }];
}

function readReasoning(item: Json): string {
  if (item['type'] !== 'reasoning') return '';
  return [...listOf(item['summary']), ...listOf(item['content'])]
    .map(({ text }) => textOf(text))
    .join('');
}

function citedUrls(part: Json): string[] {
  return listOf(part['annotations'])
    .map(({ url }) => textOf(url))
    .filter((url) => url !== '');
}

/** The response of the terminal event, with the items that were done on the way. */
function joinStream(body: string): Json | null {
  const done: Json[] = [];
  for (const { data } of parseSse(body)) {
    const event = parseObject(data);
    switch (event['type']) {
      case 'error':
        return { error: event['error'] ?? event };
      case 'response.output_item.done':
        done.push(objectOf(event['item']));
        break;
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed': {
        const response = objectOf(event['response']);
        return { ...response, output: done.length > 0 ? done : response['output'] };
      }
    }
  }
  return null;
}

function readUsage(usage: Json): Counts {
  const input = counted(usage['input_tokens']);
  const output = counted(usage['output_tokens']);
  const ofInput = objectOf(usage['input_tokens_details']);
  const cacheRead = within(counted(ofInput['cached_tokens']), input);
  return {
    input,
    output,
    cacheRead,
    cacheWrite: within(
      counted(ofInput['cache_write_tokens']),
      input === null ? null : input - (cacheRead ?? 0),
    ),
    reasoning: within(
      counted(objectOf(usage['output_tokens_details'])['reasoning_tokens']),
      output,
    ),
  };
}
