import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonObjectScanner } from './json-object-scanner.js';

describe('JsonObjectScanner', () => {
  it('finds the end of any object, however it is cut', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.stringify(value));
    fc.assert(
      fc.property(object, fc.string(), fc.nat(200), (text, rest, cut) => {
        const scanner = new JsonObjectScanner();
        const all = text + rest;
        const at = Math.min(cut, all.length);
        expect(scanner.push(all.slice(0, at)) + scanner.push(all.slice(at))).toBe(text.length);
        expect(scanner.isDone).toBe(true);
      }),
    );
  });

  it('waits for an object that is not finished', () => {
    const scanner = new JsonObjectScanner();
    expect(scanner.push('{"a": "}')).toBe(8);
    expect(scanner.isDone).toBe(false);
  });
});
