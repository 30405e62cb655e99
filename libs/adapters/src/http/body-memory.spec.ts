import { afterEach, describe, expect, it, vi } from 'vitest';
import { BodyMemory, largeBodyBytes } from './body-memory.js';

const mebibyte = 1024 * 1024;

describe('BodyMemory', () => {
  afterEach(() => vi.useRealTimers());

  it('lends the same memory again, and never one that the network may still read', () => {
    const memory = new BodyMemory(64 * mebibyte);
    const first = memory.take(3 * mebibyte);
    memory.giveBack(first!);
    expect(memory.take(2 * mebibyte) === first).toBe(true);
    memory.giveBack(first!, true);
    expect(memory.take(3 * mebibyte) === first).toBe(false);
  });

  it('does not spend a large piece on a small body', () => {
    const memory = new BodyMemory(64 * mebibyte);
    memory.giveBack(memory.take(20 * mebibyte)!);
    expect(memory.take(largeBodyBytes)).toHaveLength(mebibyte);
  });

  it('lends no more than its limit at one time, whatever became of what was given back', () => {
    const memory = new BodyMemory(10 * mebibyte);
    const pieces = [memory.take(4 * mebibyte)!, memory.take(5 * mebibyte)!];
    expect(memory.take(2 * mebibyte)).toBeNull();
    memory.giveBack(pieces[0]!, true);
    expect(memory.take(2 * mebibyte)).not.toBeNull();
    expect(memory.take(4 * mebibyte)).toBeNull();
  });

  it('lets go of what was not used for a while', () => {
    vi.useFakeTimers();
    const memory = new BodyMemory(64 * mebibyte);
    const first = memory.take(mebibyte);
    memory.giveBack(first!);
    vi.advanceTimersByTime(70_000);
    expect(vi.getTimerCount()).toBe(0);
    expect(memory.take(mebibyte) === first).toBe(false);
  });
});
