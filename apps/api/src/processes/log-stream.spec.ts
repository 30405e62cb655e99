import type { InstanceView, LogLine } from '#process';
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseSse } from '../../../../test/support/read-sse.js';
import { LogStream } from './log-stream.js';

const exit = { code: 0, signal: null, reason: 'idle', message: 'Nobody asked.', lastLines: [] };

/** A log of at most `kept` lines, and the instance it belongs to. */
class Played extends EventEmitter {
  readonly lines: LogLine[] = [];
  lastSeq = 0;
  endedAt: number | null = null;

  constructor(private readonly kept = 5) {
    super();
  }

  readonly log = {
    since: (seq = 0) => this.lines.filter((line) => line.seq > seq),
    before: () => [],
    watch: (listener: (line: LogLine) => void) => this.listen('line', listener),
    first: () => this.lines[0]?.seq ?? this.lastSeq + 1,
    get firstSeq(): number {
      return this.first();
    },
    last: () => this.lastSeq,
    get lastSeq(): number {
      return this.last();
    },
  };

  print(...texts: string[]): void {
    for (const text of texts) {
      this.lines.push({ seq: ++this.lastSeq, at: 0, stream: 'stdout', text });
      this.lines.splice(0, this.lines.length - this.kept);
      this.emit('line', this.lines.at(-1));
    }
  }

  end(): void {
    this.endedAt = 7;
    this.emit('change');
  }

  view(): InstanceView {
    const isOver = this.endedAt !== null;
    const state = isOver ? 'stopped' : 'ready';
    return { state, endedAt: this.endedAt, exit: isOver ? exit : null } as unknown as InstanceView;
  }

  watch(listener: () => void): () => void {
    return this.listen('change', listener);
  }

  private listen(event: string, listener: (line: LogLine) => void): () => void {
    this.on(event, listener);
    return () => this.off(event, listener);
  }
}

class Viewer extends EventEmitter {
  text = '';
  isReading = true;
  isEnded = false;
  isDestroyed = false;

  write(text: string): boolean {
    this.text += text;
    return this.isReading;
  }

  end(): void {
    this.isEnded = true;
  }

  destroy(): void {
    this.isDestroyed = true;
  }

  read(): void {
    this.isReading = true;
    this.emit('drain');
  }

  /** Every event in short: the text of a line, or the name and data of another event. */
  get seen(): unknown[] {
    return parseSse(this.text).map(({ name, data }) => {
      const value = JSON.parse(data) as LogLine;
      return name === null ? value.text : [name, value];
    });
  }
}

function open(instance: Played, after = 0): Viewer {
  const viewer = new Viewer();
  new LogStream(instance, viewer, after).start();
  return viewer;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a stream of a log', () => {
  it('sends what is kept, then every new line, each with its number as the id', () => {
    const instance = new Played();
    instance.print('a', 'b');
    const viewer = open(instance);
    instance.print('c');
    expect(viewer.seen).toEqual(['a', 'b', 'c']);
    expect(viewer.text.match(/^id: \d+$/gm)).toEqual(['id: 1', 'id: 2', 'id: 3']);
  });

  it('goes on behind the last line that was seen, without loss or doubling', () => {
    const instance = new Played();
    instance.print('a', 'b', 'c');
    expect(open(instance, 2).seen).toEqual(['c']);
    expect(open(instance, 3).seen).toEqual([]);
    const ahead = open(instance, 99);
    instance.print('d');
    expect(ahead.seen).toEqual(['d']);
  });

  it('says how many lines are gone', () => {
    const instance = new Played(2);
    instance.print('a', 'b', 'c', 'd', 'e');
    expect(open(instance, 1).seen).toEqual([['gap', { missed: 2, from: 2, to: 3 }], 'd', 'e']);
    expect(open(instance).seen[0]).toEqual(['gap', { missed: 3, from: 1, to: 3 }]);
  });

  it('never holds more for a slow viewer than what is kept anyway, and shows it the gap', () => {
    const instance = new Played(3);
    const viewer = open(instance);
    viewer.isReading = false;
    instance.print('a');
    const before = viewer.text.length;
    instance.print('b', 'c', 'd', 'e', 'f');
    expect(viewer.text.length).toBe(before);
    viewer.read();
    expect(viewer.seen).toEqual(['a', ['gap', { missed: 2, from: 2, to: 3 }], 'd', 'e', 'f']);
  });

  it('lets a viewer go that takes nothing for a minute, and listens no more', () => {
    const instance = new Played();
    const viewer = open(instance);
    viewer.isReading = false;
    instance.print('a');
    vi.advanceTimersByTime(59_000);
    expect(viewer.isDestroyed).toBe(false);
    vi.advanceTimersByTime(1_000);
    expect(viewer.isDestroyed).toBe(true);
    expect([instance.listenerCount('line'), instance.listenerCount('change')]).toEqual([0, 0]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('beats while nothing is printed', () => {
    const viewer = open(new Played());
    vi.advanceTimersByTime(31_000);
    expect(viewer.text.match(/^: still here$/gm)).toHaveLength(2);
  });

  it('ends with the instance, behind its last line, and says how it ended', () => {
    const instance = new Played();
    const viewer = open(instance);
    viewer.isReading = false;
    instance.print('a', 'b');
    instance.end();
    expect(viewer.isEnded).toBe(false);
    viewer.read();
    const ending = { state: 'stopped', endedAt: 7, code: 0, signal: null, reason: 'idle' };
    const end = ['end', { ...ending, message: 'Nobody asked.' }];
    expect(viewer.seen).toEqual(['a', 'b', end]);
    expect(viewer.isEnded).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
    expect(open(instance, 1).seen).toEqual(['b', end]);
  });

  it('is over when the viewer leaves', () => {
    const instance = new Played();
    const viewer = open(instance);
    viewer.emit('close');
    instance.print('a');
    expect(viewer.seen).toEqual([]);
    expect(instance.listenerCount('line')).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
