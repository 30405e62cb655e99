import { GatewayError } from '#translation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMaxCostNanos } from './read-max-cost.js';

const read = (value: string) => readMaxCostNanos({ 'x-spillway-max-cost-usd': value });

describe('readMaxCostNanos', () => {
  it('is null for a caller that says nothing', () => {
    expect(readMaxCostNanos({})).toBeNull();
  });

  it.each([
    ['0', 0],
    ['2', 2_000_000_000],
    ['0.05', 50_000_000],
    ['0.000000001', 1],
    ['00.10', 100_000_000],
    ['999999.999999999', 999_999_999_999_999],
  ])('reads %s', (value, nanos) => {
    expect(read(value)).toBe(nanos);
  });

  it('is exact to the nano-dollar', () => {
    fc.assert(
      fc.property(fc.nat(999_999), fc.nat(999_999_999), (dollars, nanos) => {
        const text = `${dollars}.${String(nanos).padStart(9, '0')}`;
        expect(read(text)).toBe(dollars * 1_000_000_000 + nanos);
      }),
    );
  });

  it.each([
    '',
    ' ',
    '-1',
    '+1',
    '.5',
    '5.',
    '1e3',
    '0x10',
    'NaN',
    '$1',
    '1 USD',
    '1,5',
    '1, 2',
    '0.0000000001',
    '1000000',
    '٣',
  ])('refuses %j and says how to write it', (value) => {
    expect(() => read(value)).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        path: 'x-spillway-max-cost-usd',
        message: expect.stringContaining('`0.05`') as string,
      }) as GatewayError,
    );
  });
});
