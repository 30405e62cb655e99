/** What may be set for a capability. A list without `of` takes any words. */
export type CapabilityField =
  | { readonly kind: 'flag' }
  | { readonly kind: 'count' }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  | { readonly kind: 'list'; readonly of: readonly string[] | null };

export type CapabilityValue = boolean | number | string | readonly string[] | null;

/** Only what is overridden is in it; what is not in it stays as the gateway knows it. */
export type CapabilityOverrides = Readonly<Record<string, CapabilityValue>>;

export interface Capability {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly field: CapabilityField;
}

const flag = { kind: 'flag' } as const;
const count = { kind: 'count' } as const;
const words = { kind: 'list', of: null } as const;
const choice = (...of: string[]) => ({ kind: 'choice', of }) as const;
const list = (...of: string[]) => ({ kind: 'list', of }) as const;

const rows: readonly (readonly [
  name: string,
  field: CapabilityField,
  label: string,
  hint: string,
])[] = [
  [
    'inputs',
    list('image', 'image-url', 'document', 'document-url', 'audio', 'video'),
    'Inputs besides text',
    '“…-url”: it fetches the address by itself. None = text alone',
  ],
  [
    'contextTokens',
    count,
    'Context',
    'Most tokens of a prompt with its answer; noted, not enforced',
  ],
  ['maxOutputTokens', count, 'Longest answer', 'Most tokens of one answer'],
  ['takesSampling', flag, 'Takes sampling', 'temperature, top_p and penalties'],
  ['takesTopK', flag, 'Takes top_k', 'A limit on the candidates for each token'],
  [
    'thinkingModes',
    list('off', 'budget', 'adaptive'),
    'Ways of thinking',
    'Can be switched off, takes a budget of tokens, decides by itself. None = does not think',
  ],
  ['effortLevels', words, 'Levels of effort', 'Weakest first. None = it decides by itself'],
  [
    'outputFormats',
    list('json-object', 'json-schema'),
    'Forced formats',
    'Any JSON object, or JSON of a schema',
  ],
  [
    'schemaDialect',
    choice('full', 'anthropic'),
    'Schema dialect',
    'Whose limits a schema keeps to',
  ],
  [
    'forcedTools',
    choice('named', 'any', 'none'),
    'Forced tool calls',
    'A named tool, any tool, or not at all',
  ],
  ['maxStopSequences', count, 'Stop sequences', 'How many it takes at most'],
  ['takesMidSystem', flag, 'System messages between turns', 'May one stand in the middle?'],
  [
    'instructionRole',
    choice('system', 'developer', 'user'),
    'Role of instructions',
    'The role its template knows for them',
  ],
  [
    'needsPlainTurns',
    flag,
    'Wants plain turns',
    'Its chat template knows one system message, turns in alternation, and texts alone',
  ],
  ['takesPrefill', flag, 'Continues an answer', 'Goes on with a last assistant message'],
  [
    'takesReasoningText',
    flag,
    'Takes earlier thinking',
    'As text, such as reasoning_content in chat completions',
  ],
  [
    'cacheMarks',
    choice('anthropic', 'anthropic-without-ttl', 'openai', 'none'),
    'Cache markers',
    'Whose marks of a cached prompt it takes',
  ],
  ['toolCallIds', choice('any', 'mistral'), 'Ids of tool calls', 'mistral: nine letters or digits'],
  [
    'needsCallSignatures',
    flag,
    'Wants signed tool calls',
    'Refuses earlier tool calls without a thought signature, as Gemini 3 does',
  ],
  [
    'takesToolResultMedia',
    flag,
    'Files in tool results',
    'The result of a tool may hold images and files',
  ],
  [
    'toolNames',
    choice('standard', 'any'),
    'Names of tools',
    'standard: the letters and length its protocol allows',
  ],
  [
    'takesFreeformTools',
    flag,
    'Takes plain-text tools',
    'Tools called with text instead of JSON; elsewhere they travel as functions',
  ],
  ['extraFields', words, 'Further fields', 'Passed on unchanged, such as min_p'],
  [
    'refusedFields',
    words,
    'Fields it refuses',
    'Fields of its protocol that it does not obey, such as stream_options',
  ],
  [
    'needsResponsesForReasoningTools',
    flag,
    'Tools with an effort by Responses alone',
    'Refuses both together on chat completions, as newer OpenAI models do',
  ],
];

/** Every capability, the ones most often overridden first. */
export const capabilities: readonly Capability[] = rows.map(([name, field, label, hint]) => ({
  name,
  field,
  label,
  hint,
}));

/** What an override says before anything was chosen. */
export function firstValue(field: CapabilityField): CapabilityValue {
  switch (field.kind) {
    case 'flag':
      return true;
    case 'count':
      return null;
    case 'choice':
      return field.of[0] ?? '';
    case 'list':
      return [];
  }
}
