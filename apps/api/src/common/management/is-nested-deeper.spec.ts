import { describe, expect, it } from 'vitest';
import { isNestedDeeper } from './is-nested-deeper.js';

const nested = (depth: number, isList: boolean): unknown =>
  JSON.parse(
    isList
      ? '['.repeat(depth) + ']'.repeat(depth)
      : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
  );

describe('isNestedDeeper', () => {
  it.each([true, false])('counts every level of lists and objects (lists: %s)', (isList) => {
    expect(isNestedDeeper(nested(64, isList), 64)).toBe(false);
    expect(isNestedDeeper(nested(65, isList), 64)).toBe(true);
  });

  it('needs no stack for a hundred thousand levels', () => {
    expect(isNestedDeeper(nested(100_000, true), 64)).toBe(true);
  });

  it.each([null, 1, 'text', [], {}, [1, null], { a: 'b' }])('takes %j', (value) => {
    expect(isNestedDeeper(value, 1)).toBe(false);
  });
});
