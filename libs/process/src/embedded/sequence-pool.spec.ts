import { describe, expect, it } from 'vitest';
import type { LlamaSequence } from './llama-library.js';
import { SequencePool } from './sequence-pool.js';

function sequence(...contextTokens: number[]): LlamaSequence {
  return {
    nextTokenIndex: contextTokens.length,
    contextTokens,
    adaptStateToTokens: () => Promise.resolve(),
    evaluateWithoutGeneratingNewTokens: () => Promise.resolve(),
    evaluate: () => {
      throw new Error('nothing is evaluated here');
    },
  };
}

const patient = () => new AbortController().signal;

describe('SequencePool', () => {
  it('lends the sequence that remembers most of the prompt', async () => {
    const [other, same, empty] = [sequence(1, 9, 9), sequence(1, 2, 3), sequence()];
    const pool = new SequencePool([other, same, empty]);
    expect(pool).toMatchObject({ size: 3, lent: 0, heldTokens: 6 });
    expect(await pool.acquire([1, 2, 3, 4], patient())).toBe(same);
    expect(await pool.acquire([1, 2], patient())).toBe(other);
  });

  it('serves those who wait in the order they came', async () => {
    const only = sequence();
    const pool = new SequencePool([only]);
    await pool.acquire([], patient());
    expect(pool).toMatchObject({ size: 1, lent: 1, waiting: 0 });
    const order: number[] = [];
    const waiting = [1, 2].map((each) => pool.acquire([], patient()).then(() => order.push(each)));
    expect(pool).toMatchObject({ lent: 1, waiting: 2 });
    pool.release(only);
    await waiting[0];
    pool.release(only);
    await waiting[1];
    expect(order).toEqual([1, 2]);
  });

  it('passes over those who left', async () => {
    const only = sequence();
    const pool = new SequencePool([only]);
    await pool.acquire([], patient());
    const leaving = new AbortController();
    const left = pool.acquire([], leaving.signal);
    const next = pool.acquire([], patient());
    leaving.abort();
    await expect(left).rejects.toThrow('left');
    pool.release(only);
    expect(await next).toBe(only);
    pool.release(only);
    expect(await pool.acquire([], patient())).toBe(only);
  });

  it('lends nothing to who has left already', async () => {
    const pool = new SequencePool([sequence()]);
    expect(() => pool.acquire([], AbortSignal.abort())).toThrow();
    expect(await pool.acquire([], patient())).toBeDefined();
  });
});
