import type { ModelCapabilities } from '#translation';

type Entry = Readonly<Record<string, unknown>>;
type Told = { -readonly [Name in keyof ModelCapabilities]?: ModelCapabilities[Name] };

/**
 * What one entry of an upstream's list of models says of the model; nothing where it says nothing. The forms do not
 * contradict each other, so one reader serves all of them.
 * - Anthropic: `max_input_tokens`, `max_tokens`, `capabilities`. https://docs.anthropic.com/en/api/models-list
 * - Google: `inputTokenLimit`, `outputTokenLimit`. https://ai.google.dev/api/models
 * - OpenRouter: `context_length`, `top_provider`, `supported_parameters`, `architecture`.
 *   https://openrouter.ai/docs/api-reference/list-available-models
 * - Groq: `context_window`, `max_completion_tokens`; vLLM: `max_model_len`; Mistral and LM Studio: `max_context_length`.
 */
export function readToldCapabilities(entry: unknown): Partial<ModelCapabilities> {
  const model = asEntry(entry);
  const told: Told = {};
  const context = firstCount(
    model,
    'max_input_tokens',
    'inputTokenLimit',
    'context_length',
    'context_window',
    'max_model_len',
    'max_context_length',
  );
  if (context !== null) told.contextTokens = context;
  const output =
    firstCount(model, 'outputTokenLimit', 'max_completion_tokens') ??
    firstCount(asEntry(model['top_provider']), 'max_completion_tokens') ??
    // Anthropic's; others mean something else by the name
    (model['type'] === 'model' ? firstCount(model, 'max_tokens') : null);
  if (output !== null) told.maxOutputTokens = output;
  readParameters(model['supported_parameters'], told);
  readAnthropic(asEntry(model['capabilities']), told);
  return told;
}

/** OpenRouter names every field that a model takes. */
function readParameters(value: unknown, told: Told): void {
  if (!Array.isArray(value) || value.length === 0) return;
  told.takesSampling = value.includes('temperature');
  told.takesTopK = value.includes('top_k');
  told.outputFormats = [
    ...(value.includes('response_format') ? (['json-object'] as const) : []),
    ...(value.includes('structured_outputs') ? (['json-schema'] as const) : []),
  ];
}

const effortWords = ['low', 'medium', 'high', 'xhigh', 'max'];

function readAnthropic(capabilities: Entry, told: Told): void {
  const supports = (name: string): boolean | null => {
    const { supported } = asEntry(capabilities[name]);
    return typeof supported === 'boolean' ? supported : null;
  };
  const effort = asEntry(capabilities['effort']);
  if (typeof effort['supported'] === 'boolean')
    told.effortLevels = effortWords.filter((word) => asEntry(effort[word])['supported'] === true);
  const image = supports('image_input');
  const pdf = supports('pdf_input');
  if (image !== null && pdf !== null)
    told.inputs = [
      ...(image ? (['image', 'image-url'] as const) : []),
      ...(pdf ? (['document', 'document-url'] as const) : []),
    ];
  if (supports('structured_outputs') === false) told.outputFormats = [];
}

function asEntry(value: unknown): Entry {
  return typeof value === 'object' && value !== null ? (value as Entry) : {};
}

function firstCount(entry: Entry, ...names: readonly string[]): number | null {
  const value = names.map((name) => entry[name]).find((found) => found !== undefined);
  return Number.isSafeInteger(value) && Number(value) > 0 ? Number(value) : null;
}
