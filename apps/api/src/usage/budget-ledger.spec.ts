import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BudgetLedger, type Hold } from './budget-ledger.js';

const limitNanos = 1_000;
const dayMs = 86_400_000;

type Step =
  | { readonly kind: 'reserve'; readonly amount: number }
  | { readonly kind: 'settle'; readonly pick: number; readonly share: number }
  | { readonly kind: 'release'; readonly pick: number }
  | { readonly kind: 'wait'; readonly hours: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('reserve' as const), amount: fc.nat(400) }),
  fc.record({ kind: fc.constant('settle' as const), pick: fc.nat(), share: fc.nat(100) }),
  fc.record({ kind: fc.constant('release' as const), pick: fc.nat() }),
  fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 30 }) }),
);

describe('BudgetLedger', () => {
  it('keeps held equal to the open holds and never admits beyond the limit, whatever happens in which order', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const ledger = new BudgetLedger();
        const open: Hold[] = [];
        let nowMs = Date.UTC(2026, 0, 1);
        for (const each of steps) {
          if (each.kind === 'wait') nowMs += each.hours * 3_600_000;
          if (each.kind === 'reserve') {
            const before = ledger.read('k', 'day', nowMs);
            const hold = ledger.reserve({
              keyId: 'k',
              window: 'day',
              limitNanos,
              amountNanos: each.amount,
              nowMs,
            });
            const fits = before.spentNanos + before.heldNanos + each.amount <= limitNanos;
            expect(hold !== null).toBe(fits);
            if (hold !== null) open.push(hold);
          }
          if ((each.kind === 'settle' || each.kind === 'release') && open.length > 0) {
            const [hold] = open.splice(each.pick % open.length, 1) as [Hold];
            if (each.kind === 'release') ledger.release(hold);
            else ledger.settle(hold, Math.floor((hold.amountNanos * each.share) / 100));
            expect(() => ledger.settle(hold, 0)).toThrow('only once');
          }
          const { spentNanos, heldNanos } = ledger.read('k', 'day', nowMs);
          expect(heldNanos).toBe(open.reduce((sum, { amountNanos }) => sum + amountNanos, 0));
          expect(spentNanos).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('admits exactly as many of many requests at once as the budget covers', () => {
    const ledger = new BudgetLedger();
    const holds = Array.from({ length: 500 }, () =>
      ledger.reserve({
        keyId: 'k',
        window: 'total',
        limitNanos: 20_000,
        amountNanos: 1_000,
        nowMs: 0,
      }),
    );
    expect(holds.filter((hold) => hold !== null)).toHaveLength(20);
  });

  it('charges the window in which the money was set aside, not the one in which the answer ended', () => {
    const ledger = new BudgetLedger();
    const hold = ledger.reserve({
      keyId: 'k',
      window: 'day',
      limitNanos,
      amountNanos: 500,
      nowMs: 0,
    });
    expect(ledger.read('k', 'day', dayMs)).toEqual({ spentNanos: 0, heldNanos: 500 });
    ledger.settle(hold as Hold, 400);
    expect(ledger.read('k', 'day', dayMs)).toEqual({ spentNanos: 0, heldNanos: 0 });
  });
});
