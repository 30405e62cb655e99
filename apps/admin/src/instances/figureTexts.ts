import { formatBytes } from '../format/formatBytes.js';
import { formatShare } from '../format/formatShare.js';
import { formatTokens } from '../format/formatTokens.js';
import type { Instance, InstanceFigures } from './Instance.js';

type Resources = Pick<Instance, 'cpuPercent' | 'footprintBytes' | 'rssBytes' | 'gpuBytes'>;
type Texts = readonly { readonly name: string; readonly value: string }[];

/** What the processes of an engine take; only what is known. */
export function resourceTexts(instance: Resources & Pick<Instance, 'figures'>): Texts {
  const { cpuPercent, figures } = instance;
  const gpuBytes = instance.gpuBytes ?? figures?.modelGpuBytes ?? null;
  return known([
    ['Memory', memoryBytes(instance), formatBytes],
    ['Graphics memory', gpuBytes, formatBytes],
    ['Model in memory', figures?.modelBytes ?? null, formatBytes],
    ['Processor', cpuPercent === null ? null : cpuPercent / 100, formatShare],
  ]);
}

/** What an engine tells of its work; only what it tells. */
export function workTexts(figures: InstanceFigures): Texts {
  return known([
    ['Answering', figures.requestsRunning, formatTokens],
    ['Waiting inside', figures.requestsWaiting, formatTokens],
    ['Context cache in use', figures.kvCacheUsage, formatShare],
    ['Reading', figures.promptTokensPerSecond, formatSpeed],
    ['Writing', figures.generatedTokensPerSecond, formatSpeed],
    ['Read', figures.promptTokens, (tokens) => `${formatTokens(tokens)} tokens`],
    ['Written', figures.generatedTokens, (tokens) => `${formatTokens(tokens)} tokens`],
  ]);
}

/** All processes together where that was measured, else the first one. */
export function memoryBytes({
  footprintBytes,
  rssBytes,
}: Pick<Instance, 'footprintBytes' | 'rssBytes'>): number | null {
  return footprintBytes ?? rssBytes;
}

/** `42.5 tokens/s`; null (unknown) is a dash. */
export function formatSpeed(perSecond: number | null): string {
  if (perSecond === null) return '–';
  const digits = perSecond > 0 && perSecond < 100 ? 1 : 0;
  return `${perSecond.toFixed(digits)} tokens/s`;
}

function known(
  rows: readonly (readonly [string, number | null, (value: number) => string])[],
): Texts {
  return rows.flatMap(([name, value, format]) =>
    value === null ? [] : [{ name, value: format(value) }],
  );
}
