import { describe, expect, it } from 'vitest';
import { evaluatePrompt } from './evaluate-prompt.js';
import type { LlamaSequence, Token } from './llama-library.js';

/** A sequence that remembers like the real one, and calls back after each part. */
function fakeSequence(known: Token[], onPart: (count: number) => void = () => undefined) {
  let state = known;
  const sequence: LlamaSequence = {
    get nextTokenIndex() {
      return state.length;
    },
    get contextTokens() {
      return state;
    },
    adaptStateToTokens: (tokens) => {
      const differsAt = state.findIndex((token, index) => token !== tokens[index]);
      if (differsAt !== -1) state = state.slice(0, differsAt);
      return Promise.resolve();
    },
    evaluateWithoutGeneratingNewTokens: (tokens) => {
      state = [...state, ...tokens];
      onPart(tokens.length);
      return Promise.resolve();
    },
    evaluate: () => {
      throw new Error('nothing is generated here');
    },
  };
  return sequence;
}

const prompt = Array.from({ length: 1000 }, (_, index) => index);
const patient = new AbortController().signal;
let readTokens = 0;
const read = (sequence: LlamaSequence, signal = patient) => {
  readTokens = 0;
  return evaluatePrompt(sequence, prompt, signal, (tokens) => (readTokens += tokens));
};

describe('evaluatePrompt', () => {
  it('reads all but a last part, in parts that grow while they are fast', async () => {
    const parts: number[] = [];
    const sequence = fakeSequence([], (count) => parts.push(count));
    const rest = await read(sequence);
    expect([...sequence.contextTokens, ...(rest ?? [])]).toEqual(prompt);
    expect(parts).toEqual([32, 64, 128, 256, 512]);
    expect(readTokens).toBe(992);
  });

  it('reads only what the sequence does not remember', async () => {
    const sequence = fakeSequence(prompt.slice(0, 990));
    expect(await read(sequence)).toEqual(prompt.slice(990));
    expect(readTokens).toBe(0);
  });

  it('leaves at least one token to go on with', async () => {
    const sequence = fakeSequence([...prompt, 5, 6]);
    expect(await read(sequence)).toEqual([999]);
  });

  it('stops after the part during which the caller left', async () => {
    const leaving = new AbortController();
    const sequence = fakeSequence([], () => leaving.abort());
    expect(await read(sequence, leaving.signal)).toBeNull();
    expect(sequence.nextTokenIndex).toBe(32);
  });
});
