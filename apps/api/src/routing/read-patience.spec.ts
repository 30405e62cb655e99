import { describe, expect, it } from 'vitest';
import { readPatienceMs } from './read-patience.js';

describe('readPatienceMs', () => {
  it.each([
    ['nobody says', {}, null, 300_000],
    ['milliseconds', { 'x-spillway-max-wait': '1500' }, null, 1_500],
    ['milliseconds with their unit', { 'x-spillway-max-wait': '1500ms' }, null, 1_500],
    ['seconds', { 'x-spillway-max-wait': '20s' }, null, 20_000],
    ['parts of a second', { 'x-spillway-max-wait': '0.5 s' }, null, 500],
    ['minutes', { 'x-spillway-max-wait': '2m' }, null, 120_000],
    ['not at all', { 'x-spillway-max-wait': '0' }, null, 0],
    [
      "an SDK's timeout, without the time for the answer",
      { 'x-stainless-timeout': '60' },
      null,
      45_000,
    ],
    ["Google's", { 'x-server-timeout': '20' }, null, 15_000],
    ['a timeout that is none', { 'x-stainless-timeout': 'never' }, null, 300_000],
    ['the route', {}, 5_000, 5_000],
    [
      'the shortest of all',
      { 'x-spillway-max-wait': '20s', 'x-stainless-timeout': '600' },
      30_000,
      20_000,
    ],
  ])('%s', (_text, headers, route, expected) => {
    expect(readPatienceMs(headers, route)).toBe(expected);
  });

  it.each(['soon', '-1', '1h', '1e9', '', '5 s s', '99999999999'])(
    'refuses %j and says what it may be',
    (value) => {
      expect(() => readPatienceMs({ 'x-spillway-max-wait': value }, null)).toThrow(/`20s`/);
    },
  );
});
