import { describe, expect, it } from 'vitest';
import { formatCost, formatUsd, nanosToUsd, usdToNanos } from './formatCost.js';

describe('formatUsd', () => {
  it.each([
    [0, '$0.00'],
    [1, '$0.000000001'],
    [123_000, '$0.000123'],
    [6_172_835, '$0.00617'],
    [21_000_000, '$0.021'],
    [500_000_000, '$0.50'],
    [999_900_000, '$1.00'],
    [1_234_567_890_000, '$1,234.57'],
  ])('writes %d nano-dollars as %s', (nanos, text) => {
    expect(formatUsd(nanos)).toBe(text);
  });
});

describe('formatCost', () => {
  it('never shows a figure for an unknown cost', () => {
    expect(formatCost(null, 'exact')).toBe('unknown');
    expect(formatCost(0, 'unknown')).toBe('unknown');
  });

  it('marks an estimate', () => {
    expect(formatCost(123_000, 'estimated')).toBe('≈ $0.000123');
  });

  it('says free instead of zero', () => {
    expect(formatCost(0, 'free')).toBe('free');
  });
});

describe('money typed in dollars', () => {
  it('comes back as the same nano-dollars', () => {
    expect(usdToNanos(nanosToUsd(2_500_000_001))).toBe(2_500_000_001);
    expect(usdToNanos(0.1)).toBe(100_000_000);
  });
});
