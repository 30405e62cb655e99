import type { KeyPrincipal } from '../access/principal.js';
import type { BudgetClaim } from './budget-ledger.js';
import type { BudgetWindow } from '../common/money/budget-window.js';

/** Whose budgets have to cover the paid attempts of a request. */
export interface Payers {
  readonly key: KeyPrincipal;
  readonly route: {
    readonly id: string;
    readonly name: string;
    readonly fallbackBudgetNanos: number | null;
    readonly fallbackBudgetWindow: BudgetWindow;
    /** Then what is paid for is spill-over, which keys may limit on its own. */
    readonly hasLocalTarget: boolean;
  };
}

/** One of the budgets, with what there is to say about it. */
export interface Budget extends BudgetClaim {
  readonly kind: 'route fallback' | 'key fallback' | 'key';
  /** Of the key or route. */
  readonly ownerName: string;
}

export const keyFallbackOwner = (keyId: string): string => `${keyId}/fallback`;

/**
 * The budgets in the order in which they are asked: those that another target may get around first, the one that ends the
 * request last.
 */
export function budgetsOf({ key, route }: Payers): readonly Budget[] {
  const ofRoute: Budget = {
    kind: 'route fallback',
    ownerId: route.id,
    ownerName: route.name,
    window: route.fallbackBudgetWindow,
    limitNanos: route.fallbackBudgetNanos,
  };
  const ofKey: Budget = {
    kind: 'key',
    ownerId: key.id,
    ownerName: key.name,
    window: key.budgetWindow,
    limitNanos: key.budgetNanos,
  };
  if (!route.hasLocalTarget) return [ofRoute, ofKey];
  const ofKeyFallback: Budget = {
    kind: 'key fallback',
    ownerId: keyFallbackOwner(key.id),
    ownerName: key.name,
    window: key.fallbackBudgetWindow,
    limitNanos: key.fallbackBudgetNanos,
  };
  return [ofRoute, ofKeyFallback, ofKey];
}
