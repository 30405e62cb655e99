import { listOf, objectOf, type Json } from '../../support/stream-grammar/rule-book.js';

/** Paths of warnings and refusals that lead nowhere in the caller's body, so that it would look in vain. */
export function unknownPaths(body: Json, paths: readonly string[]): string[] {
  return [...new Set(paths)]
    .filter((path) => !leadsSomewhere(body, path.split(/\.|(?=\[)/)))
    .map((path) => `path: ${path} is nowhere in the request`);
}

/** The last step may be absent: that a field is missing is worth a word too. */
function leadsSomewhere(value: unknown, [step, ...rest]: readonly string[]): boolean {
  if (step === undefined) return true;
  if (step === '[]') return listOf(value).some((item) => leadsSomewhere(item, rest));
  const index = /^\[(\d+)\]$/.exec(step)?.[1];
  if (index !== undefined) {
    const item = Array.isArray(value) ? (value as unknown[])[Number(index)] : undefined;
    return item !== undefined && leadsSomewhere(item, rest);
  }
  const member = objectOf(value)[step];
  return member === undefined ? rest.length === 0 : leadsSomewhere(member, rest);
}
