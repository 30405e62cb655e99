import { describe, expect, it } from 'vitest';
import { budgetRefusal } from './budget-refusal.js';
import type { Budget } from './budgets-of.js';

const hourMs = 3_600_000;
const noon = Date.UTC(2026, 4, 31, 12);
const budget = (fields: Partial<Budget> = {}): Budget => ({
  kind: 'route fallback',
  ownerId: 'r',
  ownerName: 'coder',
  window: 'day',
  limitNanos: 1_000_000_000,
  ...fields,
});
const refuse = (of: Budget, spentNanos: number, heldNanos: number, amountNanos: number | null) =>
  budgetRefusal(of, { targetLabel: 'provider:p/m', amountNanos }, { spentNanos, heldNanos }, noon);

describe('the refusal by a budget', () => {
  it('names the budget, when it renews and how to mend it', () => {
    const error = refuse(budget(), 950_000_000, 0, 100_000_000);
    expect(error).toMatchObject({
      code: 'fallback_budget_exhausted',
      status: 402,
      retryAfterMs: 12 * hourMs,
    });
    expect(error.message).toBe(
      'The fallback budget of the route `coder` does not cover this request: it may cost $0.1. It renews at 2026-06-01T00:00:00.000Z; an administrator can raise it on the page of the route.',
    );
  });

  it('tells a key what it has spent itself, and of a route that others share nothing', () => {
    const sums = 'and $0.95 are spent and $0 held of $1.';
    const told = (kind: Budget['kind']) => refuse(budget({ kind }), 950_000_000, 0, 100_000_000);
    expect(told('key').message).toContain(sums);
    expect(told('key fallback').message).toContain(sums);
    expect(told('route fallback').message).not.toContain('0.95');
  });

  it('tells the three budgets apart', () => {
    const told = (kind: Budget['kind']) => {
      const { code, message } = refuse(budget({ kind }), 1_000_000_000, 0, 1);
      return [code, message.split(' does not')[0]];
    };
    expect(told('route fallback')[1]).toBe('The fallback budget of the route `coder`');
    expect(told('key fallback')).toEqual([
      'fallback_budget_exhausted',
      'The fallback budget of the key "coder"',
    ]);
    expect(told('key')).toEqual(['budget_exceeded', 'The budget of the key "coder"']);
  });

  it('names no time where waiting does not help', () => {
    const total = refuse(budget({ window: 'total' }), 1_000_000_000, 0, 1);
    expect([total.retryAfterMs, total.message]).toEqual([
      null,
      expect.stringContaining('does not renew by itself'),
    ]);
    const tooDear = refuse(budget(), 0, 0, 1_000_000_001);
    expect([tooDear.retryAfterMs, tooDear.message]).toEqual([
      null,
      expect.stringContaining('ask for fewer tokens'),
    ]);
    const unpriced = refuse(budget(), 0, 0, null);
    expect([unpriced.retryAfterMs, unpriced.message]).toEqual([
      null,
      expect.stringContaining('The price of provider:p/m is not known'),
    ]);
  });

  it('does not send a caller away for the day because of requests that are about to end', () => {
    expect(refuse(budget(), 0, 950_000_000, 100_000_000).retryAfterMs).toBe(1_000);
    expect(refuse(budget(), 0, 950_000_000, 100_000_000).message).toContain('comes back');
  });
});
