import { describe, expect, it } from 'vitest';
import { resolveConfig } from './resolve-config.js';

const MIB = 1024 * 1024;
const budgetOf = (text: string) => resolveConfig({ SPILLWAY_MEMORY_BUDGET_MB: text }).memoryBudget;

describe('SPILLWAY_MEMORY_BUDGET_MB', () => {
  it('is a number for main memory, or a list by pool', () => {
    expect(budgetOf('')).toEqual({});
    expect(budgetOf('16000')).toEqual({ ram: 16_000 * MIB });
    expect(budgetOf('ram=16000,gpu0=22000')).toEqual({ ram: 16_000 * MIB, gpu0: 22_000 * MIB });
  });

  it.each(['16 GB', 'ram=', 'gpu=1', 'gpu0=1;gpu1=1', 'vram=5', '16000,gpu0=1'])(
    'refuses %j and says how it is written',
    (text) => {
      expect(() => budgetOf(text)).toThrow('ram=16000,gpu0=22000');
    },
  );
});
