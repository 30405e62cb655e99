import type { ObjectReader, Spelling, ValueReader } from '../../shared/json/object-reader.js';

/** Decoders ask for the same few names again and again. */
const snakeNames = new Map<string, string>();

function snakeCase(name: string): string {
  const known = snakeNames.get(name);
  if (known !== undefined) return known;
  const snake = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  snakeNames.set(name, snake);
  return snake;
}

/** Google's JSON takes the names of its schema (`max_output_tokens`) as well as their camel case. */
export const eitherSpelling: Spelling = (name, members) => {
  const snake = snakeCase(name);
  return snake !== name && members.has(snake) ? snake : name;
};

export function camelCase(name: string): string {
  return !name.includes('_')
    ? name
    : name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** A list, or the lone value that Google takes for a list of one. */
export function listOf(object: ObjectReader, name: string): ValueReader[] {
  const value = object.value(name);
  if (value === null) return [];
  return value.isArray ? value.array() : [value];
}
