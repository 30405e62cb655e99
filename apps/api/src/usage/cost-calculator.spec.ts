import { flatPrice, type Price } from '#adapters';
import { unknownUsage, type Usage } from '#translation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calculateCost, worstCaseNanos } from './cost-calculator.js';

const price: Price = {
  input: {
    picosPerToken: 3_000_000n,
    tiers: [{ aboveInputTokens: 200_000, picosPerToken: 6_000_000n }],
  },
  output: flatPrice(15_000_000n),
  cacheRead: flatPrice(300_000n),
  cacheWrite: flatPrice(3_750_000n),
  cacheWriteLong: flatPrice(6_000_000n),
  inputAudio: null,
  outputAudio: null,
  source: 'test',
};
const usage = (given: Partial<Usage>): Usage => ({ ...unknownUsage, ...given });

describe('calculateCost', () => {
  it('adds up every class of tokens once, at its own price', () => {
    const tokens = usage({
      inputTokens: 1_000,
      cacheReadTokens: 400,
      cacheWriteTokens: 300,
      cacheWriteLongTokens: 100,
      outputTokens: 10,
    });
    // 300 fresh, 400 read, 200 written briefly, 100 written for long, 10 out
    const picos =
      300 * 3_000_000 + 400 * 300_000 + 200 * 3_750_000 + 100 * 6_000_000 + 10 * 15_000_000;
    expect(calculateCost(tokens, price)).toEqual({ nanos: picos / 1_000, status: 'exact' });
  });

  it('takes the dearer price of long prompts for all of their tokens', () => {
    expect(calculateCost(usage({ inputTokens: 200_001, outputTokens: 0 }), price).nanos).toBe(
      200_001 * 6_000,
    );
  });

  it('rounds once, half up, so that fractions of a nano-dollar do not vanish', () => {
    const fine = { ...price, input: flatPrice(37_500n), output: flatPrice(0n) };
    expect(calculateCost(usage({ inputTokens: 1, outputTokens: 0 }), fine).nanos).toBe(38);
    expect(calculateCost(usage({ inputTokens: 1_000_000, outputTokens: 0 }), fine).nanos).toBe(
      37_500_000,
    );
  });

  it('never takes unknown for zero', () => {
    expect(calculateCost(usage({ inputTokens: 5 }), price)).toEqual({
      nanos: null,
      status: 'unknown',
    });
    expect(calculateCost(usage({ inputTokens: 5, outputTokens: 5 }), null)).toEqual({
      nanos: null,
      status: 'unknown',
    });
    expect(calculateCost(unknownUsage, 'free')).toEqual({ nanos: 0, status: 'free' });
  });

  it('is never negative, and never above the worst case that was set aside', () => {
    const count = fc.option(fc.nat(300_000), { nil: null });
    const any = fc.record({
      inputTokens: fc.nat(300_000),
      outputTokens: fc.nat(50_000),
      cacheReadTokens: count,
      cacheWriteTokens: count,
      cacheWriteLongTokens: count,
    });
    fc.assert(
      fc.property(any, (given) => {
        const { nanos } = calculateCost(usage(given), price);
        expect(nanos).toBeGreaterThanOrEqual(0);
        const classes =
          (given.cacheReadTokens ?? 0) +
          (given.cacheWriteTokens ?? 0) +
          Math.max(0, (given.cacheWriteLongTokens ?? 0) - (given.cacheWriteTokens ?? 0));
        if (classes > given.inputTokens) return;
        expect(nanos).toBeLessThanOrEqual(
          worstCaseNanos(given.inputTokens, given.outputTokens, price) ?? -1,
        );
      }),
    );
  });
});
