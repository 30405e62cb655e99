import type { GatewayError } from '../errors/gateway-error.js';

/** Headers that both official SDK families obey before they retry by themselves. */
export function errorHeaders(error: GatewayError): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-should-retry': String(error.row.isRetryable),
  };
  if (error.retryAfterMs !== null) {
    headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1_000));
    headers['retry-after-ms'] = String(Math.ceil(error.retryAfterMs));
  }
  return headers;
}
