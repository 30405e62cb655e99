import type { UpstreamHeaders } from '#adapters';
import type { Warning } from '#translation';
import { fallbackReason, sumCosts } from '../../audit/audit-rows.js';
import type { AttemptRecord } from '../../audit/attempt-record.js';
import type { RequestRecord } from '../../audit/request-record.js';
import { usdDecimal } from '../../common/money/usd-decimal.js';
import { allowedHeaders } from '../allowed-headers.js';
import type { AttemptJob } from '../attempt/attempt-job.js';

/** Header lines must stay well below what clients and proxies take. */
const maxHeaderChars = 2_000;

/** Adds to a flat name/value list what the upstream may tell this caller, and our own account. */
export function addHeadOfAnswer(
  head: string[],
  job: AttemptJob,
  upstreamHeaders: UpstreamHeaders,
): string[] {
  head.push(...allowedHeaders(upstreamHeaders, job.returnedHeaders));
  const upstreamId = upstreamHeaders['x-request-id'] ?? upstreamHeaders['request-id'];
  if (typeof upstreamId === 'string') head.push('x-upstream-request-id', upstreamId);
  return addAccount(head, job.call.record);
}

/** Adds what served the request, why, and at what cost; also sent with errors. */
export function addAccount(head: string[], record: RequestRecord): string[] {
  const { publicId, attempts, served } = record;
  head.push('x-request-id', publicId, 'request-id', publicId, 'x-spillway-request-id', publicId);
  if (attempts.length > 0) head.push('x-spillway-attempts', attemptList(attempts));
  if (served !== null) head.push('x-spillway-served-by', headerText(served.target.label));
  const reason = fallbackReason(attempts, served);
  if (reason !== null) head.push('x-spillway-fallback', reason);
  if (record.localState !== null) head.push('x-spillway-local-state', record.localState);
  if (record.warnings.length > 0) head.push('x-spillway-warnings', warningList(record.warnings));
  if (!record.isStream && served !== null) {
    const { nanos, status } = sumCosts(attempts);
    head.push('x-spillway-cost-usd', nanos === null ? 'unknown' : usdDecimal(nanos));
    if (status === 'estimated') head.push('x-spillway-cost-status', status);
  }
  return head;
}

/** `label=outcome` of every attempt in order; a failed one names its error code. */
function attemptList(attempts: readonly AttemptRecord[]): string {
  let list = '';
  for (const { target, errorCode, reasonCode, outcome } of attempts) {
    if (list !== '') list += ';';
    list += `${headerText(target.label)}=${errorCode ?? reasonCode ?? (outcome === 'running' ? 'serving' : outcome)}`;
  }
  return clip(list);
}

/** On one line, in visible ASCII. */
export function warningList(warnings: readonly Warning[]): string {
  return clip(
    headerText(
      warnings
        .map(({ code, path, detail }) => `${code};field=${path};detail=${JSON.stringify(detail)}`)
        .join(', '),
    ),
  );
}

function clip(text: string): string {
  return text.length <= maxHeaderChars
    ? text
    : `${text.slice(0, maxHeaderChars)} more in the request log`;
}

const unsafe = /[^\x20-\x7e]/;

/** Header values are Latin-1 without control characters; names in labels may be anything. */
function headerText(text: string): string {
  // hardly ever: asking first spares the copy
  return unsafe.test(text) ? text.replace(/[^\x20-\x7e]/g, '?') : text;
}
