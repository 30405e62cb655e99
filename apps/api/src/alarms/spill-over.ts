import { formatUsd } from '../common/money/format-usd.js';

/** What of the last hour went to paid providers. */
export interface SpillOver {
  /** Answered requests to routes that have a local target. */
  readonly requests: number;
  /** Those of them that a paid provider answered. */
  readonly spilled: number;
  /** What all attempts cost, also on other routes and for requests that were answered elsewhere or not at all. */
  readonly costNanos: number;
  /** Requests that cost something nobody knows; they are not in `costNanos`. */
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
  const unknown = unknownCosts === 0 ? '' : `, and ${unknownCosts} requests of unknown cost`;
  return `in the last hour paid providers answered ${spilled} of ${requests} requests that could have stayed local, and cost ${formatUsd(costNanos)}${unknown}`;
}
