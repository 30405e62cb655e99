import { parseSse } from '../../support/read-sse.js';
import {
  listOf,
  objectOf,
  parseObject,
  type Json,
} from '../../support/stream-grammar/rule-book.js';
import {
  counted,
  noCounts,
  settled,
  textOf,
  within,
  type AnswerReading,
  type Call,
  type Counts,
  type FinishClass,
} from './answer-meaning.js';

interface Draft {
  readonly isStreamed: boolean;
  text: string;
  reasoning: string;
  refusal: string;
  readonly calls: DraftCall[];
  readonly citedUrls: string[];
  readonly indexes: Set<unknown>;
  finish: FinishClass | null;
  stopString: string | null;
  usage: Counts;
  failure: string | null;
}

interface DraftCall {
  readonly index: unknown;
  readonly id: string;
  name: string;
  arguments: string;
}

const finishes: Readonly<Record<string, FinishClass>> = {
  stop: 'stop',
  length: 'length',
  max_tokens: 'length',
  max_output_tokens: 'length',
  model_length: 'length',
  tool_calls: 'tool',
  function_call: 'tool',
  content_filter: 'filter',
  refusal: 'filter',
};
const failures = ['error', 'abort', 'insufficient_system_resource'];

/** Reads chat completions and their dialects, whole or streamed, from the first choice alone. */
export function readOpenaiChat(body: string, isStreamed: boolean): AnswerReading {
  const draft: Draft = {
    isStreamed,
    text: '',
    reasoning: '',
    refusal: '',
    calls: [],
    citedUrls: [],
    indexes: new Set(),
    finish: null,
    stopString: null,
    usage: noCounts,
    failure: null,
  };
  if (isStreamed) readStream(body, draft);
  else readWhole(parseObject(body), draft);
  const { finish, calls, failure, indexes, isStreamed: _, ...rest } = draft;
  if (failure !== null) return { failure };
  if (finish === null) return { failure: 'no finish' };
  if (calls.some(({ name }) => name === '')) return { failure: 'a call without a name' };
  const named: Call[] = calls.map(({ name, arguments: text }) => ({ name, arguments: text }));
  return {
    ...rest,
    calls: named,
    finish: settled(finish, named, draft.refusal),
    citedUrls: [...new Set(draft.citedUrls)],
    choiceCount: indexes.size,
  };
}

function readStream(body: string, draft: Draft): void {
  for (const { name, data } of parseSse(body)) {
    if (draft.failure !== null || data.trim() === '[DONE]') return;
    const chunk = parseObject(data);
    if (name === 'error') draft.failure = data;
    readChunk(chunk, draft);
  }
}

function readWhole(answer: Json, draft: Draft): void {
  readChunk(answer, draft);
  if (draft.finish === null && draft.indexes.size > 0) draft.finish = 'stop';
}

function readChunk(chunk: Json, draft: Draft): void {
  if (isError(chunk['error'])) draft.failure = JSON.stringify(chunk['error']);
  const usage = chunk['usage'] ?? objectOf(chunk['x_groq'])['usage'];
  if (typeof usage === 'object' && usage !== null) draft.usage = readUsage(objectOf(usage));
  // Perplexity's own list, which the text refers to by number
  for (const url of (chunk['citations'] as unknown[] | undefined) ?? [])
    if (typeof url === 'string') draft.citedUrls.push(url);
  for (const choice of listOf(chunk['choices'])) {
    draft.indexes.add(choice['index'] ?? 0);
    if ((choice['index'] ?? 0) === 0) readChoice(choice, draft);
  }
}

function isError(error: unknown): boolean {
  return error !== undefined && error !== null && error !== false;
}

function readChoice(choice: Json, draft: Draft): void {
  if (isError(choice['error'])) draft.failure = JSON.stringify(choice['error']);
  // Perplexity sends both: whole answers with an empty delta, streams with the message so far
  readMessage(objectOf(choice[draft.isStreamed ? 'delta' : 'message']), draft);
  const word = textOf(choice['finish_reason']);
  if (word === '') return;
  if (failures.includes(word)) draft.failure = word;
  // OpenRouter passes the provider's own word on beside its own
  const native = finishes[textOf(choice['native_finish_reason']).toLowerCase()];
  draft.finish = native === 'length' ? native : (finishes[word] ?? 'stop');
  draft.stopString = textOf(choice['stop_reason']) || null;
}

function readMessage(message: Json, draft: Draft): void {
  const reasoning = textOf(message['reasoning_content']) || textOf(message['reasoning']);
  draft.reasoning += reasoning;
  draft.text += textOf(message['content']);
  for (const chunk of listOf(message['content'])) {
    draft.text += textOf(chunk['text']);
    for (const thought of listOf(chunk['thinking'])) draft.reasoning += textOf(thought['text']);
  }
  draft.refusal += textOf(message['refusal']);
  for (const annotation of listOf(message['annotations'])) {
    const url = textOf(objectOf(annotation['url_citation'])['url']);
    if (url !== '') draft.citedUrls.push(url);
  }
  for (const call of listOf(message['tool_calls'])) readCall(call, draft.calls);
  if (typeof message['function_call'] === 'object' && message['function_call'] !== null)
    readCall({ index: 0, function: message['function_call'] }, draft.calls);
}

/** A delta belongs to the call with its id; without an id to the last one under its index. */
function readCall(wire: Json, calls: DraftCall[]): void {
  const target = objectOf(wire['function']);
  const { index } = wire;
  const id = textOf(wire['id']);
  const name = textOf(target['name']);
  const written = target['arguments'];
  const text =
    typeof written === 'object' && written !== null ? JSON.stringify(written) : textOf(written);
  const sameId = id === '' ? undefined : calls.findLast((call) => call.id === id);
  const sameIndex = calls.findLast((call) => index === undefined || call.index === index);
  const isNew =
    sameId === undefined && (sameIndex === undefined || (id !== '' && sameIndex.id !== ''));
  const known = sameId ?? sameIndex;
  if (isNew || known === undefined) {
    calls.push({ index, id, name, arguments: text });
    return;
  }
  if (known.name === '') known.name = name;
  known.arguments += text;
}

function readUsage(usage: Json): Counts {
  const input = counted(usage['prompt_tokens']);
  const output = counted(usage['completion_tokens']);
  const ofInput = objectOf(usage['prompt_tokens_details']);
  const ofOutput = objectOf(usage['completion_tokens_details']);
  const cacheRead = within(
    counted(ofInput['cached_tokens']) ?? counted(usage['prompt_cache_hit_tokens']),
    input,
  );
  const fresh = input === null ? null : input - (cacheRead ?? 0);
  return {
    input,
    output,
    cacheRead,
    cacheWrite: within(counted(ofInput['cache_write_tokens']), fresh),
    reasoning: within(
      counted(ofOutput['reasoning_tokens']) ?? counted(usage['reasoning_tokens']),
      output,
    ),
  };
}
