import { describe, expect, it } from 'vitest';
import { appendEntries } from './appendEntries.js';
import type { LogLine } from './Instance.js';

const lines = (from: number, to: number): LogLine[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({
    seq: from + index,
    at: 0,
    stream: 'stdout' as const,
    text: `line ${from + index}`,
  }));

describe('appendEntries', () => {
  it('keeps the newest thousand', () => {
    const shown = appendEntries(lines(1, 900), lines(901, 1200));
    expect(shown).toHaveLength(1000);
    expect(shown.at(0)?.seq).toBe(201);
    expect(shown.at(-1)?.seq).toBe(1200);
  });

  it('shows a line once although the stream began anew before it', () => {
    expect(appendEntries(lines(1, 5), lines(3, 7)).map(({ seq }) => seq)).toEqual([
      1, 2, 3, 4, 5, 6, 7,
    ]);
  });

  it('returns the same list when nothing is new', () => {
    const shown = lines(1, 5);
    expect(appendEntries(shown, lines(2, 4))).toBe(shown);
  });
});
