import type { GatewayError } from '#translation';

/** One fault of a body, by field. */
export interface FieldFault {
  readonly path: string;
  readonly message: string;
}

/** An error as the management API shows it. */
export function managementErrorBody(error: GatewayError): {
  status: number;
  headers: Record<string, string>;
  body: string;
} {
  const faults = (error as { faults?: readonly FieldFault[] }).faults;
  const details =
    faults ?? (error.path === null ? [] : [{ path: error.path, message: error.message }]);
  const headers: Record<string, string> = { 'cache-control': 'no-store' };
  if (error.retryAfterMs !== null)
    headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000));
  return {
    status: error.status,
    headers,
    body: JSON.stringify({ error: { code: error.code, message: error.message, details } }),
  };
}
