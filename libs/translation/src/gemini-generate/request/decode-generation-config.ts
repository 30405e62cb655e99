import type {
  CanonicalRequest,
  OutputFormat,
  ReasoningIntent,
  Sampling,
} from '../../canonical/request.js';
import type { ObjectReader } from '../../shared/json/object-reader.js';
import { jsonSchemaOf } from './json-schema.js';
import { listOf } from './spelling.js';

type Settings = Pick<
  CanonicalRequest,
  'sampling' | 'stopSequences' | 'maxOutputTokens' | 'reasoning' | 'outputFormat'
>;

export function decodeGenerationConfig(config: ObjectReader | null): Settings {
  return {
    sampling: decodeSampling(config),
    stopSequences:
      config === null ? [] : listOf(config, 'stopSequences').map((value) => value.string()),
    maxOutputTokens: config?.optionalInteger('maxOutputTokens', 1) ?? null,
    reasoning: decodeThinking(config?.optionalObject('thinkingConfig') ?? null),
    outputFormat: config === null ? null : decodeOutputFormat(config),
  };
}

function decodeSampling(config: ObjectReader | null): Sampling {
  return {
    temperature: config?.optionalNumber('temperature') ?? null,
    topP: config?.optionalNumber('topP') ?? null,
    topK: config?.optionalNumber('topK') ?? null,
    presencePenalty: config?.optionalNumber('presencePenalty') ?? null,
    frequencyPenalty: config?.optionalNumber('frequencyPenalty') ?? null,
    seed: config?.optionalNumber('seed') ?? null,
  };
}

/** A budget of 0 switches thinking off, -1 leaves it to the model. */
function decodeThinking(config: ObjectReader | null): ReasoningIntent | null {
  if (config === null) return null;
  const budget = config.optionalInteger('thinkingBudget', -1);
  const effort = config.optionalString('thinkingLevel')?.toLowerCase() ?? null;
  const isShown = config.optionalBoolean('includeThoughts');
  if (budget === null && effort === null && isShown === null) return null;
  const names = ['thinkingBudget', 'thinkingLevel', 'includeThoughts'];
  return {
    mode: budget === null ? null : budgetMode(budget),
    effort: effort === 'thinking_level_unspecified' ? null : effort,
    budgetTokens: budget !== null && budget > 0 ? budget : null,
    display: isShown === null ? null : isShown ? 'summary' : 'hidden',
    paths: names.filter((name) => config.has(name)).map((name) => config.at(name)),
  };
}

function budgetMode(budget: number): ReasoningIntent['mode'] {
  if (budget === 0) return 'off';
  return budget === -1 ? 'adaptive' : 'budget';
}

/** Schemas count only together with the media type of JSON; other media types stay unread, to be refused. */
function decodeOutputFormat(config: ObjectReader): OutputFormat | null {
  const mediaType = config.value('responseMimeType');
  const type = mediaType?.node.value ?? 'text/plain';
  if (type !== 'application/json' && type !== 'text/plain') return null;
  mediaType?.string();
  if (type === 'text/plain') return null;
  const schema = jsonSchema(config) ?? openApiSchema(config);
  const path = config.at('responseMimeType');
  return schema === null ? { type: 'json-object', path } : { ...schema, path };
}

type SchemaFormat = Omit<Extract<OutputFormat, { type: 'json-schema' }>, 'path'>;
const unnamed = { type: 'json-schema', name: null, description: null, isStrict: null } as const;

function jsonSchema(config: ObjectReader): SchemaFormat | null {
  const schema = config.optionalRaw('responseJsonSchema');
  return schema === null ? null : { ...unnamed, schema };
}

function openApiSchema(config: ObjectReader): SchemaFormat | null {
  const value = config.value('responseSchema');
  value?.raw();
  return value === null ? null : { ...unnamed, schema: jsonSchemaOf(value.node) };
}
