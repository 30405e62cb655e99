import type { LaunchContext } from '../../engine-preset.js';

type Fill = (context: LaunchContext) => string;

const fills: Readonly<Record<string, Fill>> = {
  '{port}': ({ port }) => String(port),
  '{modelPath}': ({ spec }) => spec.modelPath ?? '',
  '{model}': ({ spec }) => spec.upstreamModel ?? '',
  '{instanceId}': ({ instanceId }) => instanceId,
  '{contextTokens}': ({ spec }) => String(spec.contextTokens ?? 0),
  '{parallelSlots}': ({ spec }) => String(spec.parallelSlots),
};

/** The words that are filled in, in braces. */
export const placeholders = Object.keys(fills);

const PLACEHOLDER = /\{[A-Za-z]+\}/g;

/** Words in braces that mean nothing here. */
export function unknownPlaceholders(template: string): string[] {
  return (template.match(PLACEHOLDER) ?? []).filter((word) => !Object.hasOwn(fills, word));
}

/** Fills one template. What is filled in is never looked through again, and never split into several arguments. */
export function fillPlaceholders(template: string, context: LaunchContext): string {
  return template.replace(PLACEHOLDER, (word) => fills[word]?.(context) ?? word);
}
