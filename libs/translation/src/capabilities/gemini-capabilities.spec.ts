import { describe, expect, it } from 'vitest';
import { defaultCapabilities } from './default-capabilities.js';

describe('what a Gemini model takes', () => {
  it.each([
    ['gemini-2.0-flash', [], []],
    ['gemini-2.5-flash-lite', [], ['off', 'budget', 'adaptive']],
    ['models/gemini-2.5-pro', [], ['budget', 'adaptive']],
    ['gemini-3-pro-preview', ['low', 'medium', 'high'], ['adaptive']],
    ['gemini-3.1-pro', ['low', 'medium', 'high'], ['adaptive']],
    ['gemini-3-flash-preview', ['minimal', 'low', 'medium', 'high'], ['adaptive']],
    ['gemini-flash-latest', ['minimal', 'low', 'medium', 'high'], ['adaptive']],
  ])('is known by its name: %s', (model, effortLevels, thinkingModes) => {
    const found = defaultCapabilities('gemini-generate', false, model);
    expect(found).toMatchObject({ effortLevels, thinkingModes, maxStopSequences: 5 });
    expect(found.needsCallSignatures).toBe(effortLevels.length > 0);
  });
});
