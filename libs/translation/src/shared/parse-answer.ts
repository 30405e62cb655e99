import { GatewayError } from '../errors/gateway-error.js';
import { readInBandError } from './upstream-fault.js';
import { asRecord, type JsonRecord } from './json/json-access.js';

/** @throws GatewayError `upstream_invalid_response` when the body is not a JSON object */
export function parseAnswer(text: string): JsonRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new GatewayError(
      'upstream_invalid_response',
      'The upstream answered with a body that is not valid JSON.',
      {
        cause: error,
      },
    );
  }
  const record = asRecord(value);
  if (record !== null) return record;
  throw new GatewayError(
    'upstream_invalid_response',
    'The upstream answered with JSON that is not an object.',
  );
}

/** Some upstreams answer 200 and put the error into the body. @throws GatewayError that error */
export function throwInBandError(answer: JsonRecord): void {
  const error = readInBandError(answer);
  if (error !== null) throw error;
}
