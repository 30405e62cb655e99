import type { BudgetWindow } from './budget-window.js';
import { windowStartMs } from './budget-window.js';

/** Money set aside for one attempt. Resolved exactly once, by `settle` or `release`. */
export interface Hold {
  readonly keyId: string;
  readonly amountNanos: number;
  /** The window that pays, even when it ends before the attempt does. */
  readonly windowStartMs: number;
  isOpen: boolean;
}

interface Account {
  windowStartMs: number;
  spentNanos: number;
  heldNanos: number;
}

/**
 * Spent and held money per virtual key, in memory and exact, because one process owns the data directory.
 * Invariants: held is the sum of the open holds; at each admission spent + held <= limit; a hold is resolved
 * once. At start it is filled from the attempts that are on disk.
 */
export class BudgetLedger {
  private readonly accounts = new Map<string, Account>();

  /** What a key has spent in the window that is open now, read back from disk at start. */
  restore(keyId: string, window: BudgetWindow, spentNanos: number, nowMs: number): void {
    const account = this.accountAt(keyId, window, nowMs);
    account.spentNanos = spentNanos;
  }

  read(
    keyId: string,
    window: BudgetWindow,
    nowMs: number,
  ): { spentNanos: number; heldNanos: number } {
    const { spentNanos, heldNanos } = this.accountAt(keyId, window, nowMs);
    return { spentNanos, heldNanos };
  }

  /** Sets money aside, or answers null when the limit does not allow it. */
  reserve(request: {
    readonly keyId: string;
    readonly window: BudgetWindow;
    readonly limitNanos: number | null;
    readonly amountNanos: number;
    readonly nowMs: number;
  }): Hold | null {
    const account = this.accountAt(request.keyId, request.window, request.nowMs);
    const total = account.spentNanos + account.heldNanos + request.amountNanos;
    if (request.limitNanos !== null && total > request.limitNanos) return null;
    account.heldNanos += request.amountNanos;
    return {
      keyId: request.keyId,
      amountNanos: request.amountNanos,
      windowStartMs: account.windowStartMs,
      isOpen: true,
    };
  }

  /** Replaces the hold by what was really spent. @throws Error on a second resolution. */
  settle(hold: Hold, spentNanos: number): void {
    const account = this.close(hold);
    if (account.windowStartMs === hold.windowStartMs) account.spentNanos += spentNanos;
  }

  /** Gives the hold back. @throws Error on a second resolution. */
  release(hold: Hold): void {
    this.close(hold);
  }

  forget(keyId: string): void {
    this.accounts.delete(keyId);
  }

  private close(hold: Hold): Account {
    if (!hold.isOpen) throw new Error('a hold is resolved only once');
    hold.isOpen = false;
    const account = this.accounts.get(hold.keyId);
    if (account === undefined) return { windowStartMs: -1, spentNanos: 0, heldNanos: 0 };
    account.heldNanos -= hold.amountNanos;
    if (account.heldNanos < 0) throw new Error('more money was given back than was held');
    return account;
  }

  /** A new window starts with nothing spent; what is held stays held until it is resolved. */
  private accountAt(keyId: string, window: BudgetWindow, nowMs: number): Account {
    const start = windowStartMs(window, nowMs);
    let account = this.accounts.get(keyId);
    if (account === undefined) {
      account = { windowStartMs: start, spentNanos: 0, heldNanos: 0 };
      this.accounts.set(keyId, account);
    } else if (account.windowStartMs < start) {
      account.windowStartMs = start;
      account.spentNanos = 0;
    }
    return account;
  }
}
