import type { UpstreamHeaders } from '#adapters';

/** How long an upstream asks us to wait, in milliseconds; it may say so in three ways. */
export function readRetryAfter(headers: UpstreamHeaders, nowMs = Date.now()): number | null {
  const milliseconds = Number(
    headers['retry-after-ms'] ?? headers['x-ms-retry-after-ms'] ?? Number.NaN,
  );
  if (Number.isFinite(milliseconds) && milliseconds >= 0) return milliseconds;
  const value = headers['retry-after'];
  if (typeof value !== 'string') return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return seconds >= 0 ? seconds * 1000 : null;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}
