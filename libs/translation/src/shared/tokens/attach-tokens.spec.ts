import { describe, expect, it } from 'vitest';
import type { OpaqueToken, ToolCallPart } from '../../canonical/content.js';
import { attachTokens, type TokenCarrier } from './attach-tokens.js';

const tokenOf = (data: string): OpaqueToken => ({
  origin: 'gemini-generate',
  kind: 'signature',
  data,
});
const carrier = (data: string, owner: TokenCarrier['owner'] = 'tool-call'): TokenCarrier => ({
  type: 'carrier',
  owner,
  token: tokenOf(data),
  path: data,
});
const call = (id: string): ToolCallPart => ({
  type: 'tool-call',
  id,
  name: 'f',
  argumentsText: '{}',
  cacheMark: null,
  path: id,
});
const signed = (id: string, data: string) => ({ ...call(id), opaque: tokenOf(data) });

describe('attachTokens', () => {
  it('gives a token to the part before it', () => {
    expect(attachTokens([call('a'), carrier('A'), call('b')])).toEqual([
      signed('a', 'A'),
      call('b'),
    ]);
  });

  it('finds the parts again when a client has moved all tokens to the front', () => {
    expect(attachTokens([carrier('A'), carrier('B'), call('a'), call('b'), call('c')])).toEqual([
      signed('a', 'A'),
      signed('b', 'B'),
      call('c'),
    ]);
  });

  it('keeps a token whose part is gone as reasoning without a text', () => {
    expect(attachTokens([carrier('T', 'text'), call('a')])).toEqual([
      { type: 'reasoning', text: '', opaque: tokenOf('T'), path: 'T' },
      call('a'),
    ]);
  });
});
