import { ValidateIf } from 'class-validator';

/** The field may be left out, but not be null. */
export const IfGiven = (): PropertyDecorator => ValidateIf((_object, value) => value !== undefined);

/** The field may be left out or be null. */
export const IfNotNull = (): PropertyDecorator =>
  ValidateIf((_object, value) => value !== undefined && value !== null);

/**
 * Takes back an inherited `IfGiven`: the rules of the parent class hold even when the field is missing. A class that
 * only declares the field anew keeps the parent's condition, and with it a way to leave the field out.
 */
export const Required = (): PropertyDecorator => ValidateIf(() => true);
