import { describe, expect, it } from 'vitest';
import { estimateTokens } from './estimate-tokens.js';

describe('estimateTokens', () => {
  it('rounds up and never falls below nothing', () => {
    expect([
      estimateTokens(0),
      estimateTokens(1),
      estimateTokens(3),
      estimateTokens(10),
      estimateTokens(-5),
    ]).toEqual([0, 1, 1, 4, 0]);
  });
});
