import { describe, expect, it } from 'vitest';
import { niceCeiling, stackBars } from './stackBars.js';

const point = {
  startMs: 0,
  requests: 10,
  failed: 2,
  localRequests: 6,
  cloudRequests: 3,
  costNanos: null,
};

describe('stackBars', () => {
  it('shows the requests nobody answered as a part of their own', () => {
    const [bar] = stackBars([point], 'requests');
    expect(bar?.total).toBe(10);
    expect(bar?.parts.map(({ name, value }) => [name, value])).toEqual([
      ['local', 6],
      ['cloud', 3],
      ['not answered', 1],
    ]);
  });

  it('knows bars that stand for days', () => {
    const series = [0, 86_400_000].map((startMs) => ({ ...point, startMs }));
    expect(stackBars(series, 'requests')[0]?.isWholeDay).toBe(true);
    expect(stackBars([point], 'requests')[0]?.isWholeDay).toBe(false);
  });

  it('draws nothing for a cost that is not known', () => {
    expect(stackBars([point], 'cost')[0]?.parts).toEqual([]);
  });
});

describe('niceCeiling', () => {
  it.each([
    [0, 1],
    [1, 1],
    [29, 30],
    [31, 40],
    [96, 100],
    [0.0041, 0.005],
  ])('rounds %d up to %d', (tallest, ceiling) => {
    expect(niceCeiling(tallest)).toBeCloseTo(ceiling, 12);
  });
});
