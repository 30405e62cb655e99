import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogRing } from './log-ring.js';

const texts = (ring: LogRing, seq?: number) => ring.since(seq).map(({ text }) => text);

describe('LogRing', () => {
  it('keeps the last lines up to their number', () => {
    const ring = new LogRing(() => 7, { maxLines: 3, maxCharacters: 1000 });
    for (let index = 1; index <= 20; index += 1) ring.push('stdout', `line ${index}`);
    expect(texts(ring)).toEqual(['line 18', 'line 19', 'line 20']);
    expect(ring.since()[0]).toEqual({ seq: 18, at: 7, stream: 'stdout', text: 'line 18' });
    expect(ring.last(2)).toEqual(['line 19', 'line 20']);
    expect(ring.last(99)).toHaveLength(3);
  });

  it('keeps the last lines up to their size', () => {
    const ring = new LogRing(() => 0, { maxLines: 100, maxCharacters: 10 });
    for (const text of ['aaaa', 'bbbb', 'cccc']) ring.push('stderr', text);
    expect(texts(ring)).toEqual(['bbbb', 'cccc']);
  });

  it('continues after a sequence number, whether that line is still kept or not', () => {
    const ring = new LogRing(() => 0, { maxLines: 3, maxCharacters: 1000 });
    for (const text of ['a', 'b', 'c', 'd']) ring.push('stdout', text);
    expect(texts(ring, 1)).toEqual(['b', 'c', 'd']);
    expect(texts(ring, 2)).toEqual(['c', 'd']);
    expect(texts(ring, 4)).toEqual([]);
    expect(texts(ring, 99)).toEqual([]);
    expect(new LogRing(() => 0).since()).toEqual([]);
  });

  it('tells which lines are kept, and pages backwards through them', () => {
    const ring = new LogRing(() => 0, { maxLines: 4, maxCharacters: 1000 });
    expect([ring.firstSeq, ring.lastSeq, ring.before(99, 9)]).toEqual([1, 0, []]);
    for (const text of ['a', 'b', 'c', 'd', 'e', 'f']) ring.push('stdout', text);
    expect([ring.firstSeq, ring.lastSeq]).toEqual([3, 6]);
    const page = (before: number, limit: number) =>
      ring.before(before, limit).map(({ text }) => text);
    expect(page(99, 2)).toEqual(['e', 'f']);
    expect(page(5, 10)).toEqual(['c', 'd']);
    expect(page(3, 10)).toEqual([]);
    expect(page(1, 10)).toEqual([]);
  });

  it('reads every line exactly once, whatever is dropped meanwhile, or counts it as gone', () => {
    const pieces = fc.array(fc.nat(12), { maxLength: 60 });
    fc.assert(
      fc.property(pieces, fc.integer({ min: 1, max: 9 }), (bursts, maxLines) => {
        const ring = new LogRing(() => 0, { maxLines, maxCharacters: 1000 });
        let read = 0;
        for (const burst of bursts) {
          for (let line = 0; line < burst; line += 1) ring.push('stdout', 'x');
          const missed = Math.max(0, ring.firstSeq - 1 - read);
          const lines = ring.since(read);
          expect(lines.map(({ seq }) => seq)).toEqual(
            Array.from({ length: lines.length }, (_, index) => read + missed + 1 + index),
          );
          read += missed + lines.length;
          expect(read).toBe(ring.lastSeq);
        }
      }),
    );
  });

  it('is read again under its old numbers', () => {
    const ring = new LogRing(() => 5, { maxLines: 2, maxCharacters: 1000 });
    for (const text of ['a', 'b', 'c']) ring.push('stderr', text);
    const restored = LogRing.restore(ring.since());
    expect(restored.since()).toEqual(ring.since());
    expect([restored.firstSeq, restored.lastSeq]).toEqual([2, 3]);
    expect(restored.since(2)).toEqual([{ seq: 3, at: 5, stream: 'stderr', text: 'c' }]);
  });

  it('goes on when a listener throws, and stops calling one that left', () => {
    const ring = new LogRing(() => 0);
    const seen: string[] = [];
    ring.watch(() => {
      throw new Error('broken viewer');
    });
    const leave = ring.watch(({ text }) => seen.push(text));
    ring.push('stdout', 'a');
    leave();
    ring.push('stdout', 'b');
    expect(seen).toEqual(['a']);
    expect(texts(ring)).toEqual(['a', 'b']);
  });
});
