import type { Price, UnitPrice } from '#adapters';
import type { Usage } from '#translation';

export type CostStatus = 'exact' | 'estimated' | 'unknown' | 'free';

export interface Cost {
  /** Nano-dollars; null = unknown, which is never 0. */
  readonly nanos: number | null;
  readonly status: CostStatus;
}

export const freeCost: Cost = { nanos: 0, status: 'free' };
export const unknownCost: Cost = { nanos: null, status: 'unknown' };

/**
 * Prices the tokens of one attempt. The sum is exact in pico-dollars and rounded once, half up, to nano-dollars.
 * `free` = the target costs nothing (own hardware). Unknown tokens or an unknown price give an unknown cost.
 */
export function calculateCost(usage: Usage, price: Price | 'free' | null): Cost {
  if (price === 'free') return freeCost;
  const { inputTokens, outputTokens } = usage;
  if (price === null || inputTokens === null || outputTokens === null) return unknownCost;

  const cacheRead = usage.cacheReadTokens ?? 0;
  const cacheWriteLong = usage.cacheWriteLongTokens ?? 0;
  const cacheWrite = Math.max(0, (usage.cacheWriteTokens ?? 0) - cacheWriteLong);
  const inputAudio = usage.inputAudioTokens ?? 0;
  const outputAudio = usage.outputAudioTokens ?? 0;
  // an upstream may report more cached tokens than tokens (seen at Azure): a class never becomes a credit
  const plainInput = Math.max(
    0,
    inputTokens - cacheRead - cacheWrite - cacheWriteLong - inputAudio,
  );
  const plainOutput = Math.max(0, outputTokens - outputAudio);

  const at = (tokens: number, unit: UnitPrice): bigint =>
    tokens === 0 ? 0n : BigInt(tokens) * rateAt(unit, inputTokens);
  const picos =
    at(plainInput, price.input) +
    at(cacheRead, price.cacheRead ?? price.input) +
    at(cacheWrite, price.cacheWrite ?? price.input) +
    at(cacheWriteLong, price.cacheWriteLong ?? price.cacheWrite ?? price.input) +
    at(inputAudio, price.inputAudio ?? price.input) +
    at(plainOutput, price.output) +
    at(outputAudio, price.outputAudio ?? price.output);
  return { nanos: roundToNanos(picos), status: usage.isEstimated ? 'estimated' : 'exact' };
}

/** The most that an attempt may come to; null when the price is not known. */
export function worstCaseNanos(
  inputTokens: number,
  maxOutputTokens: number,
  price: Price | 'free' | null,
): number | null {
  if (price === 'free') return 0;
  if (price === null) return null;
  const dearest = (...units: (UnitPrice | null)[]): bigint =>
    units.reduce((top, unit) => {
      const rate = unit === null ? 0n : rateAt(unit, inputTokens);
      return rate > top ? rate : top;
    }, 0n);
  const inputRate = dearest(price.input, price.cacheWrite, price.cacheWriteLong, price.inputAudio);
  const outputRate = dearest(price.output, price.outputAudio);
  return roundToNanos(BigInt(inputTokens) * inputRate + BigInt(maxOutputTokens) * outputRate);
}

function rateAt(unit: UnitPrice, inputTokens: number): bigint {
  let rate = unit.picosPerToken;
  for (const tier of unit.tiers) if (inputTokens > tier.aboveInputTokens) rate = tier.picosPerToken;
  return rate;
}

function roundToNanos(picos: bigint): number {
  const nanos = Number((picos + 500n) / 1000n);
  if (!Number.isSafeInteger(nanos) || nanos < 0) throw new RangeError('a cost is out of range');
  return nanos;
}
