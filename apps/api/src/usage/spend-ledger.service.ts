import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { GatewayError } from '#translation';
import { DataSource } from 'typeorm';
import type { KeyPrincipal } from '../access/principal.js';
import { firstIdAt } from '../common/time-ordered-id.js';
import { SpendReader } from '../keys/spend-reader.js';
import { VirtualKey } from '../keys/virtual-key.entity.js';
import { BudgetLedger, type Hold } from './budget-ledger.js';
import { windowEndMs, windowStartMs } from './budget-window.js';

/** Budgets of virtual keys: who may still spend, and what was spent. */
@Injectable()
export class SpendLedger extends SpendReader implements OnApplicationBootstrap {
  private readonly ledger = new BudgetLedger();
  private readonly windows = new Map<string, KeyPrincipal['budgetWindow']>();

  constructor(private readonly dataSource: DataSource) {
    super();
  }

  /** Reads back what each key has spent in the window that is open now. */
  async onApplicationBootstrap(): Promise<void> {
    const now = Date.now();
    for (const window of ['total', 'month', 'day'] as const) {
      const rows = await this.dataSource.query<{ id: string; spent: number | null }[]>(
        `SELECT a.key_id AS id, SUM(COALESCE(a.cost_nanos, a.reserved_nanos)) AS spent
         FROM attempts a JOIN virtual_keys k ON k.id = a.key_id
         WHERE k.budget_window = ? AND a.id >= ? GROUP BY a.key_id`,
        [window, firstIdAt(windowStartMs(window, now))],
      );
      for (const { id, spent } of rows) this.ledger.restore(id, window, Number(spent ?? 0), now);
    }
    const keys = await this.dataSource
      .getRepository(VirtualKey)
      .find({ select: { id: true, budgetWindow: true } });
    for (const key of keys) this.windows.set(key.id, key.budgetWindow);
  }

  override read(keyId: string): { spentNanos: number; heldNanos: number } {
    return this.ledger.read(keyId, this.windows.get(keyId) ?? 'total', Date.now());
  }

  /**
   * Sets money aside for an attempt.
   * @param amountNanos null when the price is not known, which a key with a budget cannot pay.
   * @throws GatewayError `budget_exceeded`
   */
  reserve(key: KeyPrincipal, amountNanos: number | null, label: string): Hold | null {
    const now = Date.now();
    this.windows.set(key.id, key.budgetWindow);
    if (amountNanos === null) {
      if (key.budgetNanos === null) return null;
      throw new GatewayError(
        'budget_exceeded',
        `The price of ${label} is not known, so the budget of this key cannot cover it. Set a price on the route's target, or use a key without a budget.`,
      );
    }
    const hold = this.ledger.reserve({
      keyId: key.id,
      window: key.budgetWindow,
      limitNanos: key.budgetNanos,
      amountNanos,
      nowMs: now,
    });
    if (hold !== null) return hold;
    throw budgetExceeded(key, this.ledger.read(key.id, key.budgetWindow, now), now);
  }

  settle(hold: Hold, spentNanos: number): void {
    this.ledger.settle(hold, spentNanos);
  }
}

function budgetExceeded(
  key: KeyPrincipal,
  account: { spentNanos: number; heldNanos: number },
  nowMs: number,
): GatewayError {
  const usd = (nanos: number): string => `$${(nanos / 1e9).toFixed(6).replace(/\.?0+$/, '')}`;
  const end = windowEndMs(key.budgetWindow, nowMs);
  const reset =
    end === null
      ? 'It does not renew by itself; an administrator can raise it.'
      : `It renews at ${new Date(end).toISOString()}.`;
  return new GatewayError(
    'budget_exceeded',
    `The budget of the key "${key.name}" does not cover this request: ${usd(account.spentNanos)} spent and ${usd(account.heldNanos)} held of ${usd(key.budgetNanos ?? 0)}. ${reset}`,
    end === null ? {} : { retryAfterMs: end - nowMs },
  );
}
