import type { BudgetWindow } from './budget-window.js';

/** What was spent in the window that is open now, and what is held for requests that still run; in nano-dollars. */
export interface Spend {
  readonly spentNanos: number;
  readonly heldNanos: number;
}

/** Tells what has been spent of the budgets of keys and routes. */
export abstract class SpendReader {
  abstract ofKey(key: { readonly id: string; readonly budgetWindow: BudgetWindow }): Spend;

  abstract ofKeyFallback(key: {
    readonly id: string;
    readonly fallbackBudgetWindow: BudgetWindow;
  }): Spend;

  abstract ofRouteFallback(route: {
    readonly id: string;
    readonly fallbackBudgetWindow: BudgetWindow;
  }): Spend;
}
