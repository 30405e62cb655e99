import type { EnginePlacement } from '../../engine-preset.js';

/** The share of each card that is reserved, as engines take it on the command line; null without cards. */
export function cardShareOf(placement: EnginePlacement | null | undefined): number | null {
  const shares = placement?.cards.map(({ bytes, totalBytes }) => bytes / totalBytes) ?? [];
  // Rounded down: what is taken must not be more than what is reserved.
  return shares.length === 0 ? null : Math.floor(Math.min(...shares) * 1000) / 1000;
}
