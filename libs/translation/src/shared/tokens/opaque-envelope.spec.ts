import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OpaqueToken } from '../../canonical/content.js';
import { opaqueEnvelopeMark, readToken, writeToken } from './opaque-envelope.js';

const own = { origin: 'openai-chat', kind: 'encrypted' } as const;
const token: OpaqueToken = {
  origin: 'anthropic-messages',
  kind: 'signature',
  data: 'EqQB+/=',
  family: 'claude',
  itemId: 'rs_1',
};

describe('an envelope for a foreign token', () => {
  it('gives back all of it, whatever the token holds, and to whom it belongs', () => {
    const owner = fc.constantFrom('reasoning', 'text', 'tool-call');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), owner, (data, part) => {
        const slot = writeToken({ ...token, data }, 'openai-chat', part);
        expect(readToken(slot, own)).toEqual({ token: { ...token, data }, owner: part });
      }),
    );
  });

  it('is Base64 as a whole, so that SDKs may decode and encode it in either alphabet', () => {
    for (const data of ['', 'a', 'ab', 'abc', '~~~???>>>ü\ud800']) {
      const slot = writeToken({ ...token, data }, 'openai-chat');
      expect(slot).toMatch(/^[\w-]+$/);
      expect(slot.startsWith(opaqueEnvelopeMark)).toBe(true);
      const again = Buffer.from(slot, 'base64url').toString('base64');
      expect(readToken(again, own).token).toEqual({ ...token, data });
    }
  });

  it('is empty where there is no token, and says so', () => {
    const slot = writeToken(null, 'anthropic-messages');
    expect(slot.startsWith(opaqueEnvelopeMark)).toBe(true);
    expect(readToken(slot, own)).toEqual({ token: null, owner: 'reasoning' });
  });

  it.each([opaqueEnvelopeMark, `${opaqueEnvelopeMark}????`, `${opaqueEnvelopeMark}W10g`, ''])(
    'that is damaged holds no token: %j',
    (slot) => expect(readToken(slot, own).token).toBeNull(),
  );

  it('is not used for a token of the slot’s own protocol', () => {
    expect(writeToken(token, 'anthropic-messages')).toBe('EqQB+/=');
    expect(readToken('EqQB+/=', own)).toEqual({
      token: { ...own, data: 'EqQB+/=' },
      owner: 'reasoning',
    });
  });

  it('of a megabyte costs time in proportion', () => {
    const data = 'x'.repeat(1_000_000);
    const slot = writeToken({ ...token, data }, 'openai-chat');
    expect(readToken(slot, own).token?.data).toBe(data);
  });
});
