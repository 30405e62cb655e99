import type { ModelCapabilities } from './model-capabilities.js';

/** Google's limits for every generation. https://ai.google.dev/gemini-api/docs (2026-11) */
const everyGeneration: Partial<ModelCapabilities> = {
  takesTopK: true,
  maxStopSequences: 5,
  // an address is read only in part, so bytes are asked for
  inputs: ['image', 'document', 'audio', 'video'],
  takesMidSystem: false,
};

interface Generation {
  readonly models: RegExp;
  readonly capabilities: Partial<ModelCapabilities>;
}

/** The first row that fits counts; the last one is for names that say no generation. */
const generations: readonly Generation[] = [
  {
    models: /^(?:models\/)?(?:gemma|gemini-(?:1|2\.0))/,
    capabilities: { maxOutputTokens: 8_192 },
  },
  {
    // cannot stop thinking: its smallest budget is 128
    models: /^(?:models\/)?gemini-2\.5-pro/,
    capabilities: { thinkingModes: ['budget', 'adaptive'], maxOutputTokens: 65_536 },
  },
  {
    models: /^(?:models\/)?gemini-2\.5/,
    capabilities: { thinkingModes: ['off', 'budget', 'adaptive'], maxOutputTokens: 65_536 },
  },
  {
    models: /^(?:models\/)?gemini-[3-9][^-]*-pro/,
    capabilities: {
      effortLevels: ['low', 'medium', 'high'],
      thinkingModes: ['adaptive'],
      maxOutputTokens: 65_536,
      needsCallSignatures: true,
      takesToolResultMedia: true,
    },
  },
  {
    models: /(?:)/,
    capabilities: {
      effortLevels: ['minimal', 'low', 'medium', 'high'],
      thinkingModes: ['adaptive'],
      maxOutputTokens: 65_536,
      needsCallSignatures: true,
      takesToolResultMedia: true,
    },
  },
];

export function geminiCapabilities(base: ModelCapabilities, model: string): ModelCapabilities {
  const generation = generations.find(({ models }) => models.test(model));
  return { ...base, ...everyGeneration, ...generation?.capabilities };
}
