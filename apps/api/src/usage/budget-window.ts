export type BudgetWindow = 'total' | 'day' | 'month';

/** Start of the window that is open at `nowMs`, in UTC; 0 for a budget without a window. */
export function windowStartMs(window: BudgetWindow, nowMs: number): number {
  if (window === 'total') return 0;
  const now = new Date(nowMs);
  const day = window === 'day' ? now.getUTCDate() : 1;
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), day);
}

/** When the window ends, or null for one that never does. */
export function windowEndMs(window: BudgetWindow, nowMs: number): number | null {
  if (window === 'total') return null;
  const start = new Date(windowStartMs(window, nowMs));
  return window === 'day'
    ? Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate() + 1)
    : Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1);
}
