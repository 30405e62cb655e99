import { describe, expect, it } from 'vitest';
import type { AttemptRecord } from '../audit/attempt-record.js';
import { assertBelowCeiling } from './cost-ceiling.js';

const attempt = (fields: object) => fields as unknown as AttemptRecord;
const done = (nanos: number | null, reservedNanos: number) =>
  attempt({ state: 'settled', cost: { nanos }, reservedNanos });
const running = (reservedNanos: number) =>
  attempt({ state: 'dispatched', cost: { nanos: null }, reservedNanos });
const local = attempt({ state: 'dispatched', cost: { nanos: null }, reservedNanos: 0 });
const passes = (ceiling: number, attempts: readonly AttemptRecord[], next: number | null) => {
  try {
    assertBelowCeiling(ceiling, attempts, next, 'provider:p/m');
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'max_cost_exceeded' });
    return false;
  }
};

describe('the ceiling of a request', () => {
  it('is reached by what may come, to the nano-dollar', () => {
    expect(passes(100, [local], 100)).toBe(true);
    expect(passes(100, [local], 101)).toBe(false);
  });

  it('counts what earlier attempts have cost, and all that was set aside where nobody knows', () => {
    expect(passes(100, [done(40, 90)], 60)).toBe(true);
    expect(passes(100, [done(40, 90)], 61)).toBe(false);
    expect(passes(100, [done(null, 90)], 11)).toBe(false);
    expect(passes(100, [done(0, 90)], 100)).toBe(true);
  });

  it('counts what runs beside it', () => {
    expect(passes(100, [local, running(50)], 50)).toBe(true);
    expect(passes(100, [local, running(50)], 51)).toBe(false);
  });

  it('does not take an unknown price for nothing', () => {
    expect(passes(Number.MAX_SAFE_INTEGER, [], null)).toBe(false);
  });

  it('lets pass what costs nothing, even where all is spent', () => {
    expect(passes(0, [], 0)).toBe(true);
    expect(passes(100, [done(150, 100)], 0)).toBe(true);
    expect(passes(0, [], 1)).toBe(false);
  });
});
