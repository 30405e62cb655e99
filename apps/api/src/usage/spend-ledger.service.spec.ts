import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KeyPrincipal } from '../access/principal.js';
import { SqliteDataSource, sqliteOptions } from '../database/sqlite-data-source.js';
import { SqliteWriter } from '../database/sqlite-writer.js';
import { Attempt } from '../logs/attempt.entity.js';
import type { Hold } from './budget-ledger.js';
import { budgetWindows, type BudgetWindow } from '../common/money/budget-window.js';
import type { Payers } from './budgets-of.js';
import { SpendLedger } from './spend-ledger.service.js';

const hourMs = 3_600_000;
const firstOfMay = Date.UTC(2026, 4, 1);

const key = (fields: Partial<KeyPrincipal> = {}): KeyPrincipal => ({
  id: 'k',
  name: 'app',
  isPrivate: false,
  lossMode: null,
  mayFetchUrls: false,
  allowedRoutes: null,
  requestsPerMinute: null,
  maxConcurrent: null,
  budgetNanos: null,
  budgetWindow: 'total',
  fallbackBudgetNanos: null,
  fallbackBudgetWindow: 'month',
  expiresAt: null,
  ...fields,
});
const route = (fields: Partial<Payers['route']> = {}): Payers['route'] => ({
  id: 'r',
  name: 'coder',
  fallbackBudgetNanos: null,
  fallbackBudgetWindow: 'month',
  hasLocalTarget: true,
  ...fields,
});
const cloudOnly = route({ id: 'c', name: 'cloud', hasLocalTarget: false });

describe('SpendLedger', () => {
  let folder: string;
  let dataSource: SqliteDataSource;
  let ledger: SpendLedger;
  let count = 0;

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: firstOfMay + hourMs });
    folder = mkdtempSync(join(tmpdir(), 'spillway-spend-'));
    const writer = await SqliteWriter.open({ path: join(folder, 'spillway.db') });
    dataSource = await SqliteDataSource.open(sqliteOptions(writer, [Attempt]));
    ledger = new SpendLedger(dataSource);
    count = 0;
  });
  afterEach(async () => {
    vi.useRealTimers();
    await dataSource.destroy();
    rmSync(folder, { recursive: true });
  });

  /** The row that an attempt with this hold leaves; it is open until it has a cost. */
  const write = async (
    { key: by, route: on }: Payers,
    hold: Hold | null,
    fields: Partial<Attempt> = {},
  ): Promise<void> => {
    await dataSource.getRepository(Attempt).insert({
      id: (count += 1),
      requestId: count,
      keyId: by.id,
      routeId: on.id,
      bootId: 'b',
      position: 1,
      kind: 'provider',
      label: 'provider:p/m',
      startedAt: (hold?.reservedAtMs ?? Date.now()) - hourMs,
      reservedAt: hold?.reservedAtMs ?? null,
      isSpillover: hold === null ? null : on.hasLocalTarget,
      reservedNanos: hold?.amountNanos ?? null,
      state: 'settled',
      outcome: 'completed',
      costNanos: null,
      costStatus: 'unknown',
      ...fields,
    });
  };
  const spend = async (payers: Payers, reserved: number, cost: number | null): Promise<void> => {
    const hold = ledger.reserve(payers, reserved, 'provider:p/m');
    if (hold === null) throw new Error('nothing was reserved');
    await write(payers, hold, { costNanos: cost });
    ledger.settle(hold, cost ?? reserved);
  };
  const read = (of: SpendLedger) =>
    budgetWindows.map((window: BudgetWindow) => [
      window,
      of.ofKey({ id: 'k', budgetWindow: window }),
      of.ofKeyFallback({ id: 'k', fallbackBudgetWindow: window }),
      of.ofRouteFallback({ id: 'r', fallbackBudgetWindow: window }),
      of.ofRouteFallback({ id: 'c', fallbackBudgetWindow: window }),
    ]);
  const restarted = async (): Promise<SpendLedger> => {
    const next = new SpendLedger(dataSource);
    await next.onApplicationBootstrap();
    return next;
  };

  it('reads back exactly what it knew, of every owner and window', async () => {
    const local = { key: key(), route: route() };
    vi.setSystemTime(firstOfMay - 24 * hourMs);
    await spend(local, 900, 800);
    vi.setSystemTime(firstOfMay + hourMs / 2);
    // begun in April, and reserved in May
    await spend(local, 100, 70);
    vi.setSystemTime(firstOfMay + 30 * hourMs);
    await spend(local, 50, 0);
    await spend(local, 50, null);
    await spend({ key: key(), route: cloudOnly }, 30, 20);
    // nothing was held for what has no price
    await write({ key: key(), route: cloudOnly }, ledger.reserve(local, null, 'x'));
    const known = read(ledger);

    expect(read(await restarted())).toEqual(known);
    const figures = (total: number, month: number, day: number) => ({ total, month, day });
    const spentBy = (column: number) =>
      Object.fromEntries(
        known.map((row) => [row[0], (row[column] as { spentNanos: number }).spentNanos]),
      );
    expect(spentBy(1)).toEqual(figures(940, 140, 70));
    expect(spentBy(2)).toEqual(figures(920, 120, 50));
    expect(spentBy(3)).toEqual(figures(920, 120, 50));
    expect(spentBy(4)).toEqual(figures(20, 20, 20));
  });

  it('counts what a killed run had set aside as spent, and asks the budgets with it', async () => {
    const payers = { key: key(), route: route({ fallbackBudgetNanos: 1_000 }) };
    const hold = ledger.reserve(payers, 700, 'provider:p/m');
    await write(payers, hold, { state: 'expired', costNanos: 700, costStatus: 'estimated' });
    const next = await restarted();

    expect(next.ofRouteFallback(payers.route)).toEqual({ spentNanos: 700, heldNanos: 0 });
    expect(() => next.reserve(payers, 301, 'provider:p/m')).toThrow('fallback budget');
    expect(next.reserve(payers, 300, 'provider:p/m')).not.toBeNull();
  });

  it('counts rows of an older version for their keys, as ever, and for no route', async () => {
    await write({ key: key(), route: route() }, null, {
      routeId: null,
      reservedNanos: 60,
      costNanos: 50,
    });
    const next = await restarted();
    expect(next.ofKey(key()).spentNanos).toBe(50);
    expect(next.ofRouteFallback(route()).spentNanos).toBe(0);
    expect(next.ofKeyFallback(key()).spentNanos).toBe(0);
  });

  it('limits the spill-over of a key apart from what it spends in the cloud by choice', () => {
    const limited = key({ fallbackBudgetNanos: 100 });
    expect(ledger.reserve({ key: limited, route: cloudOnly }, 500, 'x')).not.toBeNull();
    expect(ledger.reserve({ key: limited, route: route() }, 100, 'x')).not.toBeNull();
    expect(() => ledger.reserve({ key: limited, route: route() }, 1, 'x')).toThrow(
      'The fallback budget of the key "app"',
    );
  });

  it('asks the fallback budgets first, since another target may get around them', () => {
    const spent = { key: key({ budgetNanos: 0 }), route: route({ fallbackBudgetNanos: 0 }) };
    const codeOf = (payers: Payers, amount: number | null): unknown => {
      try {
        return ledger.reserve(payers, amount, 'x');
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(codeOf(spent, 1)).toBe('fallback_budget_exhausted');
    expect(codeOf({ ...spent, route: route() }, 1)).toBe('budget_exceeded');
    expect(codeOf(spent, null)).toBe('fallback_budget_exhausted');
    expect(codeOf({ ...spent, route: route() }, null)).toBe('budget_exceeded');
    expect(codeOf({ key: key(), route: route() }, null)).toBeNull();
  });
});
