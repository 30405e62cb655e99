import { GatewayError } from '../../errors/gateway-error.js';

/** For clients that take a tool's arguments as an object. */
export function invalidArguments(name: string): GatewayError {
  return new GatewayError(
    'upstream_invalid_response',
    `The model called the tool "${name}" with arguments that are not a JSON object.`,
  );
}
