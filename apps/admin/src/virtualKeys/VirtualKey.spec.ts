import { describe, expect, it } from 'vitest';
import { describeLimits } from './describeLimits.js';
import { toVirtualKeyBody } from './toVirtualKeyBody.js';
import { keyStatus } from './VirtualKey.js';

describe('keyStatus', () => {
  const key = { isEnabled: true, expiresAt: null, revokedAt: null };

  it('names the most final reason first', () => {
    expect(keyStatus(key, 100)).toBe('active');
    expect(keyStatus({ ...key, isEnabled: false }, 100)).toBe('disabled');
    expect(keyStatus({ ...key, expiresAt: 100 }, 100)).toBe('expired');
    expect(keyStatus({ ...key, expiresAt: 50, revokedAt: 60 }, 100)).toBe('revoked');
  });

  it('is active until the very moment it expires', () => {
    expect(keyStatus({ ...key, expiresAt: 101 }, 100)).toBe('active');
  });
});

describe('toVirtualKeyBody', () => {
  it('sends null for no chosen route: an empty list would allow none', () => {
    expect(toVirtualKeyBody({ name: 'k', allowedRoutes: [] })).toEqual({
      name: 'k',
      allowedRoutes: null,
    });
    expect(toVirtualKeyBody({ allowedRoutes: ['coder'] })).toEqual({ allowedRoutes: ['coder'] });
  });
});

describe('describeLimits', () => {
  it('lists only what limits', () => {
    const none = {
      isPrivate: false,
      allowedRoutes: null,
      requestsPerMinute: null,
      maxConcurrent: null,
    };
    expect(describeLimits(none)).toEqual([]);
    expect(
      describeLimits({
        ...none,
        isPrivate: true,
        allowedRoutes: ['coder'],
        requestsPerMinute: 60,
        maxConcurrent: 4,
      }),
    ).toEqual(['private', 'only coder', '60 a minute', '4 at once']);
  });
});
