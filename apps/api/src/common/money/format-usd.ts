import { usdDecimal } from './usd-decimal.js';

/** Dollars with as many places as it takes, for people. */
export function formatUsd(nanos: number): string {
  return `$${usdDecimal(nanos)}`;
}
