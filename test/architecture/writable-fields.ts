import { getMetadataStorage } from 'class-validator';

/** The fields that a body of the management API may have, by the class that checks it. */
export function writableFields(dto: new () => object): string[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  return [...new Set(rules.map(({ propertyName }) => propertyName))];
}
