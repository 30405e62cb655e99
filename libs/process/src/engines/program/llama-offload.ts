import type { EnginePlacement } from '../../engine-preset.js';

const MIB = 1024 * 1024;
/** More layers than any model has. */
const ALL_LAYERS = 999;

/** How many layers go on cards; null leaves it to the engine, which looks at what is free. */
function layersOnCards({ cardShare, layerCount, cards }: EnginePlacement): number | null {
  if (cards.length === 0) return 0;
  if (cardShare >= 1) return ALL_LAYERS;
  // The output layer counts as one more.
  return layerCount === null ? null : Math.floor(cardShare * (layerCount + 1));
}

/** Flags of llama.cpp that put a model where its memory was reserved. */
export function llamaOffload(placement: EnginePlacement | null | undefined): string[] {
  if (placement == null) return [];
  const layers = layersOnCards(placement);
  const parts = placement.cards.map(({ bytes }) => Math.max(1, Math.round(bytes / MIB)));
  return [
    ...(layers === null ? [] : ['-ngl', String(layers)]),
    ...(parts.length < 2 ? [] : ['--tensor-split', parts.join(',')]),
  ];
}
