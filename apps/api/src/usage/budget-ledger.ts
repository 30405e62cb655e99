import {
  budgetWindows,
  windowStarts,
  type BudgetWindow,
  type WindowStarts,
} from '../common/money/budget-window.js';

/** A budget that an attempt must fit into. */
export interface BudgetClaim {
  /** Whose account it is. The ledger only compares it. */
  readonly ownerId: string;
  readonly window: BudgetWindow;
  /** null = no limit; what is spent is counted all the same. */
  readonly limitNanos: number | null;
}

/** Money set aside for one attempt, on all accounts that pay for it. Resolved exactly once, by `settle`. */
export interface Hold {
  readonly ownerIds: readonly string[];
  readonly amountNanos: number;
  /** Decides which windows pay, even when they end before the attempt does. */
  readonly reservedAtMs: number;
  readonly starts: WindowStarts;
  isOpen: boolean;
}

export type Reservation<Claim extends BudgetClaim> =
  | { readonly hold: Hold; readonly refusedBy: null }
  | { readonly hold: null; readonly refusedBy: Claim };

/** What an owner has spent in the windows that are open, in nano-dollars. */
export type WindowSums = Readonly<Record<BudgetWindow, number>>;

interface Account {
  heldNanos: number;
  /** The windows that `spent` speaks of. */
  starts: WindowStarts;
  readonly spent: Record<BudgetWindow, number>;
}

const dayMs = 86_400_000;

/**
 * Spent and held money by owner, in memory and exact, because one process owns the data directory. Every kind of window is
 * counted, so that a budget that is set or changed later finds what was spent before.
 * Invariants: held is the sum of the open holds; at each admission spent + held <= limit, for every owner that pays; a hold is
 * resolved once. At start it is filled from the attempts that are on disk.
 */
export class BudgetLedger {
  private readonly accounts = new Map<string, Account>();
  private latestMs = 0;
  private starts = windowStarts(0);

  /** Adds what an owner has spent, read back from disk at start. */
  restore(ownerId: string, sums: WindowSums, nowMs: number): void {
    const { spent } = this.accountAt(ownerId, nowMs);
    for (const window of budgetWindows) spent[window] += sums[window];
  }

  read(
    ownerId: string,
    window: BudgetWindow,
    nowMs: number,
  ): { readonly spentNanos: number; readonly heldNanos: number } {
    const { spent, heldNanos } = this.accountAt(ownerId, nowMs);
    return { spentNanos: spent[window], heldNanos };
  }

  /**
   * Sets the amount aside on every account, or on none when one of the limits does not allow it. What costs nothing is
   * always allowed.
   */
  reserve<Claim extends BudgetClaim>(request: {
    /** In the order in which they are asked; each owner at most once. */
    readonly claims: readonly Claim[];
    readonly amountNanos: number;
    readonly nowMs: number;
  }): Reservation<Claim> {
    const { claims, amountNanos, nowMs } = request;
    const refusedBy = claims.find((claim) => !this.covers(claim, amountNanos, nowMs));
    if (refusedBy !== undefined) return { hold: null, refusedBy };
    for (const { ownerId } of claims) this.accountAt(ownerId, nowMs).heldNanos += amountNanos;
    const hold: Hold = {
      ownerIds: claims.map(({ ownerId }) => ownerId),
      amountNanos,
      reservedAtMs: this.latestMs,
      starts: this.starts,
      isOpen: true,
    };
    return { hold, refusedBy: null };
  }

  /** Replaces the hold by what was really spent, on every account that paid. @throws Error on a second resolution. */
  settle(hold: Hold, spentNanos: number): void {
    if (!hold.isOpen) throw new Error('a hold is resolved only once');
    hold.isOpen = false;
    for (const ownerId of hold.ownerIds) {
      const account = this.accounts.get(ownerId);
      if (account === undefined) throw new Error('money is held on an account that is not there');
      account.heldNanos -= hold.amountNanos;
      if (account.heldNanos < 0) throw new Error('more money was given back than was held');
      const { spent, starts } = account;
      spent.total += spentNanos;
      if (starts.day === hold.starts.day) spent.day += spentNanos;
      if (starts.month === hold.starts.month) spent.month += spentNanos;
    }
  }

  private covers(claim: BudgetClaim, amountNanos: number, nowMs: number): boolean {
    if (claim.limitNanos === null || amountNanos === 0) return true;
    const { spentNanos, heldNanos } = this.read(claim.ownerId, claim.window, nowMs);
    return spentNanos + heldNanos + amountNanos <= claim.limitNanos;
  }

  /** A new window starts with nothing spent; what is held stays held until it is resolved. */
  private accountAt(ownerId: string, nowMs: number): Account {
    const starts = this.startsAt(nowMs);
    let account = this.accounts.get(ownerId);
    if (account === undefined) {
      account = { heldNanos: 0, starts, spent: { total: 0, day: 0, month: 0 } };
      this.accounts.set(ownerId, account);
    }
    if (account.starts === starts) return account;
    for (const window of budgetWindows)
      if (account.starts[window] !== starts[window]) account.spent[window] = 0;
    account.starts = starts;
    return account;
  }

  /** Time never goes back here, whatever the clock does: a window that was closed would open again with nothing spent. */
  private startsAt(nowMs: number): WindowStarts {
    this.latestMs = Math.max(this.latestMs, nowMs);
    if (this.latestMs >= this.starts.day + dayMs) this.starts = windowStarts(this.latestMs);
    return this.starts;
  }
}
