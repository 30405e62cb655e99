import { describe, expect, it } from 'vitest';
import { isHeartbeat } from './is-heartbeat.js';

describe('a heartbeat', () => {
  it.each([':\n\n', ': ping\n\n', ': keepalive 3/9\r\n\r\n', ': a\n\n: b\n\n'])('is %j', (text) => {
    expect(isHeartbeat(Buffer.from(text))).toBe(true);
  });

  it.each([
    '',
    'data: {}\n\n',
    ': ping\n\ndata: {}\n\n',
    ': ping\ndata: 1\n\n',
    `: ${'x'.repeat(80)}`,
    '\n',
  ])('is not %j', (text) => {
    expect(isHeartbeat(Buffer.from(text))).toBe(false);
  });
});
