import { expect, it } from 'vitest';
import { createEmbeddedPreset } from '../engines/embedded.js';
import { readFigures } from '../metrics/read-figures.js';
import { renderFigures } from './render-figures.js';

it('is what the preset of the engine reads', () => {
  const text = renderFigures({
    requestsRunning: 2,
    requestsWaiting: 1,
    slots: 2,
    kvCacheUsage: 0.25,
    promptTokens: 1024,
    promptMs: 2500,
    generatedTokens: 300,
    generatedMs: 10_000,
    modelBytes: 2_600_000,
  });
  const [source] = createEmbeddedPreset().traits?.metrics ?? [];
  if (source === undefined) throw new Error('The embedded engine tells nothing.');
  expect(readFigures(source, { text, body: null }, 'm')).toEqual({
    requestsRunning: 2,
    requestsWaiting: 1,
    kvCacheUsage: 0.25,
    promptTokens: 1024,
    promptSeconds: 2.5,
    generatedTokens: 300,
    generatedSeconds: 10,
    modelBytes: 2_600_000,
  });
  expect(text).toContain('embedded:slots 2\n');
});
