import {
  Injectable,
  ValidationPipe,
  type ArgumentMetadata,
  type ValidationError,
} from '@nestjs/common';
import { isNestedDeeper } from './is-nested-deeper.js';
import type { FieldFault } from './management-error-body.js';
import { ValidationFault } from './validation-fault.js';
import { withoutReadOnly } from './without-read-only.js';

/** Far more than any resource has; the converter that follows would run out of stack. */
const maxDepth = 64;

/**
 * Checks bodies of the management API against their classes. Unknown fields are refused, so that a limit with a
 * misspelt name is never accepted and ignored. Not for inference bodies: they are never stripped or converted.
 */
@Injectable()
export class ManagementValidationPipe extends ValidationPipe {
  /** @param readOnly fields that a row has when it is read and that are ignored when they come back. */
  constructor(private readonly readOnly: readonly string[] = []) {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      exceptionFactory: (errors) => new ValidationFault(flatten(errors, '')),
    });
  }

  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type !== 'body') return Promise.resolve(value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new ValidationFault([{ path: 'body', message: 'must be a JSON object' }]);
    }
    if (isNestedDeeper(value, maxDepth)) {
      throw new ValidationFault([
        { path: 'body', message: `must not be nested deeper than ${maxDepth} levels` },
      ]);
    }
    return super.transform(withoutReadOnly(value, this.readOnly), metadata);
  }
}

export const managementValidation = new ManagementValidationPipe();

function flatten(errors: readonly ValidationError[], prefix: string): FieldFault[] {
  return errors.flatMap((error) => {
    const path = prefix === '' ? error.property : `${prefix}.${error.property}`;
    return [...ownFaults(error, path), ...flatten(error.children ?? [], path)];
  });
}

function ownFaults(error: ValidationError, path: string): FieldFault[] {
  const faults = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
    path,
    message:
      rule === 'whitelistValidation'
        ? 'is not a field of this resource'
        : message.replace(`${error.property} `, ''),
  }));
  const [first] = faults;
  // a field that is missing breaks each of its rules; that it is missing is said once
  return error.value === undefined && first !== undefined
    ? [{ path, message: `is required and ${first.message}` }]
    : faults;
}
