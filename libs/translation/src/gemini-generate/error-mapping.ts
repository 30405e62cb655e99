import type { GatewayError } from '../errors/gateway-error.js';
import type { EncodedError } from '../protocol.js';
import { errorHeaders } from '../shared/error-headers.js';

export function encodeError(error: GatewayError, requestId: string): EncodedError {
  return {
    status: error.status,
    headers: errorHeaders(error),
    body: JSON.stringify(errorBody(error, requestId)),
  };
}

/** Google reports a failure inside a stream as a chunk that holds the error alone. */
export function encodeStreamError(error: GatewayError, requestId: string): string {
  return `data: ${JSON.stringify(errorBody(error, requestId))}\n\n`;
}

/** https://cloud.google.com/apis/design/errors#error_details */
const typePrefix = 'type.googleapis.com/google.rpc.';

function errorBody(error: GatewayError, requestId: string): unknown {
  const { code, status, message, path, retryAfterMs, row } = error;
  const details: object[] = [
    {
      '@type': `${typePrefix}ErrorInfo`,
      reason: code.toUpperCase(),
      domain: 'spillway',
      metadata: { request_id: requestId },
    },
  ];
  if (path !== null) {
    const fieldViolations = [{ field: path, description: message }];
    details.push({ '@type': `${typePrefix}BadRequest`, fieldViolations });
  }
  if (retryAfterMs !== null) {
    const retryDelay = `${Math.ceil(retryAfterMs) / 1_000}s`;
    details.push({ '@type': `${typePrefix}RetryInfo`, retryDelay });
  }
  return { error: { code: status, message, status: row.geminiStatus, details } };
}
