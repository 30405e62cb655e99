import type { Warning } from '#translation';
import type { AttemptRecord } from './attempt-record.js';
import type { ReasonCode } from '../common/reason-codes.js';
import type { RequestRecord } from './request-record.js';

type Cell = string | number | null;

const asText = (cells: readonly Cell[]): string => JSON.stringify(cells);

/** Columns of an attempt's row, in the order of `attemptRow`. New ones go to the end: a journal may be an older version's. */
export const attemptColumns = [
  'id',
  'request_id',
  'key_id',
  'boot_id',
  'position',
  'kind',
  'label',
  'upstream_model',
  'started_at',
  'reserved_nanos',
  'price_source',
  'state',
  'outcome',
  'error_code',
  'error_message',
  'http_status',
  'queue_ms',
  'load_ms',
  'first_token_ms',
  'total_ms',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'reasoning_tokens',
  'cost_nanos',
  'cost_status',
  'instance_id',
  'warnings',
  'reason_code',
  'route_id',
  'reserved_at',
  'is_spillover',
] as const;

/** Whoever asks for it has set the money aside already, or never will: the row may be written twice. */
export function attemptRow(attempt: AttemptRecord, bootId: string): string {
  attempt.beginningOfRow ??= asText(beginningCells(attempt, bootId)).slice(0, -1);
  const rest = outcomeCells(attempt);
  const isSpillover = attempt.isSpillover === null ? null : Number(attempt.isSpillover);
  rest.push(attempt.routeId, attempt.reservedAtMs, isSpillover);
  return `${attempt.beginningOfRow},${asText(rest).slice(1)}`;
}

function beginningCells(attempt: AttemptRecord, bootId: string): Cell[] {
  return [
    attempt.id,
    attempt.requestId,
    attempt.keyId,
    bootId,
    attempt.position,
    attempt.target.kind,
    attempt.target.label,
    attempt.target.upstreamModel,
    attempt.startedAtMs,
    attempt.reservedNanos,
    attempt.priceSource,
  ];
}

/** Columns that the end of an attempt changes, in the order of `settlementRow`; the first is the key. */
export const settlementColumns = [
  'id',
  ...attemptColumns.slice(
    attemptColumns.indexOf('state'),
    attemptColumns.indexOf('reason_code') + 1,
  ),
] as const;

export function settlementRow(attempt: AttemptRecord): string {
  return asText([attempt.id, ...outcomeCells(attempt)]);
}

function outcomeCells(attempt: AttemptRecord): Cell[] {
  const { usage } = attempt;
  return [
    attempt.state,
    attempt.outcome,
    attempt.errorCode,
    attempt.errorMessage,
    attempt.httpStatus,
    attempt.queueMs,
    attempt.loadMs,
    attempt.firstTokenMs,
    attempt.totalMs,
    usage.inputTokens,
    usage.outputTokens,
    usage.cacheReadTokens,
    usage.cacheWriteTokens,
    usage.reasoningTokens,
    attempt.cost.nanos,
    attempt.cost.status,
    attempt.instanceId,
    warningsCell(attempt.warnings),
    attempt.reasonCode,
  ];
}

export const requestColumns = [
  'id',
  'boot_id',
  'created_at',
  'key_id',
  'key_name',
  'protocol',
  'requested_model',
  'route_name',
  'is_stream',
  'status',
  'outcome',
  'error_code',
  'error_message',
  'served_kind',
  'served_by',
  'served_model',
  'attempt_count',
  'queue_ms',
  'load_ms',
  'first_token_ms',
  'total_ms',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'reasoning_tokens',
  'cost_nanos',
  'cost_status',
  'warnings',
  'fallback_reason',
  'local_state',
] as const;

export function requestRow(record: RequestRecord, bootId: string): string {
  const { served } = record;
  const total = sumCosts(record.attempts);
  return asText([
    record.id,
    bootId,
    record.startedAtMs,
    record.key?.id ?? null,
    record.key?.name ?? null,
    record.protocol,
    record.requestedModel,
    record.routeName,
    record.isStream ? 1 : 0,
    record.status,
    record.outcome,
    record.error?.code ?? null,
    record.error?.message ?? null,
    served?.target.kind ?? null,
    served?.target.label ?? null,
    served?.target.upstreamModel ?? null,
    record.attempts.length,
    served?.queueMs ?? null,
    served?.loadMs ?? null,
    record.firstTokenMs,
    record.totalMs,
    served?.usage.inputTokens ?? null,
    served?.usage.outputTokens ?? null,
    served?.usage.cacheReadTokens ?? null,
    served?.usage.cacheWriteTokens ?? null,
    served?.usage.reasoningTokens ?? null,
    total.nanos,
    total.status,
    warningsCell(record.warnings),
    fallbackReason(record.attempts, served),
    record.localState,
  ]);
}

/** Why the first target of the plan did not serve; null when it did, or when nothing has been left yet. */
export function fallbackReason(
  [first]: readonly AttemptRecord[],
  served: AttemptRecord | null,
): ReasonCode | null {
  if (first === undefined || first.target.label === served?.target.label) return null;
  return first.reasonCode;
}

function warningsCell(warnings: readonly Warning[]): Cell {
  return warnings.length === 0 ? null : JSON.stringify(warnings);
}

/** A request costs what its attempts cost; one unknown makes the sum unknown. */
export function sumCosts(attempts: readonly AttemptRecord[]): {
  nanos: number | null;
  status: 'exact' | 'estimated' | 'unknown' | 'free';
} {
  let nanos = 0;
  let status: 'exact' | 'estimated' | 'free' = 'free';
  for (const { cost } of attempts) {
    if (cost.nanos === null) return { nanos: null, status: 'unknown' };
    nanos += cost.nanos;
    if (cost.status === 'estimated') status = 'estimated';
    else if (cost.status === 'exact' && status === 'free') status = 'exact';
  }
  return { nanos, status };
}
