import type { ByteEdit, RequestEnvelope } from '../protocol.js';
import type { EnvelopeField, EnvelopeRules } from '../shared/request/read-envelope.js';

const object = { kinds: ['object'], expected: 'an object' } as const;
const list = { kinds: ['array', 'object'], expected: 'an array of objects' } as const;
const text = { kinds: ['string'], expected: 'a string' } as const;

/** The kinds of top-level fields, under Google's two spellings. A lone object stands for a list of one. */
const fields: Readonly<Record<string, EnvelopeField>> = {
  contents: { kinds: ['array', 'object'], expected: 'an array of contents', isRequired: true },
  model: text,
  systemInstruction: object,
  system_instruction: object,
  tools: list,
  toolConfig: object,
  tool_config: object,
  generationConfig: object,
  generation_config: object,
  safetySettings: list,
  safety_settings: list,
  cachedContent: text,
  cached_content: text,
  labels: object,
};

export const envelopeRules: EnvelopeRules = {
  fields,
  outputLimits: [],
  nestedOutputLimit: {
    members: ['generationConfig', 'generation_config'],
    names: ['maxOutputTokens', 'max_output_tokens'],
  },
  alwaysSendsUsage: true,
};

/** The URL names the model; a body that names it as well must say the same. */
export function passthroughEdits(
  { modelSpan }: RequestEnvelope,
  upstreamModel: string,
): ByteEdit[] {
  if (modelSpan === null) return [];
  const name = upstreamModel.includes('/') ? upstreamModel : `models/${upstreamModel}`;
  return [{ span: modelSpan, text: JSON.stringify(name) }];
}
