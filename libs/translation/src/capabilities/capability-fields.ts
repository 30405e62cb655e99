import type { ModelCapabilities } from './model-capabilities.js';
import { flatMap } from '../shared/flat-map.js';

/** What an owner may write for a field. A list without `of` takes any words. */
export type CapabilityField =
  | { readonly kind: 'flag' }
  | { readonly kind: 'count' }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  | { readonly kind: 'list'; readonly of: readonly string[] | null };

const flag = { kind: 'flag' } as const;
const count = { kind: 'count' } as const;
const choice = (...of: string[]): CapabilityField => ({ kind: 'choice', of });
const list = (...of: string[]): CapabilityField => ({ kind: 'list', of });
const words: CapabilityField = { kind: 'list', of: null };

/** Every capability with the values it may have. */
export const capabilityFields: Readonly<Record<keyof ModelCapabilities, CapabilityField>> = {
  takesSampling: flag,
  takesTopK: flag,
  effortLevels: words,
  thinkingModes: list('off', 'budget', 'adaptive'),
  maxOutputTokens: count,
  contextTokens: count,
  outputFormats: list('json-object', 'json-schema'),
  schemaDialect: choice('full', 'anthropic'),
  forcedTools: choice('named', 'any', 'none'),
  maxStopSequences: count,
  inputs: list('image', 'image-url', 'document', 'document-url', 'audio', 'video'),
  takesMidSystem: flag,
  instructionRole: choice('system', 'developer', 'user'),
  needsPlainTurns: flag,
  takesPrefill: flag,
  takesReasoningText: flag,
  cacheMarks: choice('anthropic', 'anthropic-without-ttl', 'openai', 'none'),
  toolCallIds: choice('any', 'mistral'),
  needsCallSignatures: flag,
  takesToolResultMedia: flag,
  toolNames: choice('standard', 'any'),
  takesFreeformTools: flag,
  extraFields: words,
  refusedFields: words,
  needsResponsesForReasoningTools: flag,
};

/** What is wrong with an owner's overrides, one text a field; empty when all is well. */
export function findCapabilityFaults(overrides: object): string[] {
  return flatMap(Object.entries(overrides), ([name, value]) => {
    if (!Object.hasOwn(capabilityFields, name)) {
      return [`${name} is no capability; they are ${Object.keys(capabilityFields).join(', ')}`];
    }
    const fault = findFault(capabilityFields[name as keyof ModelCapabilities], value);
    return fault === null ? [] : [`${name} ${fault}`];
  });
}

function findFault(field: CapabilityField, value: unknown): string | null {
  switch (field.kind) {
    case 'flag':
      return typeof value === 'boolean' ? null : 'must be true or false';
    case 'count':
      return value === null || (Number.isSafeInteger(value) && Number(value) >= 0)
        ? null
        : 'must be a whole number of at least 0, or null';
    case 'choice':
      return field.of.includes(value as string) ? null : `must be one of ${field.of.join(', ')}`;
    case 'list':
      return isListOf(value, field.of)
        ? null
        : `must be a list of ${field.of === null ? 'words' : field.of.join(', ')}`;
  }
}

function isListOf(value: unknown, of: readonly string[] | null): boolean {
  return (
    Array.isArray(value) &&
    value.every((word) => typeof word === 'string' && (of === null || of.includes(word)))
  );
}
