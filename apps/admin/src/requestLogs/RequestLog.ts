import type { CostStatus } from '../format/formatCost.js';
import type { TargetKind } from '../fields/OriginChip.js';
import type { Warning } from '../warnings/groupWarnings.js';

export const outcomes = ['completed', 'failed', 'cancelled', 'refused', 'running'] as const;

interface Measured {
  readonly queueMs: number | null;
  readonly loadMs: number | null;
  /** Milliseconds from the start to the first piece of the answer. */
  readonly firstTokenMs: number | null;
  readonly totalMs: number | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly cacheReadTokens: number | null;
  readonly cacheWriteTokens: number | null;
  readonly reasoningTokens: number | null;
  readonly costNanos: number | null;
  readonly costStatus: CostStatus;
}

/** One row of `/api/request-logs`. */
export interface RequestLog extends Measured {
  readonly id: string;
  readonly createdAt: number;
  readonly keyId: string | null;
  readonly keyName: string | null;
  readonly protocol: string;
  readonly requestedModel: string | null;
  readonly routeName: string | null;
  readonly isStream: boolean;
  readonly status: number | null;
  readonly outcome: (typeof outcomes)[number];
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly servedKind: TargetKind | null;
  readonly servedBy: string | null;
  readonly servedModel: string | null;
  readonly attemptCount: number;
  /** Why the first target of the plan did not serve. */
  readonly fallbackReason: string | null;
  /** Of the attempt that answered. */
  readonly warnings: readonly Warning[];
}

/** One dispatch to one target; only in the answer for a single request. */
export interface Attempt extends Measured {
  readonly id: string;
  readonly position: number;
  readonly kind: TargetKind;
  readonly label: string;
  readonly upstreamModel: string | null;
  readonly state: string;
  readonly outcome: string;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  /** Why it was not used, or was left for another target. */
  readonly reasonCode: string | null;
  readonly httpStatus: number | null;
  readonly startedAt: number;
  readonly reservedNanos: number | null;
  readonly priceSource: string | null;
  readonly instanceId: string | null;
  readonly warnings: readonly Warning[];
}

export interface RequestLogWithAttempts extends RequestLog {
  readonly attempts: readonly Attempt[];
}
