import { describe, expect, it } from 'vitest';
import { poolName, shareOf } from './poolShare.js';

const pool = { pool: 'ram', budgetBytes: 8, reservedBytes: 2, freeBytes: null };

describe('a pool of memory', () => {
  it('is given out by its share of the budget, at most all of it', () => {
    expect(shareOf(pool)).toBe(0.25);
    expect(shareOf({ ...pool, reservedBytes: 9 })).toBe(1);
    expect(shareOf({ ...pool, budgetBytes: 0 })).toBe(1);
    expect(shareOf({ ...pool, budgetBytes: 0, reservedBytes: 0 })).toBe(0);
  });

  it('is called by a name people know', () => {
    expect(['ram', 'unified', 'gpu0'].map(poolName)).toEqual([
      'Main memory',
      'Main memory, shared with graphics',
      'Graphics memory gpu0',
    ]);
  });
});
