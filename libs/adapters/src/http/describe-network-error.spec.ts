import { describe, expect, it } from 'vitest';
import { describeNetworkError } from './describe-network-error.js';

const secret = 'sk-canary-12345678';
const fault = (code: string, syscall?: string): Error =>
  Object.assign(new Error(`${syscall ?? 'x'} ${code} 10.1.2.3:443 authorization: ${secret}`), {
    code,
    ...(syscall === undefined ? {} : { syscall }),
  });

describe('describeNetworkError', () => {
  it.each([
    ['ECONNREFUSED', 'connect', 'upstream_unreachable', false],
    ['ENOTFOUND', 'getaddrinfo', 'upstream_unreachable', false],
    ['EAI_AGAIN', 'getaddrinfo', 'upstream_unreachable', false],
    ['EHOSTUNREACH', 'connect', 'upstream_unreachable', false],
    ['ENETUNREACH', 'connect', 'upstream_unreachable', false],
    ['ETIMEDOUT', 'connect', 'upstream_unreachable', false],
    ['UND_ERR_CONNECT_TIMEOUT', undefined, 'upstream_unreachable', false],
    ['EGRESS_BLOCKED', undefined, 'egress_blocked', false],
    ['CERT_HAS_EXPIRED', undefined, 'upstream_unreachable', false],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', undefined, 'upstream_unreachable', false],
    ['SELF_SIGNED_CERT_IN_CHAIN', undefined, 'upstream_unreachable', false],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', undefined, 'upstream_unreachable', false],
    ['ERR_TLS_CERT_ALTNAME_INVALID', undefined, 'upstream_unreachable', false],
    ['UND_ERR_HEADERS_TIMEOUT', undefined, 'upstream_timeout', true],
    ['UND_ERR_HEADERS_OVERFLOW', undefined, 'upstream_invalid_response', true],
    ['UND_ERR_INVALID_ARG', undefined, 'upstream_unreachable', false],
    ['HPE_INVALID_CONSTANT', undefined, 'upstream_invalid_response', true],
    ['ETIMEDOUT', 'read', 'upstream_unreachable', true],
    ['EHOSTUNREACH', 'read', 'upstream_unreachable', true],
    ['ENETUNREACH', 'write', 'upstream_unreachable', true],
    ['ECONNRESET', 'read', 'upstream_unreachable', true],
    ['EPIPE', 'write', 'upstream_unreachable', true],
    ['UND_ERR_SOCKET', undefined, 'upstream_unreachable', true],
  ])('calls %s (%s) before the head %s, sent: %s', (code, syscall, expected, wasSent) => {
    const error = describeNetworkError(fault(code, syscall), false);
    expect([error.code, error.details['wasSent']]).toEqual([expected, wasSent]);
  });

  it.each(['UND_ERR_BODY_TIMEOUT', 'ECONNRESET', 'UND_ERR_SOCKET', 'ETIMEDOUT', 'HPE_INVALID_EOF'])(
    'calls %s after the head an interruption of what had been sent',
    (code) => {
      const error = describeNetworkError(fault(code, 'read'), true);
      expect(error.code).toBe('upstream_stream_interrupted');
      expect(error.details['wasSent']).not.toBe(false);
      expect(error.details).not.toHaveProperty('isStaleSocket');
    },
  );

  it('looks through the wrappings of fetch and of happy eyeballs', () => {
    const refused = fault('ECONNREFUSED', 'connect');
    const wrapped = new TypeError('fetch failed', {
      cause: new AggregateError([refused, fault('ENETUNREACH', 'connect')], 'all failed'),
    });
    expect(describeNetworkError(wrapped, false).message).toContain('refused');
  });

  it('takes only a connection that broke without an answer for a stale one', () => {
    const isStale = (code: string, syscall?: string): unknown =>
      describeNetworkError(fault(code, syscall), false).details['isStaleSocket'];
    expect(isStale('ECONNRESET', 'read')).toBe(true);
    expect(isStale('UND_ERR_SOCKET')).toBe(true);
    for (const code of ['ECONNREFUSED', 'UND_ERR_HEADERS_TIMEOUT', 'HPE_INVALID_CONSTANT'])
      expect(isStale(code)).toBeUndefined();
  });

  it('never shows an address or a header, whatever the error says', () => {
    const codes = ['ECONNREFUSED', 'CERT_HAS_EXPIRED', 'HPE_X', 'EGRESS_BLOCKED', 'WHAT_ELSE'];
    for (const code of codes) {
      for (const sawHead of [true, false]) {
        const { message, details } = describeNetworkError(fault(code), sawHead);
        expect(message + JSON.stringify(details)).not.toMatch(/10\.1\.2\.3|canary/);
      }
    }
  });

  it.each([
    [null],
    [undefined],
    ['text'],
    [{}],
    [new Error('no code')],
    [Object.assign(new Error(), { code: 5 })],
    [new AggregateError([])],
  ])('has an answer for %s', (error) => {
    expect(describeNetworkError(error, false).code).toBe('upstream_unreachable');
    expect(describeNetworkError(error, true).code).toBe('upstream_stream_interrupted');
  });

  it('does not follow a chain of causes for ever', () => {
    const loop = new Error('loop');
    loop.cause = loop;
    expect(describeNetworkError(loop, false).code).toBe('upstream_unreachable');
  });
});
