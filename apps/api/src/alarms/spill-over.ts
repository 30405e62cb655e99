/** What of the last hour went to paid providers. */
export interface SpillOver {
  /** Answered requests to routes that have a local target. */
  readonly requests: number;
  /** Those of them that a paid provider answered. */
  readonly spilled: number;
  /** What paid providers cost, on all routes. */
  readonly costNanos: number;
  /** Answers that cost something nobody knows; they are not in `costNanos`. */
  readonly unknownCosts: number;
}

/** null = no alarm. */
export interface SpillOverLimits {
  readonly percent: number | null;
  readonly nanosPerHour: number | null;
}

export type SpillOverCause = 'share' | 'cost';

/** Fewer requests say nothing about a share. */
const fewestRequests = 10;
/** Once raised, an alarm stays until the figure has fallen to this part of its limit, so that it does not flicker. */
const clearAt = 0.8;

/** Which limits are passed, given those that were at the last look. Pure. */
export function causesOfAlarm(
  { requests, spilled, costNanos }: SpillOver,
  { percent, nanosPerHour }: SpillOverLimits,
  before: readonly SpillOverCause[],
): SpillOverCause[] {
  const share = requests < fewestRequests ? 0 : (spilled / requests) * 100;
  const isPassed = (cause: SpillOverCause, figure: number, limit: number | null): boolean =>
    limit !== null && figure > (before.includes(cause) ? limit * clearAt : limit);
  const causes: SpillOverCause[] = [];
  if (isPassed('share', share, percent)) causes.push('share');
  if (isPassed('cost', costNanos, nanosPerHour)) causes.push('cost');
  return causes;
}

export function describeSpillOver(hour: SpillOver): string {
  const { requests, spilled, costNanos, unknownCosts } = hour;
  const dollars = (costNanos / 1e9).toFixed(costNanos < 10_000_000 ? 6 : 2);
  const unknown = unknownCosts === 0 ? '' : `, and ${unknownCosts} answers of unknown cost`;
  return `in the last hour paid providers answered ${spilled} of ${requests} requests that could have stayed local, and cost ${dollars} USD${unknown}`;
}
