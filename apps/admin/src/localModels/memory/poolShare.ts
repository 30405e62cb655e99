import type { MemoryPool } from './LocalResources.js';

/** How much of the budget is given out, from 0 to 1. */
export function shareOf({ budgetBytes, reservedBytes }: MemoryPool): number {
  if (budgetBytes <= 0) return reservedBytes > 0 ? 1 : 0;
  return Math.min(1, reservedBytes / budgetBytes);
}

export function poolName(pool: string): string {
  return pool === 'ram' ? 'Main memory' : `Graphics memory ${pool}`;
}
