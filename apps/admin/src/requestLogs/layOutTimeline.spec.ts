import { describe, expect, it } from 'vitest';
import { layOutTimeline, splitAttempt } from './layOutTimeline.js';
import type { Attempt } from './RequestLog.js';

const timed = (
  queueMs: number | null,
  loadMs: number | null,
  rest: readonly (number | null)[],
) => ({
  queueMs,
  loadMs,
  firstTokenMs: rest[0] ?? null,
  totalMs: rest[1] ?? null,
  outcome: 'completed',
});

describe('splitAttempt', () => {
  it('cuts the time into line, loading, first token and answer', () => {
    expect(splitAttempt(timed(40, 600, [900, 2000]))).toEqual([
      { kind: 'queue', ms: 40 },
      { kind: 'load', ms: 600 },
      { kind: 'firstToken', ms: 260 },
      { kind: 'answer', ms: 1100 },
    ]);
  });

  it('leaves out what took no time', () => {
    expect(splitAttempt(timed(0, null, [100, 300]))).toEqual([
      { kind: 'firstToken', ms: 100 },
      { kind: 'answer', ms: 200 },
    ]);
  });

  it('takes an answer in one piece for an answer', () => {
    expect(splitAttempt(timed(0, 0, [null, 700]))).toEqual([{ kind: 'answer', ms: 700 }]);
  });

  it('counts the time of a failed attempt without a token as without an answer', () => {
    expect(splitAttempt({ ...timed(0, 620, [null, 700]), outcome: 'failed' })).toEqual([
      { kind: 'load', ms: 620 },
      { kind: 'noAnswer', ms: 80 },
    ]);
  });

  it('has nothing to show for an attempt that has just begun', () => {
    expect(splitAttempt(timed(null, null, [null, null]))).toEqual([]);
  });

  it('never makes a segment negative when figures contradict each other', () => {
    const segments = splitAttempt(timed(100, 100, [50, 120]));
    expect(segments.every(({ ms }) => ms > 0)).toBe(true);
  });
});

describe('layOutTimeline', () => {
  const attempt = (startedAt: number, totalMs: number | null): Attempt => ({
    id: String(startedAt),
    position: 0,
    kind: 'local',
    label: 'qwen',
    upstreamModel: null,
    state: 'settled',
    errorCode: null,
    errorMessage: null,
    reasonCode: null,
    httpStatus: 200,
    startedAt,
    ...timed(0, 0, [null, totalMs]),
    inputTokens: null,
    outputTokens: null,
    cacheReadTokens: null,
    cacheWriteTokens: null,
    reasoningTokens: null,
    costNanos: null,
    costStatus: 'unknown',
    reservedNanos: null,
    priceSource: null,
    instanceId: null,
    warnings: [],
  });

  it('puts all attempts on the scale of the one that ended last', () => {
    const { spanMs, bars } = layOutTimeline(1000, [attempt(1000, 700), attempt(1705, 1900)]);
    expect(spanMs).toBe(2605);
    expect(bars.map(({ offsetMs }) => offsetMs)).toEqual([0, 705]);
  });

  it('keeps a scale above zero without attempts', () => {
    expect(layOutTimeline(1000, [])).toEqual({ spanMs: 1, bars: [] });
  });
});
