import { expect, it } from 'vitest';
import { parseVmStat, parseWiredLimit, usableUnifiedMemory } from './darwin-memory.js';

const GIB = 1024 ** 3;

it('vm_stat tells what can be had at once', () => {
  const text = [
    'Mach Virtual Memory Statistics: (page size of 16384 bytes)',
    'Pages free:                              100.',
    'Pages active:                         400000.',
    'Pages inactive:                           20.',
    'Pages speculative:                         3.',
    'Pages throttled:                           0.',
    'Pages wired down:                     187224.',
    'Pages purgeable:                           2.',
  ].join('\n');
  expect(parseVmStat(text)).toBe(125 * 16_384);
  expect(parseVmStat('')).toBeNull();
});

it('models may take what Metal recommends, or what the owner allowed it', () => {
  expect(parseWiredLimit('0\n')).toBeNull();
  expect(parseWiredLimit('57344\n')).toBe(56 * GIB);
  expect(parseWiredLimit('sysctl: unknown oid')).toBeNull();
  expect(usableUnifiedMemory(64 * GIB, null)).toBe(48 * GIB);
  expect(usableUnifiedMemory(64 * GIB, 56 * GIB)).toBe(56 * GIB);
  expect(usableUnifiedMemory(64 * GIB, 90 * GIB)).toBeLessThan(64 * GIB);
});
