import { describe, expect, it } from 'vitest';
import { formatTokens } from './formatTokens.js';

describe('formatTokens', () => {
  it.each([
    [null, '–'],
    [0, '0'],
    [99_999, '99,999'],
    [123_456, '123k'],
    [999_500, '1.0M'],
    [12_345_678, '12M'],
  ])('writes %s tokens as %s', (tokens, text) => {
    expect(formatTokens(tokens)).toBe(text);
  });
});
