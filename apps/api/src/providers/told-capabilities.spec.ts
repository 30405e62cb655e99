import { expect, it } from 'vitest';
import { ToldCapabilities } from './told-capabilities.js';

it('keeps what a provider said last, and tells when that is new', () => {
  const told = new ToldCapabilities();
  expect(told.of('p', 'm')).toEqual({});
  const listed = [
    { id: 'm', told: { contextTokens: 8_192 } },
    { id: 'n', told: {} },
  ];
  expect(told.note('p', listed)).toBe(true);
  expect(told.note('p', listed)).toBe(false);
  expect(told.of('p', 'm')).toEqual({ contextTokens: 8_192 });
  expect(told.of('p', 'n')).toEqual({});
  expect(told.of('q', 'm')).toEqual({});
  expect(told.note('p', [])).toBe(true);
  expect(told.of('p', 'm')).toEqual({});
});
