import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstIdAt, fromPublicId, TimeOrderedIds, toPublicId } from './time-ordered-id.js';

describe('public ids', () => {
  it('are the number in base 36, and lead back to it', () => {
    const id = fc.oneof(
      fc.maxSafeNat(),
      fc.nat(),
      fc.nat(100).map((low) => 36 ** 8 + low),
    );
    fc.assert(
      fc.property(id, (each) => {
        expect(toPublicId('req', each)).toBe(`req_${each.toString(36)}`);
        expect(fromPublicId(toPublicId('att', each))).toBe(each);
      }),
      { numRuns: 1_000 },
    );
  });

  it('grow, also when the clock does not', () => {
    const ids = new TimeOrderedIds();
    const later = firstIdAt(Date.now() + 60_000);
    ids.startAfter(later);
    expect([ids.next(), ids.next()]).toEqual([later + 1, later + 2]);
  });

  it.each([
    [-1e305, Number.MIN_SAFE_INTEGER],
    [8.64e15, Number.MAX_SAFE_INTEGER],
    [1e305, Number.MAX_SAFE_INTEGER],
  ])('begin, for the time %j that has none, at an end of the whole numbers', (epochMs, id) => {
    expect(firstIdAt(epochMs)).toBe(id);
  });
});
