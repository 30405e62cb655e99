import { describe, expect, it } from 'vitest';
import { defaultBudget, machineGauge, parseVmStat } from './memory-gauge.js';

const GIB = 1024 ** 3;

describe('defaultBudget', () => {
  it('keeps a quarter for everything else, within bounds, and nothing of a graphics card', () => {
    expect(defaultBudget({ ram: 16 * GIB, gpu0: 8 * GIB })).toEqual({
      ram: 12 * GIB,
      gpu0: 8 * GIB,
    });
    expect(defaultBudget({ ram: 128 * GIB })).toEqual({ ram: 120 * GIB });
    expect(defaultBudget({ ram: GIB })).toEqual({ ram: GIB / 2 });
  });
});

describe('parseVmStat', () => {
  it('counts what can be had at once', () => {
    const text = [
      'Mach Virtual Memory Statistics: (page size of 16384 bytes)',
      'Pages free:                              100.',
      'Pages active:                         400000.',
      'Pages inactive:                           20.',
      'Pages speculative:                         3.',
      'Pages purgeable:                           2.',
    ].join('\n');
    expect(parseVmStat(text)).toBe(125 * 16_384);
    expect(parseVmStat('')).toBeNull();
  });
});

describe('machineGauge', () => {
  it('measures this machine', () => {
    const { ram: total = 0 } = machineGauge.total();
    const { ram: free = 0 } = machineGauge.free();
    expect(free).toBeGreaterThan(0);
    expect(free).toBeLessThanOrEqual(total);
  });
});
