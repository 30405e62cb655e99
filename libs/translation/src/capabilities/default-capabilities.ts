import type { ProtocolId } from '../protocol.js';
import { geminiCapabilities } from './gemini-capabilities.js';
import type { ModelCapabilities, ProtocolField } from './model-capabilities.js';

const cloud: ModelCapabilities = {
  takesSampling: true,
  takesTopK: false,
  effortLevels: [],
  thinkingModes: [],
  maxOutputTokens: null,
  contextTokens: null,
  outputFormats: ['json-object', 'json-schema'],
  schemaDialect: 'full',
  forcedTools: 'named',
  maxStopSequences: 4,
  inputs: ['image', 'image-url', 'document', 'audio'],
  takesMidSystem: true,
  instructionRole: 'system',
  needsPlainTurns: false,
  takesPrefill: false,
  takesReasoningText: false,
  cacheMarks: 'none',
  toolCallIds: 'any',
  needsCallSignatures: false,
  takesToolResultMedia: false,
  toolNames: 'standard',
  takesFreeformTools: false,
  extraFields: [],
  refusedFields: [],
  needsResponsesForReasoningTools: false,
};

/** Samplers and templates that llama.cpp, vLLM, SGLang and mlx servers take beside OpenAI's fields. */
const localExtras = (
  'min_p typical_p top_n_sigma repeat_penalty repetition_penalty repeat_last_n length_penalty ' +
  'mirostat mirostat_tau mirostat_eta dynatemp_range dynatemp_exponent xtc_probability xtc_threshold ' +
  'dry_multiplier dry_base dry_allowed_length dry_penalty_last_n ' +
  'ignore_eos min_tokens stop_token_ids include_stop_str_in_output skip_special_tokens ' +
  'grammar json_schema guided_json guided_regex guided_choice guided_grammar structured_outputs ' +
  'cache_prompt id_slot n_probs samplers lora keep_alive'
).split(' ');

/** Older local servers know only `max_tokens`; none has tiers, users or a choice among tools. */
const localRefusals: readonly ProtocolField[] = [
  'max_completion_tokens',
  'allowed_tools',
  'service_tier',
  'user',
];

const defaults: Readonly<Record<ProtocolId, ModelCapabilities>> = {
  'openai-chat': cloud,
  'openai-responses': {
    ...cloud,
    // what every reasoning model of OpenAI takes; rows say more
    effortLevels: ['low', 'medium', 'high'],
    maxStopSequences: null,
    inputs: ['image', 'image-url', 'document', 'document-url'],
  },
  'anthropic-messages': {
    ...cloud,
    takesTopK: true,
    effortLevels: ['low', 'medium', 'high', 'xhigh', 'max'],
    thinkingModes: ['off', 'budget', 'adaptive'],
    outputFormats: ['json-schema'],
    schemaDialect: 'anthropic',
    maxStopSequences: null,
    inputs: ['image', 'image-url', 'document', 'document-url'],
    takesMidSystem: false,
    cacheMarks: 'anthropic',
    takesToolResultMedia: true,
  },
  'gemini-generate': geminiCapabilities(cloud, ''),
};

/**
 * What is assumed of a model that no row describes.
 * @param model name at the provider, where a protocol's generations differ (Gemini); '' for the newest
 */
export function defaultCapabilities(
  protocol: ProtocolId,
  isLocal: boolean,
  model = '',
): ModelCapabilities {
  if (!isLocal)
    return protocol === 'gemini-generate' ? geminiCapabilities(cloud, model) : defaults[protocol];
  return {
    ...defaults[protocol],
    takesTopK: true,
    maxStopSequences: null,
    inputs: ['image'],
    takesMidSystem: false,
    needsPlainTurns: true,
    takesReasoningText: true,
    cacheMarks: 'none',
    toolNames: 'any',
    // engines know these beside OpenAI's fields alone
    extraFields: protocol === 'openai-chat' ? localExtras : [],
    refusedFields: localRefusals,
  };
}
