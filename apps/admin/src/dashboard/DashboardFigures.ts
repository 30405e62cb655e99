import type { Instance } from '../instances/Instance.js';

export interface SeriesPoint {
  readonly startMs: number;
  readonly requests: number;
  readonly failed: number;
  readonly localRequests: number;
  readonly cloudRequests: number;
  readonly costNanos: number | null;
}

interface Share {
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Of the last hour. */
export interface SpillOverAlarm {
  readonly causes: readonly ('share' | 'cost')[];
  readonly sinceMs: number;
  readonly requests: number;
  readonly spilled: number;
  readonly costNanos: number;
  readonly unknownCosts: number;
}

/** What `/api/dashboard` answers for the last `hours`. */
export interface DashboardFigures extends Share {
  readonly hours: number;
  /** Set while more goes to paid providers than the host's settings allow for. */
  readonly spillOverAlarm: SpillOverAlarm | null;
  readonly failed: number;
  readonly costNanos: number | null;
  /** Requests whose cost is not part of `costNanos` because nobody knows it. */
  readonly unknownCostRequests: number;
  readonly local: Share;
  readonly cloud: Share & { readonly costNanos: number | null };
  readonly instances: readonly Instance[];
  readonly series: readonly SeriesPoint[];
}
