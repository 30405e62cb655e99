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

const failures = ['MALFORMED_FUNCTION_CALL', 'MALFORMED_RESPONSE', 'TOO_MANY_TOOL_CALLS'];

/** Reads an answer of Gemini's, whole, as events, or as the list it streams without `alt=sse`. */
export function readGeminiGenerate(body: string, isStreamed: boolean): AnswerReading {
  const chunks = isStreamed ? chunksOf(body) : [parseObject(body)];
  const errors = chunks.map((chunk) => chunk['error']).filter((error) => (error ?? null) !== null);
  if (errors.length > 0) return { failure: JSON.stringify(errors[0]) };
  const candidates = chunks.flatMap((chunk) => listOf(chunk['candidates']));
  const first = candidates.filter((candidate) => (candidate['index'] ?? 0) === 0);
  const parts = first.flatMap((candidate) => listOf(objectOf(candidate['content'])['parts']));
  const reason = first.findLast((candidate) => candidate['finishReason'] !== undefined);
  const blocked = chunks
    .map((chunk) => textOf(objectOf(chunk['promptFeedback'])['blockReason']))
    .find((word) => word !== '');
  const word = wordOf(reason?.['finishReason']) || blocked || '';
  if (word === '') return { failure: 'no finish' };
  const calls = parts.flatMap(readCall);
  if (failures.includes(word) && calls.length === 0) return { failure: word };
  const shown = parts.filter((part) => part['thought'] !== true);
  const thoughts = parts.filter((part) => part['thought'] === true);
  const usage = chunks.findLast((chunk) => chunk['usageMetadata'] !== undefined);
  return {
    text: shown.map((part) => textOf(part['text'])).join(''),
    reasoning: thoughts.map((part) => textOf(part['text'])).join(''),
    refusal: '',
    calls,
    finish: settled(finishOf(word, blocked), calls, ''),
    stopString: null,
    usage: usage === undefined ? noCounts : readUsage(objectOf(usage['usageMetadata'])),
    citedUrls: [...new Set(first.flatMap(citedUrls))],
    choiceCount: new Set(candidates.map((candidate) => candidate['index'] ?? 0)).size || 1,
  };
}

/** Vertex writes the numbers of the enumeration in some answers. */
const numbered =
  'STOP MAX_TOKENS SAFETY RECITATION OTHER BLOCKLIST PROHIBITED_CONTENT SPII MALFORMED_FUNCTION_CALL';

function wordOf(reason: unknown): string {
  return typeof reason === 'number' ? (numbered.split(' ')[reason - 1] ?? '') : textOf(reason);
}

/** The chunks of a stream in either form. */
export function chunksOf(body: string): Json[] {
  if (body.trimStart().startsWith('[')) return [...listOf(JSON.parse(body))];
  return parseSse(body).map(({ data }) => parseObject(data));
}

function finishOf(word: string, blocked: string | undefined): FinishClass {
  if (blocked !== undefined) return 'filter';
  if (word === 'MAX_TOKENS' || word === 'CONTINUATION') return 'length';
  const filters = /^(SAFETY|RECITATION|LANGUAGE|BLOCKLIST|PROHIBITED_CONTENT|SPII|IMAGE_\w+)$/;
  return filters.test(word) ? 'filter' : 'stop';
}

function readCall(part: Json): Call[] {
  if (!('functionCall' in part)) return [];
  const { name, args } = objectOf(part['functionCall']);
  return [{ name: textOf(name), arguments: JSON.stringify(args ?? {}) }];
}

function citedUrls(candidate: Json): string[] {
  const grounding = listOf(objectOf(candidate['groundingMetadata'])['groundingChunks']);
  return grounding
    .map((chunk) => textOf(objectOf(chunk['web'])['uri']))
    .filter((url) => url !== '');
}

/** Tool prompts and thoughts stand beside prompt and candidates, not inside. */
function readUsage(usage: Json): Counts {
  const sum = (...names: string[]): number | null => {
    const known = names.map((name) => counted(usage[name])).filter((count) => count !== null);
    return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
  };
  const input = sum('promptTokenCount', 'toolUsePromptTokenCount');
  return {
    input,
    output: sum('candidatesTokenCount', 'thoughtsTokenCount'),
    cacheRead: within(counted(usage['cachedContentTokenCount']), input),
    cacheWrite: null,
    reasoning: counted(usage['thoughtsTokenCount']),
  };
}
