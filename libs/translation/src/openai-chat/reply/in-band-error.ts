import { GatewayError } from '../../errors/gateway-error.js';
import type { JsonRecord } from '../../shared/json/json-access.js';
import { inBandError, readInBandError } from '../../shared/upstream-fault.js';

/** The error of an `event: error` frame, nested (Groq) or bare (llama-server). */
export function inBandErrorOf(chunk: JsonRecord): GatewayError {
  return readInBandError(chunk) ?? inBandError(chunk);
}

/** For a finish reason that means failure and comes without an error object. */
export function finishFailure(): GatewayError {
  return new GatewayError('upstream_error', 'The upstream ended its answer with an error.');
}
