import { describe, expect, it } from 'vitest';
import { systemClock } from '../clock.js';
import { isReclaimedAtOnce, waitForMemory } from './wait-for-memory.js';

const GIB = 1024 ** 3;
const watch = {
  clock: systemClock,
  limitMs: 10_000,
  taken: { ram: GIB / 8, gpu0: 8 * GIB },
  freeBefore: { ram: 4 * GIB, gpu0: GIB },
};

describe('waitForMemory', () => {
  it('waits for the pool the engine was in, and for no other', async () => {
    const looks = [GIB, GIB, 8 * GIB];
    const free = () => ({ ram: 0, gpu0: looks.shift() ?? 8 * GIB });
    await waitForMemory({ ...watch, free });
    expect(looks).toEqual([]);
  });

  it('gives up after its limit, and does not wait for what nobody can measure', async () => {
    const free = () => ({ ram: 0, gpu0: 0 });
    await waitForMemory({ ...watch, limitMs: 1, free });
    await waitForMemory({ ...watch, free: () => ({ ram: 0 }) });
    expect(isReclaimedAtOnce({ ...watch, free })).toBe(false);
    expect(isReclaimedAtOnce({ ...watch, freeBefore: {}, free })).toBe(true);
    expect(isReclaimedAtOnce({ ...watch, taken: { ram: GIB / 8 }, free })).toBe(true);
  });
});
