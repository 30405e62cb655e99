import { GatewayError, type ErrorCode } from '#translation';
import { windowEndMs } from '../common/money/budget-window.js';
import { formatUsd } from '../common/money/format-usd.js';
import type { Budget } from './budgets-of.js';
import type { Spend } from '../common/money/spend-reader.js';

/** Running requests end soon, and nobody knows when. */
const heldRetryMs = 1_000;

interface Words {
  readonly code: ErrorCode;
  readonly name: string;
  readonly remedy: string;
}

const wordsOf: Readonly<Record<Budget['kind'], (ownerName: string) => Words>> = {
  'route fallback': (name) => ({
    code: 'fallback_budget_exhausted',
    name: `fallback budget of the route \`${name}\``,
    remedy: 'an administrator can raise it on the page of the route',
  }),
  'key fallback': (name) => ({
    code: 'fallback_budget_exhausted',
    name: `fallback budget of the key "${name}"`,
    remedy: 'an administrator can raise it on the page of the key',
  }),
  key: (name) => ({
    code: 'budget_exceeded',
    name: `budget of the key "${name}"`,
    remedy: 'an administrator can raise it on the page of the key',
  }),
};

/**
 * Why a budget does not cover what an attempt may cost. Says when it would, and tells the caller to come back then only where
 * that is known.
 * @param charge `amountNanos` is null when the price of the target is not known.
 */
export function budgetRefusal(
  budget: Budget,
  charge: { readonly targetLabel: string; readonly amountNanos: number | null },
  { spentNanos, heldNanos }: Spend,
  nowMs: number,
): GatewayError {
  const { code, name, remedy } = wordsOf[budget.kind](budget.ownerName);
  const { targetLabel, amountNanos } = charge;
  if (amountNanos === null)
    return new GatewayError(
      code,
      `The price of ${targetLabel} is not known, so the ${name} cannot cover it. Set a price on the route's target, or remove that budget.`,
    );
  const limitNanos = budget.limitNanos ?? 0;
  // what others have spent of a shared budget is not the caller's to know
  const sums =
    budget.kind === 'route fallback'
      ? ''
      : `, and ${formatUsd(spentNanos)} are spent and ${formatUsd(heldNanos)} held of ${formatUsd(limitNanos)}`;
  const state = `The ${name} does not cover this request: it may cost ${formatUsd(amountNanos)}${sums}.`;
  const refuse = (advice: string, retryAfterMs?: number): GatewayError =>
    new GatewayError(code, `${state} ${advice}`, { retryAfterMs });
  if (amountNanos > limitNanos)
    return refuse(`That is more than the whole budget: ask for fewer tokens, or ${remedy}.`);
  if (spentNanos + amountNanos <= limitNanos)
    return refuse(
      'What is held belongs to requests that still run, and what they do not use comes back when they end.',
      heldRetryMs,
    );
  const endMs = windowEndMs(budget.window, nowMs);
  return endMs === null
    ? refuse(`It does not renew by itself; ${remedy}.`)
    : refuse(`It renews at ${new Date(endMs).toISOString()}; ${remedy}.`, endMs - nowMs);
}
