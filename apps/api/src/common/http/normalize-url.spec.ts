import fc from 'fast-check';
import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import { normalizeUrl } from './normalize-url.js';

const normalized = (url: string, headers: IncomingHttpHeaders = {}): string =>
  normalizeUrl({ url, headers });

describe('the address of a request', () => {
  it.each([
    ['/v1/messages?beta=true', '/v1/messages?beta=true'],
    ['/v1/%6Dess%61ges', '/v1/messages'],
    ['/%76%31/messages?a=%61', '/v1/messages?a=%61'],
    ['/v1beta/models/team%2Fqwen%3A8b:countTokens', '/v1beta/models/team%2Fqwen%3A8b:countTokens'],
    ['/%2576%31', '/%25761'],
    ['/v1/%zz%6D', '/v1/%zz%6D'],
    ['/%%36D', '/%%36D'],
    ['http://127.0.0.1:4000/v1/%6Dodels?x=1', '/v1/models?x=1'],
    ['HTTPS://gateway.example', '/'],
    ['http://gateway.example?x', '/?x'],
    ['*', '*'],
    ['', ''],
  ])('%s is read as %s', (url, expected) => {
    expect(normalized(url)).toBe(expected);
  });

  it('names the host that counts where it comes as for a proxy', () => {
    const headers = { host: '127.0.0.1' };
    normalized('http://user:secret@evil.example:80/v1/models', headers);
    expect(headers.host).toBe('evil.example:80');
  });

  it('means what it meant, and is normal then', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '%',
        '%6D',
        '%36',
        '6D',
        '%2f',
        '%25',
        '%3F',
        '?',
        '/',
        '//',
        'v1',
        '..',
        '%2e',
        '😀',
      ),
      fc.webPath(),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const url = `/${pieces.join('')}`;
        const once = normalized(url);
        expect(unescape(once)).toBe(unescape(url));
        expect(normalized(once)).toBe(once);
      }),
      { numRuns: 1_000 },
    );
  });
});
