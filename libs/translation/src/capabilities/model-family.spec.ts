import { expect, it } from 'vitest';
import { modelFamily } from './model-family.js';

it.each([
  ['claude-opus-4-5', 'claude'],
  ['anthropic/claude-sonnet-4.5', 'claude'],
  ['gpt-5.2-2026-01-01', 'gpt'],
  ['GPT-6', 'gpt'],
  ['o3-mini', 'o'],
  ['models/gemini-3-pro', 'gemini'],
  ['4o', '4o'],
])('modelFamily takes %s for %s', (model, family) => {
  expect(modelFamily(model)).toBe(family);
});
