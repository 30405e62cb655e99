import { errorCodes } from '../errors/error-codes.js';
import type { GatewayError } from '../errors/gateway-error.js';
import type { EncodedError } from '../protocol.js';
import { errorHeaders } from './error-headers.js';

/** All four keys are always there. */
export interface OpenaiError {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string;
}

/** The `error` object of every OpenAI API. */
export function openaiError(error: GatewayError): OpenaiError {
  return {
    message: error.message,
    type: errorCodes[error.code].openaiType,
    param: error.path,
    code: error.code,
  };
}

export function encodeOpenaiError(error: GatewayError): EncodedError {
  return {
    status: error.status,
    headers: errorHeaders(error),
    body: JSON.stringify({ error: openaiError(error) }),
  };
}
