import { describe, expect, it } from 'vitest';
import { formatShare } from './formatShare.js';

describe('formatShare', () => {
  it.each([
    [null, '–'],
    [0, '0 %'],
    [0.001, '<1 %'],
    [0.424, '42 %'],
    [3.5, '350 %'],
  ])('%s is %s', (share, text) => {
    expect(formatShare(share)).toBe(text);
  });
});
