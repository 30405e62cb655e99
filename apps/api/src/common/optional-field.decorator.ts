import { ValidateIf } from 'class-validator';

/** The field may be left out, but not be null. */
export const IfGiven = (): PropertyDecorator => ValidateIf((_object, value) => value !== undefined);

/** The field may be left out or be null. */
export const IfNotNull = (): PropertyDecorator => ValidateIf((_object, value) => value !== undefined && value !== null);
