import type { UpstreamHeaders } from '#adapters';
import type { Warning } from '#translation';
import { fallbackReason, sumCosts } from '../../audit/audit-rows.js';
import type { AttemptRecord } from '../../audit/attempt-record.js';
import type { RequestRecord } from '../../audit/request-record.js';
import type { AttemptJob } from '../attempt/attempt-job.js';

/** Header lines must stay well below what clients and proxies take. */
const maxHeaderChars = 2_000;

/** Flat name/value list: the given headers, what the upstream may tell this caller, and our own account. */
export function headOfAnswer(
  job: AttemptJob,
  upstreamHeaders: UpstreamHeaders,
  headers: readonly string[],
): string[] {
  const head = [...headers];
  for (const [name, value] of Object.entries(upstreamHeaders)) {
    if (typeof value === 'string' && isReturned(name, job.returnedHeaders)) head.push(name, value);
  }
  const upstreamId = upstreamHeaders['x-request-id'] ?? upstreamHeaders['request-id'];
  if (typeof upstreamId === 'string') head.push('x-upstream-request-id', upstreamId);
  return head.concat(accountHeaders(job.call.record));
}

/** What served the request, why, and at what cost; also sent with errors. */
export function accountHeaders(record: RequestRecord): string[] {
  const head = [
    'x-request-id',
    record.publicId,
    'request-id',
    record.publicId,
    'x-spillway-request-id',
    record.publicId,
  ];
  if (record.attempts.length > 0) head.push('x-spillway-attempts', attemptList(record.attempts));
  if (record.served !== null)
    head.push('x-spillway-served-by', headerText(record.served.target.label));
  const reason = fallbackReason(record.attempts, record.served);
  if (reason !== null) head.push('x-spillway-fallback', reason);
  if (record.localState !== null) head.push('x-spillway-local-state', record.localState);
  if (record.warnings.length > 0) head.push('x-spillway-warnings', warningList(record.warnings));
  if (!record.isStream && record.served !== null) {
    const { nanos, status } = sumCosts(record.attempts);
    head.push(
      'x-spillway-cost-usd',
      nanos === null ? 'unknown' : (nanos / 1e9).toFixed(9).replace(/\.?0+$/, ''),
    );
    if (status === 'estimated') head.push('x-spillway-cost-status', status);
  }
  return head;
}

function isReturned(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  );
}

/** `label=outcome` of every attempt in order; a failed one names its error code. */
function attemptList(attempts: readonly AttemptRecord[]): string {
  return clip(
    attempts
      .map(
        ({ target, errorCode, reasonCode, outcome }) =>
          `${target.label}=${errorCode ?? reasonCode ?? (outcome === 'running' ? 'serving' : outcome)}`,
      )
      .join(';'),
  );
}

/** On one line, in visible ASCII. */
export function warningList(warnings: readonly Warning[]): string {
  return clip(
    warnings
      .map(({ code, path, detail }) => `${code};field=${path};detail=${JSON.stringify(detail)}`)
      .join(', '),
  );
}

function clip(text: string): string {
  const safe = headerText(text);
  return safe.length <= maxHeaderChars
    ? safe
    : `${safe.slice(0, maxHeaderChars)}…more in the request log`.replace('…', ' ');
}

/** Header values are Latin-1 without control characters; names in labels may be anything. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
