import { expect, it } from 'vitest';
import { describeStartFailure } from './describe-start-failure.js';

// those that a test cannot have for sure on every machine; the others are made to happen in test/e2e/startup.e2e-spec.ts
it.each([
  [{ code: 'ENOTFOUND', syscall: 'getaddrinfo' }, 'SPILLWAY_HOST is not an address'],
  [{ code: 'EAI_AGAIN', syscall: 'getaddrinfo' }, 'SPILLWAY_HOST is not an address'],
  [{ code: 'EACCES', syscall: 'listen', port: 80 }, 'Port 80 may not be used'],
  [{ code: 'EROFS', syscall: 'mkdir', path: '/ro' }, 'not writable (/ro)'],
  [{ code: 'ENOSPC', syscall: 'write' }, 'The disk is full'],
])('the failure %j is told in words', (fields, words) => {
  expect(describeStartFailure(Object.assign(new Error('as Node says it'), fields))).toContain(
    words,
  );
});
