import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { GatewayError } from '#translation';
import { DataSource } from 'typeorm';
import { BudgetLedger, type Hold, type WindowSums } from './budget-ledger.js';
import { budgetRefusal } from './budget-refusal.js';
import { windowStarts, type BudgetWindow } from '../common/money/budget-window.js';
import { budgetsOf, keyFallbackOwner, type Budget, type Payers } from './budgets-of.js';
import { SpendReader, type Spend } from '../common/money/spend-reader.js';

interface SumRow extends Readonly<Record<BudgetWindow, number | null>> {
  readonly keyId: string | null;
  readonly routeId: string | null;
  readonly isSpillover: number | boolean | null;
}

/** In one pass over the log. What cost nothing, or an unknown amount without a reservation, was never on an account. */
const sumsByOwner = `
  SELECT key_id AS "keyId", route_id AS "routeId", is_spillover AS "isSpillover", SUM(charged) AS total,
    SUM(CASE WHEN at >= ? THEN charged ELSE 0 END) AS month, SUM(CASE WHEN at >= ? THEN charged ELSE 0 END) AS day
  FROM (SELECT key_id, route_id, is_spillover, COALESCE(cost_nanos, reserved_nanos) AS charged,
          COALESCE(reserved_at, started_at) AS at FROM attempts) AS charges
  WHERE charged > 0 GROUP BY key_id, route_id, is_spillover`;

/** Budgets of keys and routes: who may still spend, and what was spent. */
@Injectable()
export class SpendLedger extends SpendReader implements OnApplicationBootstrap {
  private readonly ledger = new BudgetLedger();

  constructor(private readonly dataSource: DataSource) {
    super();
  }

  /** Reads back what each owner has spent in the windows that are open now. */
  async onApplicationBootstrap(): Promise<void> {
    const now = Date.now();
    const { month, day } = windowStarts(now);
    const rows = await this.dataSource.query<SumRow[]>(sumsByOwner, [month, day]);
    for (const row of rows) {
      const sums: WindowSums = {
        total: Number(row.total ?? 0),
        month: Number(row.month ?? 0),
        day: Number(row.day ?? 0),
      };
      if (row.routeId !== null) this.ledger.restore(row.routeId, sums, now);
      if (row.keyId === null) continue;
      this.ledger.restore(row.keyId, sums, now);
      if (row.isSpillover) this.ledger.restore(keyFallbackOwner(row.keyId), sums, now);
    }
  }

  override ofKey({ id, budgetWindow }: Parameters<SpendReader['ofKey']>[0]): Spend {
    return this.ledger.read(id, budgetWindow, Date.now());
  }

  override ofKeyFallback(key: Parameters<SpendReader['ofKeyFallback']>[0]): Spend {
    return this.ledger.read(keyFallbackOwner(key.id), key.fallbackBudgetWindow, Date.now());
  }

  override ofRouteFallback(route: Parameters<SpendReader['ofRouteFallback']>[0]): Spend {
    return this.ledger.read(route.id, route.fallbackBudgetWindow, Date.now());
  }

  /**
   * Sets money aside for an attempt, on all budgets that pay for it or on none.
   * @param amountNanos null when the price is not known, which no budget can pay.
   * @returns null when there is no amount and no budget that would have to know it.
   * @throws GatewayError `fallback_budget_exhausted` or `budget_exceeded`
   */
  reserve(payers: Payers, amountNanos: number | null, targetLabel: string): Hold | null {
    const budgets = budgetsOf(payers);
    const nowMs = Date.now();
    const refuse = (budget: Budget): GatewayError =>
      budgetRefusal(
        budget,
        { targetLabel, amountNanos },
        this.ledger.read(budget.ownerId, budget.window, nowMs),
        nowMs,
      );
    if (amountNanos === null) {
      const limited = budgets.find(({ limitNanos }) => limitNanos !== null);
      if (limited !== undefined) throw refuse(limited);
      return null;
    }
    const { hold, refusedBy } = this.ledger.reserve({ claims: budgets, amountNanos, nowMs });
    if (hold === null) throw refuse(refusedBy);
    return hold;
  }

  settle(hold: Hold, spentNanos: number): void {
    this.ledger.settle(hold, spentNanos);
  }
}
