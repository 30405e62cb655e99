import type { Json } from '../../support/stream-grammar/rule-book.js';
import { isWarned, type Admission } from './compare-requests.js';

interface Leaf {
  readonly path: string;
  readonly name: string;
  readonly value: string | number | boolean | null;
}

/** Values that `compareRequests` holds against each other as a whole. */
const comparedWhole = new RegExp(
  [
    String.raw`(^|\.)(parameters|parameters_json_schema|parametersJsonSchema|input_schema)`,
    String.raw`(^|\.)(schema|responseSchema|response_schema|responseJsonSchema|response_json_schema)`,
    String.raw`(^|\.)(args|arguments|response)`,
    String.raw`(messages\[\d+\]\.content|^input)\[\d+\]\.input`,
  ]
    .map((name) => String.raw`${name}(\.|\[|$)`)
    .join('|'),
);

/** Names that shape the body but say nothing, or are said by the shape of another protocol's body. */
const structural = new Set([
  'type',
  'role',
  'object',
  'id',
  'call_id',
  'tool_call_id',
  'tool_use_id',
  'status',
  'model',
  'stream',
  'include_usage',
  'thought',
]);

/** Names for one thing in all protocols; a value under one is found under any other. */
const concepts: readonly (readonly string[])[] = [
  [
    'max_tokens',
    'max_completion_tokens',
    'max_output_tokens',
    'maxOutputTokens',
    'max_output_tokens',
  ],
  ['temperature'],
  ['top_p', 'topP'],
  ['top_k', 'topK'],
  ['presence_penalty', 'presencePenalty'],
  ['frequency_penalty', 'frequencyPenalty'],
  ['seed'],
  ['strict', 'functionCallingConfig'],
  ['parallel_tool_calls', 'disable_parallel_tool_use'],
  ['tool_choice', 'mode'],
  [
    'reasoning_effort',
    'effort',
    'budget_tokens',
    'thinkingBudget',
    'thinkingLevel',
    'thinking_budget',
    'thinking_level',
    'thinking',
    'includeThoughts',
    'include_thoughts',
    'summary',
  ],
  ['service_tier', 'serviceTier'],
  ['is_error', 'error'],
];

/** Values that ask for nothing: their absence is the same. */
const asksForNothing: readonly (readonly [path: RegExp, value: unknown])[] = [
  [/^(n|candidateCount|generationConfig\.candidateCount)$/, 1],
  [/^(store|logprobs|echo|background)$/, false],
  [/^top_logprobs$/, 0],
  [/^(presence_penalty|frequency_penalty)$/, 0],
  [/(^|\.)strict$/, false],
  [/^parallel_tool_calls$/, true],
  [/^tool_choice(\.disable_parallel_tool_use)?$/, false],
  [/is_error$/, false],
  [/citations\.enabled$/, false],
  [/^truncation$/, 'disabled'],
  [/^function_call$/, 'auto'],
  [/\.detail$/, 'auto'],
  // an envelope of ours is sent whether asked for or not
  [/^include\[\d+\]$/, 'reasoning.encrypted_content'],
  [/prefix$/, false],
  // said by the part or the format they stand in
  [/source\.media_type$/, 'text/plain'],
  [/(responseMimeType|response_mime_type)$/, 'application/json'],
  [/(responseMimeType|response_mime_type)$/, 'text/plain'],
  // the gateway hides what was not asked for
  [/^stream_options\./, false],
  [/includeThoughts$|include_thoughts$/, false],
];

/** Leaves of the caller's body that are neither found in the translated one nor warned of. */
export function lostLeaves(
  body: Json,
  translated: Json,
  { warnings, restoration }: Admission,
): string[] {
  const out = leavesOf(translated);
  const names = new Set(out.flatMap(({ path }) => path.split(/[.[\]]+/)));
  const texts = out.map(({ value }) => plain(String(value))).join('\n');
  const stops = new Set<unknown>(restoration.stopSequences);
  return leavesOf(body)
    .filter((leaf) => !isWarned(leaf.path, warnings) && !stops.has(leaf.value))
    .filter((leaf) => !isCarried(leaf, { out, names, texts }))
    .map(({ path, value }) => `lost: ${path} ${JSON.stringify(value)?.slice(0, 80)}`);
}

interface Translated {
  readonly out: readonly Leaf[];
  readonly names: ReadonlySet<string>;
  readonly texts: string;
}

function isCarried(leaf: Leaf, { out, names, texts }: Translated): boolean {
  const { path, name: own, value } = leaf;
  if (value === null || value === '' || structural.has(own) || comparedWhole.test(path))
    return true;
  if (asksForNothing.some(([pattern, nothing]) => pattern.test(path) && nothing === value))
    return true;
  const steps = path.split(/[.[\]]+/);
  const isSaidElsewhere = concepts.some(
    (synonyms) =>
      steps.some((step) => synonyms.includes(step)) && synonyms.some((name) => names.has(name)),
  );
  if (isSaidElsewhere) return true;
  if (typeof value === 'string') return isText(value, texts);
  return out.some((other) => other.name === own && other.value === value);
}

/** Kinds of sound that have a word of their own elsewhere. */
const soundFormats: Readonly<Record<string, string>> = {
  'audio/mpeg': 'mp3',
  'audio/mp3': 'mp3',
  'audio/x-wav': 'wav',
};

function isText(value: string, texts: string): boolean {
  const format = soundFormats[value];
  if (format !== undefined && texts.split('\n').includes(format)) return true;
  const base64 = /^data:[^,]*;base64,(.*)$/s.exec(value)?.[1];
  const wanted = plain(base64 ?? value);
  return wanted === '' || texts.includes(wanted);
}

function plain(text: string): string {
  return text.replaceAll(/\s+/g, '');
}

function leavesOf(value: unknown, path = '', name = ''): Leaf[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => leavesOf(item, `${path}[${index}]`, name));
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, member]) =>
      leavesOf(member, path === '' ? key : `${path}.${key}`, key),
    );
  }
  return [{ path, name, value: value as Leaf['value'] }];
}
