import { findCapabilityFaults } from '#translation';
import { ValidateBy, type ValidationArguments } from 'class-validator';

/** An object that names known capabilities with values they may have. */
export const IsCapabilityOverrides = (): PropertyDecorator =>
  ValidateBy({
    name: 'isCapabilityOverrides',
    validator: {
      validate: (value: unknown) => faultsOf(value).length === 0,
      defaultMessage: (context?: ValidationArguments) =>
        faultsOf(context?.value as unknown).join('; '),
    },
  });

function faultsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return ['must be an object of capabilities, or null'];
  return findCapabilityFaults(value);
}
