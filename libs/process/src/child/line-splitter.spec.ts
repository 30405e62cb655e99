import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter, MAX_LINE_LENGTH } from './line-splitter.js';

function split(...chunks: (string | Buffer)[]): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.write(Buffer.from(chunk));
  splitter.end();
  return lines;
}

describe('LineSplitter', () => {
  it('gives the same lines wherever the bytes are cut', () => {
    const text = 'plain\ncafé 🦙 läuft\r\n10%\r55%\r100%\n\u001B[32mgreen\u001B[0m\nlast';
    const whole = split(text);
    expect(whole).toEqual(['plain', 'café 🦙 läuft', '100%', 'green', 'last']);
    const bytes = Buffer.from(text);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const chunks = edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
        expect(split(...chunks)).toEqual(whole);
      }),
    );
  });

  it('keeps only the last state of a progress line', () => {
    expect(split('loading 1%\rloading 2%\r', 'loading 3%\n')).toEqual(['loading 3%']);
  });

  it('cuts a line that never ends and goes on with the next', () => {
    const lines = split('x'.repeat(50_000), 'x'.repeat(50_000), '\nnext\n');
    expect(lines).toEqual([`${'x'.repeat(MAX_LINE_LENGTH)} … [line cut]`, 'next']);
  });

  it('takes no more memory for a progress line that never ends', () => {
    const states = Array.from({ length: 5000 }, (_, index) => `state ${index}\r`);
    expect(split(...states, 'done\n')).toEqual(['done']);
  });

  it('strips colours, titles and control characters, and keeps tabs', () => {
    expect(split('\u001B]0;title\u0007\u001B[1;31mred\u001B[K\ttab\u0000\u0008\n')).toEqual([
      'red\ttab',
    ]);
  });

  it('survives bytes that are no UTF-8', () => {
    expect(split(Buffer.from([0xff, 0xfe, 0x41, 0x0a]))).toEqual(['\uFFFD\uFFFDA']);
  });
});
