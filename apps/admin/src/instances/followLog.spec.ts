import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { appendEntries } from './appendEntries.js';
import { followLog, type LogSource } from './followLog.js';
import type { LogEntry } from './Instance.js';

/** A connection whose other side is the test. */
class PlayedSource implements LogSource {
  readyState = 1;
  private readonly listeners = new Map<string, (event: { data: string }) => void>();

  constructor(readonly url: string) {}

  addEventListener(name: string, listener: (event: { data: string }) => void): void {
    this.listeners.set(name, listener);
  }

  close(): void {
    this.readyState = 2;
  }

  line(seq: number): void {
    this.send('message', { seq, at: 0, stream: 'stdout', text: `${seq}` });
  }

  send(name: 'open' | 'error' | 'message' | 'gap' | 'end', data: object): void {
    this.listeners.get(name)?.({ data: JSON.stringify(data) });
  }

  breakOff(isGivenUp: boolean): void {
    this.readyState = isGivenUp ? 2 : 0;
    this.send('error', {});
  }
}

function follow() {
  const sources: PlayedSource[] = [];
  const page = { entries: [] as readonly LogEntry[], isLive: false };
  const stop = followLog('sw-1', {
    open: (url) => {
      sources.push(new PlayedSource(url));
      return sources.at(-1) as PlayedSource;
    },
    onEntries: (incoming) => (page.entries = appendEntries(page.entries, incoming)),
    onLive: (isLive) => (page.isLive = isLive),
  });
  const seqs = (): number[] => {
    vi.advanceTimersByTime(200);
    return page.entries.map(({ seq }) => seq);
  };
  return { sources, page, stop, seqs, source: () => sources.at(-1) as PlayedSource };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a followed log', () => {
  it('goes on without doubled lines when the browser resumes by itself', () => {
    const { source, seqs, sources } = follow();
    for (const seq of [1, 2, 3]) source().line(seq);
    source().breakOff(false);
    for (const seq of [2, 3, 4]) source().line(seq);
    expect(seqs()).toEqual([1, 2, 3, 4]);
    expect(sources).toHaveLength(1);
  });

  it('is opened anew behind the last line when the browser gave up', () => {
    const { source, seqs, sources, page } = follow();
    source().send('open', {});
    source().line(1);
    source().line(2);
    expect(page.isLive).toBe(true);
    source().breakOff(true);
    expect(page.isLive).toBe(false);
    vi.advanceTimersByTime(3000);
    expect(sources.map(({ url }) => url)).toEqual([
      '/api/instances/sw-1/logs/stream',
      '/api/instances/sw-1/logs/stream?after=2',
    ]);
    source().line(3);
    expect(seqs()).toEqual([1, 2, 3]);
  });

  it('shows what is gone in its place, once', () => {
    const { source, seqs, page } = follow();
    source().line(1);
    for (let round = 0; round < 2; round += 1) {
      source().send('gap', { missed: 5, from: 2, to: 6 });
      source().line(7);
    }
    expect(seqs()).toEqual([1, 6, 7]);
    expect(page.entries[1]).toEqual({ seq: 6, missed: 5 });
  });

  it('is over when the instance has ended, or the page is left', () => {
    const { source, seqs, sources } = follow();
    source().line(1);
    source().send('end', { state: 'stopped' });
    expect(seqs()).toEqual([1]);
    expect(source().readyState).toBe(2);
    vi.advanceTimersByTime(60_000);
    expect(sources).toHaveLength(1);
    const other = follow();
    other.source().breakOff(true);
    other.stop();
    vi.advanceTimersByTime(60_000);
    expect(other.sources).toHaveLength(1);
  });
});
