import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, encodeBase64 } from './base64.js';

describe('Base64', () => {
  it('is that of everyone else, in both alphabets', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const buffer = Buffer.from(bytes);
        const binary = buffer.toString('latin1');
        expect(encodeBase64(binary)).toBe(buffer.toString('base64'));
        expect(encodeBase64(binary, true).replace(/=+$/, '')).toBe(buffer.toString('base64url'));
        for (const text of [buffer.toString('base64'), buffer.toString('base64url')])
          expect(decodeBase64(text)).toBe(binary);
      }),
    );
  });

  it.each(['a', 'a?==', 'abc\u1234', '=', 'abcd e'])('is not %j', (text) => {
    expect(decodeBase64(text) ?? '').toBe('');
  });
});
