import { GatewayError } from '#translation';
import type { FieldFault } from './management-error-body.js';

/** A body with faults in one or more fields. */
export class ValidationFault extends GatewayError {
  constructor(readonly faults: readonly FieldFault[]) {
    super(
      'invalid_request',
      `The body is not valid. ${faults.map(({ path, message }) => `${path}: ${message}`).join('; ')}.`,
    );
  }
}
