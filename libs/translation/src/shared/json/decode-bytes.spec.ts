import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from './decode-bytes.js';

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
