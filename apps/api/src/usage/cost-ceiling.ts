import { GatewayError } from '#translation';
import type { AttemptRecord } from '../audit/attempt-record.js';
import { isResolved } from './attempt-state.js';
import { formatUsd } from '../common/money/format-usd.js';

/**
 * Holds all attempts of a request together to what its caller allows: what they have cost, what those that still run may
 * cost, and what the next one may.
 * @param worstCaseNanos what the next attempt may cost; null when its price is not known.
 * @throws GatewayError `max_cost_exceeded`
 */
export function assertBelowCeiling(
  ceilingNanos: number,
  attempts: readonly AttemptRecord[],
  worstCaseNanos: number | null,
  targetLabel: string,
): void {
  const allowed = `the ${formatUsd(ceilingNanos)} that \`x-spillway-max-cost-usd\` allows`;
  if (worstCaseNanos === null)
    throw new GatewayError(
      'max_cost_exceeded',
      `The price of ${targetLabel} is not known, so nobody can say that it stays within ${allowed}. Leave the header out, or have a price set on the route's target.`,
    );
  const before = attempts.reduce((sum, attempt) => sum + chargeOf(attempt), 0);
  if (worstCaseNanos === 0 || before + worstCaseNanos <= ceilingNanos) return;
  const earlier = before === 0 ? '' : `, after ${formatUsd(before)} for earlier attempts`;
  throw new GatewayError(
    'max_cost_exceeded',
    `${targetLabel} may cost ${formatUsd(worstCaseNanos)}${earlier}, which is more than ${allowed}. Allow more, or ask for fewer tokens: a limit on the output counts in full.`,
  );
}

/** An attempt whose cost nobody knows counts with all that was set aside for it. */
function chargeOf({ state, cost, reservedNanos }: AttemptRecord): number {
  return (isResolved(state) ? cost.nanos : null) ?? reservedNanos ?? 0;
}
