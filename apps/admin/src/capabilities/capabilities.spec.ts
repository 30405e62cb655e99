import { describe, expect, it } from 'vitest';
import { capabilities, firstValue } from './capabilities.js';
import { toCount, withOverride, withoutOverride } from './changeOverrides.js';

describe('capabilities', () => {
  it('have a name, a label and a hint of their own', () => {
    const labels = capabilities.map(({ label }) => label);
    expect(new Set(labels).size).toBe(labels.length);
    expect(capabilities.every(({ hint }) => hint !== '')).toBe(true);
  });

  it('start an override with a value their field may have', () => {
    expect(firstValue({ kind: 'flag' })).toBe(true);
    expect(firstValue({ kind: 'count' })).toBeNull();
    expect(firstValue({ kind: 'choice', of: ['a', 'b'] })).toBe('a');
    expect(firstValue({ kind: 'list', of: null })).toEqual([]);
  });
});

describe('changing overrides', () => {
  it('keeps the others', () => {
    const one = withOverride(null, 'takesTopK', false);
    const two = withOverride(one, 'inputs', []);
    expect(two).toEqual({ takesTopK: false, inputs: [] });
    expect(withoutOverride(two, 'takesTopK')).toEqual({ inputs: [] });
  });

  it('leaves null when none is left', () => {
    expect(withoutOverride({ inputs: [] }, 'inputs')).toBeNull();
    expect(withoutOverride(null, 'inputs')).toBeNull();
  });

  it('reads a count from what was typed', () => {
    expect(toCount('8192')).toBe(8192);
    expect(toCount('')).toBeNull();
    expect(toCount('-3.7')).toBe(0);
  });
});
