import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonText, writeJson } from './write-json.js';

const mark = '\u0000\u0001json\u0001\u0000';
const written = fc.constantFrom('{ "a" : 1.0 }', '[]', '"x"', '1e400');
const name = fc.oneof(fc.string(), fc.constantFrom(mark, `"${mark}"`, 'a'));

/** Values as encoders make them: texts to splice at any depth, and the mark where a caller might put it. */
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.jsonValue({ maxDepth: 1 }),
    fc.constant(undefined),
    name,
    written.map((json) => new JsonText(json)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4 }),
  ),
}));

/** What it means, without any trick: a text of its own for each value. */
function expected(part: unknown): string {
  if (part instanceof JsonText) return part.json;
  if (Array.isArray(part)) return `[${part.map(expected).join(',')}]`;
  if (typeof part !== 'object' || part === null) return JSON.stringify(part) ?? 'null';
  const members = Object.entries(part).filter(([, member]) => member !== undefined);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${expected(member)}`).join(',')}}`;
}

describe('writeJson', () => {
  it('writes texts as they are and everything else as JSON.stringify does', () => {
    fc.assert(
      fc.property(value, (part) => {
        expect(writeJson(part)).toBe(expected(part));
      }),
    );
  });

  it('is not led astray by its own mark in a caller’s text', () => {
    const part = { [mark]: mark, raw: new JsonText('{"n": 1.0}'), quoted: `"${mark}"` };
    expect(writeJson(part)).toBe(expected(part));
  });
});
