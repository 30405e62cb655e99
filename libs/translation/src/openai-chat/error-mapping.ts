import { errorCodes } from '../errors/error-codes.js';
import type { GatewayError } from '../errors/gateway-error.js';
import type { EncodedError } from '../protocol.js';
import { errorHeaders } from '../shared/error-headers.js';

export function encodeError(error: GatewayError): EncodedError {
  return {
    status: error.status,
    headers: errorHeaders(error),
    body: JSON.stringify(errorBody(error)),
  };
}

/** The stream closes behind it, without `[DONE]`: that is how clients tell a failure from an end. */
export function encodeStreamError(error: GatewayError): string {
  return `data: ${JSON.stringify(errorBody(error))}\n\n`;
}

function errorBody(error: GatewayError): unknown {
  return {
    error: {
      message: error.message,
      type: errorCodes[error.code].openaiType,
      param: error.path,
      code: error.code,
    },
  };
}
