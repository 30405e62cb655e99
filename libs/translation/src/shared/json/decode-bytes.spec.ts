import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeNumber, decodeUtf8 } from './decode-bytes.js';

describe('decodeUtf8', () => {
  it('gives the text of any span, however long', () => {
    const long = fc
      .tuple(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 5 }),
        fc.integer({ max: 9_000, min: 1_000 }),
      )
      .map(([text, times]) => text.repeat(times));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), long), fc.nat(3), (text, gap) => {
        const encoded = new TextEncoder().encode(text);
        const bytes = new Uint8Array(gap + encoded.length + gap);
        bytes.set(encoded, gap);
        expect(decodeUtf8(bytes, gap, gap + encoded.length)).toBe(text);
      }),
    );
  });

  it('marks bytes that are no text', () => {
    expect(decodeUtf8(Uint8Array.of(0x61, 0xff, 0x62), 0, 3)).toBe('a\ufffdb');
  });
});

describe('decodeNumber', () => {
  it('reads a number as JSON.parse does', () => {
    const number = fc.oneof(
      fc.maxSafeInteger(),
      fc.nat(),
      fc.bigInt({ min: 0n, max: 10n ** 20n }),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => (each === 0 ? 0 : each)),
    );
    fc.assert(
      fc.property(number, (each) => {
        const text = String(each);
        const bytes = new TextEncoder().encode(`[${text}]`);
        expect(decodeNumber(bytes, 1, bytes.length - 1)).toBe(JSON.parse(text));
      }),
    );
  });
});
