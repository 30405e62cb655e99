import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StopFilter } from './stop-filter.js';

function filter(pieces: readonly string[], stops: readonly string[]) {
  const stopFilter = new StopFilter(stops);
  const text = pieces.map((piece) => stopFilter.push(piece)).join('') + stopFilter.end();
  return { text, isStopped: stopFilter.isStopped };
}

describe('StopFilter', () => {
  it('passes everything on where there is nothing to stop at', () => {
    expect(filter(['one ', 'two'], [])).toEqual({ text: 'one two', isStopped: false });
  });

  it('cuts before the first stop string and lets nothing after it through', () => {
    const cut = { text: 'one ', isStopped: true };
    expect(filter(['one STOP two', ' three'], ['END', 'STOP'])).toEqual(cut);
    expect(filter(['one ST', 'OP two'], ['END', 'STOP'])).toEqual(cut);
  });

  it('gives back what only looked like the beginning of a stop string', () => {
    expect(filter(['a\n', '\nb', '\n'], ['\n\n\n']).text).toBe('a\n\nb\n');
  });

  it('holds back only what may become a stop string', () => {
    const stopFilter = new StopFilter(['</s>']);
    expect(stopFilter.push('text </')).toBe('text ');
    expect(stopFilter.push('b>')).toBe('</b>');
  });

  it('stops at the string that is complete first', () => {
    expect(filter(['xabcd'], ['abcd', 'bc'])).toEqual({ text: 'xa', isStopped: true });
  });

  it('cuts the same wherever the text is cut', () => {
    const letters = (max: number) =>
      fc
        .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: max })
        .map((all) => all.join(''));
    const stops = fc.array(letters(4), { maxLength: 3 });
    fc.assert(
      fc.property(letters(20), stops, fc.nat(20), (text, list, at) => {
        const whole = filter([text], list);
        expect(filter([...text], list)).toEqual(whole);
        expect(filter([text.slice(0, at), text.slice(at)], list)).toEqual(whole);
        expect(text.startsWith(whole.text)).toBe(true);
        expect(whole.isStopped).toBe(list.some((stop) => text.includes(stop)));
      }),
      { numRuns: 1000 },
    );
  });
});
