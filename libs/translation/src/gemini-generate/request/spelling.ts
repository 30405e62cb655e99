import type { ObjectReader, Spelling, ValueReader } from '../../shared/json/object-reader.js';

/** Google's JSON takes the names of its schema (`max_output_tokens`) as well as their camel case. */
export const eitherSpelling: Spelling = (name, members) => {
  if (members.has(name)) return name;
  const snake = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return members.has(snake) ? snake : name;
};

export function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** A list, or the lone value that Google takes for a list of one. */
export function listOf(object: ObjectReader, name: string): ValueReader[] {
  const value = object.value(name);
  if (value === null) return [];
  return value.isArray ? value.array() : [value];
}
