export const budgetWindows = ['total', 'day', 'month'] as const;

export type BudgetWindow = (typeof budgetWindows)[number];

/** When each kind of window that is open at one time has begun, in UTC; 0 for the one that never ends. */
export type WindowStarts = Readonly<Record<BudgetWindow, number>>;

export function windowStarts(nowMs: number): WindowStarts {
  const now = new Date(nowMs);
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  return {
    total: 0,
    day: Date.UTC(year, month, now.getUTCDate()),
    month: Date.UTC(year, month),
  };
}

/** When the window ends, or null for one that never does. */
export function windowEndMs(window: BudgetWindow, nowMs: number): number | null {
  if (window === 'total') return null;
  const start = new Date(windowStarts(nowMs)[window]);
  return window === 'day'
    ? Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate() + 1)
    : Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1);
}
