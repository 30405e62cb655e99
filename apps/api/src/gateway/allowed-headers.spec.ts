import { describe, expect, it } from 'vitest';
import { allowedHeaders } from './allowed-headers.js';

const headers = {
  authorization: 'Bearer secret',
  'x-limit-tokens': '5',
  'set-cookie': ['a=b'],
  version: '1',
  'x-limit-requests': '6',
  'x-other': '7',
};

describe('allowedHeaders', () => {
  it('takes what is named, in that order, and nothing else', () => {
    expect(allowedHeaders(headers, ['x-limit-*', 'version', 'absent'])).toEqual([
      'x-limit-tokens',
      '5',
      'x-limit-requests',
      '6',
      'version',
      '1',
    ]);
    expect(allowedHeaders(headers, ['set-cookie', 'x-limit'])).toEqual([]);
    expect(allowedHeaders(headers, [])).toEqual([]);
  });
});
