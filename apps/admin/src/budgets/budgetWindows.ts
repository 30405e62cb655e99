export type BudgetWindow = 'total' | 'day' | 'month';

/** What a budget may be counted over. */
export const budgetWindows: readonly { readonly id: BudgetWindow; readonly name: string }[] = [
  { id: 'total', name: 'in total' },
  { id: 'day', name: 'per day (UTC)' },
  { id: 'month', name: 'per month (UTC)' },
];
