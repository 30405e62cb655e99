import { describe, expect, it } from 'vitest';
import { formatDuration } from './formatDuration.js';

describe('formatDuration', () => {
  it.each([
    [null, '–'],
    [0, '0 ms'],
    [0.42, '0.4 ms'],
    [412, '412 ms'],
    [999.6, '1.00 s'],
    [1340, '1.34 s'],
    [12_340, '12.3 s'],
    [59_960, '1 min'],
    [125_000, '2 min 5 s'],
    [11_520_000, '3 h 12 min'],
    [352_800_000, '4 d 2 h'],
  ])('writes %s milliseconds as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
