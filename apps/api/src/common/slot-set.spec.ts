import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SlotSet } from './slot-set.js';

describe('SlotSet', () => {
  it('holds what a Set would hold, whatever comes and goes', () => {
    const step = fc.record({ isAdded: fc.boolean(), index: fc.nat({ max: 9 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const all = Array.from({ length: 10 }, () => ({ slot: -1 }));
        const slots = new SlotSet<{ slot: number }>();
        const model = new Set<{ slot: number }>();
        for (const { isAdded, index } of steps) {
          const member = all[index];
          if (member === undefined) continue;
          if (isAdded) slots.add(member);
          else slots.delete(member);
          if (isAdded) model.add(member);
          else model.delete(member);
          expect(slots.size).toBe(model.size);
          expect(new Set(slots.values())).toEqual(model);
        }
      }),
    );
  });

  it('lets members leave while it is walked through', () => {
    const slots = new SlotSet<{ slot: number }>();
    for (let count = 0; count < 5; count += 1) slots.add({ slot: -1 });
    for (const member of slots.values()) slots.delete(member);

    expect(slots.size).toBe(0);
  });
});
