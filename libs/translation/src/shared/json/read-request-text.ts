import { GatewayError } from '../../errors/gateway-error.js';
import { describePosition, JsonSyntaxError } from './json-syntax-error.js';
import { ObjectReader, type Spelling } from './object-reader.js';
import { parseJson } from './parse-json.js';

/** @throws GatewayError `invalid_request` saying where the JSON breaks and what was expected there. */
export function readRequestText(text: string, spelling?: Spelling): ObjectReader {
  try {
    return new ObjectReader(parseJson(text), '', 'a JSON object', spelling);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const where = describePosition(error.position, (index) => text.charCodeAt(index) === 0x0a);
    throw new GatewayError(
      'invalid_request',
      `The request body is not valid JSON: expected ${error.expected} at ${where}.`,
    );
  }
}
