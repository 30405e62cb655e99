import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../child/write-file-atomic.js';
import type { FigureStore } from './figure-store.js';
import type { LearnedFigure } from './learned-figures.js';

function figureOf(value: unknown): LearnedFigure | null {
  if (typeof value !== 'object' || value === null) return null;
  const numberOf = (name: keyof LearnedFigure): number | null => {
    const each: unknown = (value as Partial<Record<keyof LearnedFigure, unknown>>)[name];
    return typeof each === 'number' && Number.isFinite(each) && each >= 0 ? each : null;
  };
  return {
    loadMs: numberOf('loadMs'),
    serviceMs: numberOf('serviceMs'),
    footprintBytes: numberOf('footprintBytes'),
    cardBytes: numberOf('cardBytes'),
  };
}

/** Keeps the figures in `learned.json` of the data folder; a file that is damaged counts as empty. */
export function createFileFigureStore(dataDir: string): FigureStore {
  const path = join(dataDir, 'learned.json');
  return {
    async load() {
      const text = await readFile(path, 'utf8').catch(() => '{}');
      try {
        const entries = Object.entries(JSON.parse(text) as Record<string, unknown>);
        return new Map(
          entries.flatMap(([launch, value]) => {
            const figure = figureOf(value);
            return figure === null ? [] : [[launch, figure] as const];
          }),
        );
      } catch {
        return new Map();
      }
    },
    async save(figures) {
      const text = JSON.stringify(Object.fromEntries(figures));
      await writeFileAtomic(path, text).catch(() => undefined);
    },
  };
}
