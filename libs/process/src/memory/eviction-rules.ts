/** Who may be stopped for whom, and what it would cost. */
import type { ArbiterView, Claim, Standing } from './arbiter-state.js';

/** Loads nobody has timed yet are taken for this long. */
const UNKNOWN_LOAD_MS = 10_000;
/** A busy model is only taken when no idle one would do. */
const BUSY_FACTOR = 100;

/** True when nobody may overtake the claim any more. */
export function isAged({ since }: Claim, { now, limits }: ArbiterView): boolean {
  return now - since >= limits.maxOvertakeMs;
}

/**
 * A model may go when it has stayed long enough for its load to have been worth it and serves nobody. For a claim
 * that has waited for its full time it drains at once: those it serves are finished, later ones wait.
 */
export function mayLeave(standing: Standing, claim: Claim, view: ArbiterView): boolean {
  const { presence, isPinned, leases } = standing;
  if (presence !== 'serving' || isPinned) return false;
  if (isAged(claim, view)) return true;
  return leases === 0 && msUntilMayLeave(standing, view) <= 0;
}

/** Milliseconds until the model has stayed for its minimum: its own, else twice its load time within the bounds. */
export function msUntilMayLeave(
  { loadMs, minResidencyMs, readySince }: Standing,
  { now, limits }: ArbiterView,
): number {
  const earnedMs = 2 * (loadMs ?? 0);
  const usualMs = Math.min(Math.max(earnedMs, limits.minResidencyMs), limits.maxResidencyMs);
  return readySince + (minResidencyMs ?? usualMs) - now;
}

/** What is lost by stopping it: its load time, the less the longer it was idle. */
export function victimCost({ loadMs, weight, leases, idleSince }: Standing, now: number): number {
  const loadCost = (loadMs ?? UNKNOWN_LOAD_MS) * weight;
  if (leases > 0) return loadCost * BUSY_FACTOR;
  return loadCost / (1 + Math.max(0, now - idleSince) / 1000);
}
