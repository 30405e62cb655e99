import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BudgetLedger, type BudgetClaim, type Hold } from './budget-ledger.js';
import { budgetWindows, windowStarts, type BudgetWindow } from '../common/money/budget-window.js';

const dayMs = 86_400_000;
const newYear = Date.UTC(2026, 0, 1);

/** A route with a daily limit, a key with a monthly one, and a key without any. */
const claims = {
  route: { ownerId: 'route', window: 'day', limitNanos: 1_000 },
  key: { ownerId: 'key', window: 'month', limitNanos: 3_000 },
  free: { ownerId: 'free', window: 'total', limitNanos: null },
} as const satisfies Record<string, BudgetClaim>;
const owners = Object.values(claims);
const payers = fc.constantFrom<readonly BudgetClaim[]>(
  [claims.route, claims.key],
  [claims.route, claims.free],
  [claims.key],
  owners,
);

type Step =
  | { readonly kind: 'reserve'; readonly by: readonly BudgetClaim[]; readonly amount: number }
  | { readonly kind: 'settle'; readonly pick: number; readonly share: number }
  | { readonly kind: 'wait'; readonly hours: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('reserve' as const), by: payers, amount: fc.nat(400) }),
  fc.record({ kind: fc.constant('settle' as const), pick: fc.nat(), share: fc.nat(100) }),
  // at times the clock is set back
  fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: -5, max: 60 }) }),
);
const steps = fc.array(step, { maxLength: 60 });

/** An attempt as the log keeps it. */
interface Row {
  readonly hold: Hold;
  costNanos: number | null;
}

interface World {
  readonly ledger: BudgetLedger;
  readonly rows: readonly Row[];
  readonly nowMs: number;
}

/** Carries the steps out, and checks each admission. */
function play(list: readonly Step[], check: (world: World) => void): World {
  const ledger = new BudgetLedger();
  const rows: Row[] = [];
  let nowMs = newYear;
  for (const each of list) {
    if (each.kind === 'wait') nowMs += each.hours * 3_600_000;
    if (each.kind === 'reserve') reserve(ledger, rows, each, nowMs);
    const open = rows.filter(({ hold }) => hold.isOpen);
    const picked = each.kind === 'settle' ? open[each.pick % open.length] : undefined;
    if (each.kind === 'settle' && picked !== undefined) {
      picked.costNanos = Math.floor((picked.hold.amountNanos * each.share) / 100);
      ledger.settle(picked.hold, picked.costNanos);
      expect(() => ledger.settle(picked.hold, 0)).toThrow('only once');
    }
    check({ ledger, rows, nowMs });
  }
  return { ledger, rows, nowMs };
}

function reserve(
  ledger: BudgetLedger,
  rows: Row[],
  { by, amount }: { readonly by: readonly BudgetClaim[]; readonly amount: number },
  nowMs: number,
): void {
  const refusing = by.find(({ ownerId, window, limitNanos }) => {
    const { spentNanos, heldNanos } = ledger.read(ownerId, window, nowMs);
    return amount > 0 && limitNanos !== null && spentNanos + heldNanos + amount > limitNanos;
  });
  const { hold, refusedBy } = ledger.reserve({ claims: by, amountNanos: amount, nowMs });
  expect(refusedBy).toBe(refusing ?? null);
  if (hold !== null) rows.push({ hold, costNanos: null });
}

/** What the rows say an owner was charged since a moment. */
function charged(rows: readonly Row[], ownerId: string, sinceMs: number): number {
  return rows
    .filter(({ hold }) => hold.ownerIds.includes(ownerId) && hold.reservedAtMs >= sinceMs)
    .reduce((sum, { hold, costNanos }) => sum + (costNanos ?? hold.amountNanos), 0);
}

/** The clock of the ledger, which never goes back. */
const latest = ({ rows, nowMs }: World): number =>
  Math.max(nowMs, ...rows.map(({ hold }) => hold.reservedAtMs));

describe('BudgetLedger', () => {
  it('holds exactly what is open, for each owner that pays, and never spends beyond a limit', () => {
    fc.assert(
      fc.property(steps, (list) => {
        play(list, ({ ledger, rows, nowMs }) => {
          for (const { ownerId, window, limitNanos } of owners) {
            const { spentNanos, heldNanos } = ledger.read(ownerId, window, nowMs);
            const open = rows.filter(({ hold }) => hold.isOpen && hold.ownerIds.includes(ownerId));
            expect(heldNanos).toBe(open.reduce((sum, { hold }) => sum + hold.amountNanos, 0));
            expect(spentNanos).toBeLessThanOrEqual(limitNanos ?? Infinity);
            expect(Number.isSafeInteger(spentNanos)).toBe(true);
          }
        });
      }),
      { numRuns: 300 },
    );
  });

  it('takes from all that pay or from none', () => {
    const ledger = new BudgetLedger();
    const both = [claims.route, claims.key];
    const first = ledger.reserve({ claims: both, amountNanos: 900, nowMs: newYear });
    expect(first.hold?.ownerIds).toEqual(['route', 'key']);
    const second = ledger.reserve({ claims: both, amountNanos: 200, nowMs: newYear });
    expect(second.refusedBy).toBe(claims.route);
    expect(ledger.read('key', 'month', newYear)).toEqual({ spentNanos: 0, heldNanos: 900 });
  });

  it('finds after a crash what it had before: what was open counts as spent', () => {
    fc.assert(
      fc.property(steps, (list) => {
        let at = newYear;
        const world = play(list, (now) => (at = Math.max(at, latest(now))));
        const starts = windowStarts(at);
        const restored = new BudgetLedger();
        for (const { ownerId } of owners) {
          const sum = (window: BudgetWindow): number =>
            charged(world.rows, ownerId, starts[window]);
          const sums = { total: sum('total'), day: sum('day'), month: sum('month') };
          restored.restore(ownerId, sums, at);
        }
        for (const { hold } of world.rows)
          if (hold.isOpen) world.ledger.settle(hold, hold.amountNanos);
        for (const { ownerId } of owners)
          for (const window of budgetWindows)
            expect([ownerId, window, restored.read(ownerId, window, at)]).toEqual([
              ownerId,
              window,
              world.ledger.read(ownerId, window, at),
            ]);
      }),
      { numRuns: 300 },
    );
  });

  it('admits exactly as many of many requests at once as the budget covers', () => {
    const ledger = new BudgetLedger();
    const claim = { ownerId: 'k', window: 'total', limitNanos: 20_000 } as const;
    const holds = Array.from(
      { length: 500 },
      () => ledger.reserve({ claims: [claim], amountNanos: 1_000, nowMs: 0 }).hold,
    );
    expect(holds.filter((hold) => hold !== null)).toHaveLength(20);
  });

  it('admits what costs nothing, however much was spent', () => {
    const ledger = new BudgetLedger();
    const claim = { ownerId: 'k', window: 'total', limitNanos: 10 } as const;
    const { hold } = ledger.reserve({ claims: [claim], amountNanos: 10, nowMs: 0 });
    // an answer may come out longer than was estimated
    ledger.settle(hold as Hold, 25);
    expect(ledger.reserve({ claims: [claim], amountNanos: 1, nowMs: 0 }).refusedBy).toBe(claim);
    expect(ledger.reserve({ claims: [claim], amountNanos: 0, nowMs: 0 }).refusedBy).toBeNull();
  });

  it('charges the window in which the money was set aside, not the one in which the answer ended', () => {
    const ledger = new BudgetLedger();
    const { hold } = ledger.reserve({ claims: [claims.route], amountNanos: 500, nowMs: newYear });
    const nextDay = newYear + dayMs;
    expect(ledger.read('route', 'day', nextDay)).toEqual({ spentNanos: 0, heldNanos: 500 });
    ledger.settle(hold as Hold, 400);
    expect(ledger.read('route', 'day', nextDay)).toEqual({ spentNanos: 0, heldNanos: 0 });
    expect(ledger.read('route', 'month', nextDay)).toEqual({ spentNanos: 400, heldNanos: 0 });
  });

  it('does not open a window again when the clock is set back', () => {
    const ledger = new BudgetLedger();
    const day = { claims: [claims.route], amountNanos: 1_000 };
    const { hold } = ledger.reserve({ ...day, nowMs: newYear + dayMs });
    ledger.settle(hold as Hold, 1_000);
    expect(ledger.reserve({ ...day, nowMs: newYear }).hold).toBeNull();
  });
});
