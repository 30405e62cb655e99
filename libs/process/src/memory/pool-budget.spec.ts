import { describe, expect, it } from 'vitest';
import { fakeGauge } from '../../test/fake-gauge.js';
import { poolBudget, usableMainMemory } from './pool-budget.js';

const GIB = 1024 ** 3;

it('a quarter of main memory is kept for everything else, within bounds', () => {
  expect(usableMainMemory(16 * GIB)).toBe(12 * GIB);
  expect(usableMainMemory(128 * GIB)).toBe(120 * GIB);
  expect(usableMainMemory(GIB)).toBe(GIB / 2);
});

describe('poolBudget', () => {
  it('takes what is declared for a pool, and what the machine gives for the others', () => {
    const { pools } = fakeGauge({ ram: 16, gpu0: 8, gpu1: 8 });
    expect(poolBudget(pools, {})).toEqual({ ram: 16, gpu0: 8, gpu1: 8 });
    expect(poolBudget(pools, { ram: 4, gpu1: 2 })).toEqual({ ram: 4, gpu0: 8, gpu1: 2 });
    expect(poolBudget(pools, { gpu7: 2 })).toEqual({ ram: 16, gpu0: 8, gpu1: 8 });
  });

  it('calls main memory `ram`, also where graphics share it', () => {
    const { pools } = fakeGauge({ unified: 64 });
    expect(poolBudget(pools, { ram: 32 })).toEqual({ unified: 32 });
  });
});
