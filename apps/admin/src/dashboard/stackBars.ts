import type { SeriesPoint } from './DashboardFigures.js';

export type Measure = 'requests' | 'cost';

export interface BarPart {
  readonly name: string;
  readonly colour: string;
  readonly value: number;
}

export interface StackedBar {
  readonly startMs: number;
  /** Does the bar stand for a day or more, so that its clock time says nothing? */
  readonly isWholeDay: boolean;
  readonly total: number;
  readonly parts: readonly BarPart[];
}

const dayMs = 86_400_000;

/** One bar per point of the series, cut into its parts from the bottom up. */
export function stackBars(series: readonly SeriesPoint[], measure: Measure): readonly StackedBar[] {
  const stepMs = (series[1]?.startMs ?? 0) - (series[0]?.startMs ?? 0);
  const isWholeDay = stepMs >= dayMs;
  return series.map((point) => {
    const parts = measure === 'cost' ? costParts(point) : requestParts(point);
    return {
      startMs: point.startMs,
      isWholeDay,
      total: parts.reduce((sum, { value }) => sum + value, 0),
      parts: parts.filter(({ value }) => value > 0),
    };
  });
}

/** The top of the scale: a round number that halves well, never below the tallest bar. */
export function niceCeiling(tallest: number): number {
  if (tallest <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(tallest));
  const step = [1, 2, 3, 4, 5, 6, 8, 10].find((factor) => factor * power >= tallest) ?? 10;
  return step * power;
}

function requestParts(point: SeriesPoint): readonly BarPart[] {
  const { requests, localRequests, cloudRequests } = point;
  return [
    { name: 'local', colour: 'primary.main', value: localRequests },
    { name: 'cloud', colour: 'secondary.main', value: cloudRequests },
    {
      name: 'not answered',
      colour: 'error.light',
      value: Math.max(0, requests - localRequests - cloudRequests),
    },
  ];
}

function costParts(point: SeriesPoint): readonly BarPart[] {
  return [{ name: 'cost', colour: 'secondary.main', value: point.costNanos ?? 0 }];
}
