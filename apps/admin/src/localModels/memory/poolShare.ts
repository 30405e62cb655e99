import type { MemoryPool } from './LocalResources.js';

/** How much of the budget is given out, from 0 to 1. */
export function shareOf({ budgetBytes, reservedBytes }: MemoryPool): number {
  if (budgetBytes <= 0) return reservedBytes > 0 ? 1 : 0;
  return Math.min(1, reservedBytes / budgetBytes);
}

const mainMemory: Readonly<Record<string, string>> = {
  ram: 'Main memory',
  unified: 'Main memory, shared with graphics',
};

export function poolName(pool: string): string {
  return mainMemory[pool] ?? `Graphics memory ${pool}`;
}
