import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { usdDecimal } from './usd-decimal.js';

describe('usdDecimal', () => {
  it.each([
    [0, '0'],
    [1, '0.000000001'],
    [1_500_000_000, '1.5'],
    [-20_000_000, '-0.02'],
    [10_000_000_000, '10'],
    [Number.MAX_SAFE_INTEGER, '9007199.254740991'],
  ])('writes %d as %s', (nanos, text) => {
    expect(usdDecimal(nanos)).toBe(text);
  });

  it('writes what division and rounding would, wherever doubles can tell nano-dollars apart', () => {
    const exact = 8_000_000 * 1e9;
    const nanos = fc.oneof(
      fc.integer({ min: -exact, max: exact }),
      fc.integer({ min: -2e9, max: 2e9 }),
    );
    fc.assert(
      fc.property(nanos, (each) => {
        expect(usdDecimal(each)).toBe((each / 1e9).toFixed(9).replace(/\.?0+$/, ''));
      }),
      { numRuns: 2_000 },
    );
  });
});
