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
