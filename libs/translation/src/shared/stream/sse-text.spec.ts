import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSseReader } from './sse-text.js';

const read = (...pieces: string[]): unknown[] => {
  const reader = createSseReader();
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
};

describe('createSseReader', () => {
  it('joins data lines, takes the event name, and skips comments, ids and a BOM', () => {
    expect(read('\ufeff: hello\nid: 7\nevent: x\ndata: a\ndata:b\ndata\n\n')).toEqual([
      { name: 'x', data: 'a\nb\n' },
    ]);
  });

  it('forgets the name of an event that had no data', () => {
    expect(read('event: x\n\ndata: a\n\n')).toEqual([{ name: null, data: 'a' }]);
  });

  it('gives out a last event that lacks its blank line', () => {
    expect(read('data: a')).toEqual([{ name: null, data: 'a' }]);
  });

  it('reads LF, CR and CRLF alike, however the text is cut', () => {
    const stream = fc
      .tuple(
        fc.array(
          fc.constantFrom('data: a', 'data: {"x":1}', 'event: y', ': c', '', 'data: b c', 'data'),
          { maxLength: 12 },
        ),
        fc.constantFrom('\n', '\r', '\r\n'),
      )
      .map(([lines, end]) => ({ plain: lines.join('\n'), text: lines.join(end) }));
    fc.assert(
      fc.property(stream, fc.array(fc.nat()), ({ plain, text }, places) => {
        const marks = places.map((place) => place % (text.length + 1)).sort((a, b) => a - b);
        const pieces = [0, ...marks].map((start, index) =>
          text.slice(start, marks[index] ?? text.length),
        );
        expect(read(...pieces)).toEqual(read(plain));
      }),
    );
  });

  it('reads an event of a megabyte in small pieces in linear time', () => {
    const piece = 'x'.repeat(64);
    const reader = createSseReader();
    reader.push('data: ');
    for (let count = 0; count < 16_384; count += 1) reader.push(piece);
    expect(reader.push('\n\n')[0]?.data).toHaveLength(1_048_576);
  });
});
