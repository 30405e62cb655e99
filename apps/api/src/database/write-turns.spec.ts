import { describe, expect, it, vi } from 'vitest';
import { WriteTurns } from './write-turns.js';

const unexpected = (error: Error): never => {
  throw error;
};

describe('WriteTurns', () => {
  it('gives a free turn at once', () => {
    const start = vi.fn();
    new WriteTurns(1_000).enter(start, unexpected);

    expect(start).toHaveBeenCalledOnce();
  });

  it('gives one turn at a time, in the order they were asked for', () => {
    const turns = new WriteTurns(1_000);
    const order: number[] = [];
    for (const each of [1, 2, 3]) turns.enter(() => order.push(each), unexpected);

    expect(order).toEqual([1]);
    turns.leave();
    turns.leave();
    expect(order).toEqual([1, 2, 3]);
  });

  it('is free again when everybody has left', () => {
    const turns = new WriteTurns(1_000);
    turns.enter(() => undefined, unexpected);
    turns.leave();
    const start = vi.fn();
    turns.enter(start, unexpected);

    expect(start).toHaveBeenCalledOnce();
  });

  it('tells those who wait too long, and only those', async () => {
    const turns = new WriteTurns(30);
    turns.enter(() => undefined, unexpected);
    const late = await new Promise<Error>((resolve) => turns.enter(() => undefined, resolve));
    const start = vi.fn();
    turns.enter(start, unexpected);
    turns.leave();

    expect(late.message).toContain('within 30 ms');
    expect(start).toHaveBeenCalledOnce();
  });

  it('does not give a turn to somebody who was told to wait no longer', async () => {
    const turns = new WriteTurns(10);
    turns.enter(() => undefined, unexpected);
    const start = vi.fn();
    await new Promise<Error>((resolve) => turns.enter(start, resolve));
    turns.leave();

    expect(start).not.toHaveBeenCalled();
  });
});
