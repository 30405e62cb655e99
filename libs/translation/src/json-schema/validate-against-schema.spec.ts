import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateAgainstSchema } from './validate-against-schema.js';

const check = (schema: unknown, value: unknown): string | null => {
  const mismatch = validateAgainstSchema({ json: JSON.stringify(schema) }, JSON.stringify(value));
  return mismatch === null ? null : mismatch.path;
};

describe('validateAgainstSchema', () => {
  it.each<[string, unknown, unknown, unknown]>([
    ['type', { type: 'integer' }, 1, 1.5],
    ['type', { type: ['string', 'null'] }, null, 1],
    ['enum', { enum: ['a', { b: 1 }] }, { b: 1 }, 'c'],
    ['const', { const: [1] }, [1], [2]],
    ['minimum', { minimum: 2 }, 2, 1],
    ['maximum', { maximum: 2 }, 2, 3],
    ['exclusiveMinimum', { exclusiveMinimum: 2 }, 3, 2],
    ['exclusiveMaximum', { exclusiveMaximum: 2 }, 1, 2],
    ['multipleOf', { multipleOf: 0.1 }, 0.3, 0.35],
    ['minLength', { minLength: 1 }, '😀', ''],
    ['maxLength', { maxLength: 1 }, '😀', 'ab'],
    ['minItems', { minItems: 1 }, [1], []],
    ['maxItems', { maxItems: 1 }, [1], [1, 2]],
    [
      'uniqueItems',
      { uniqueItems: true },
      [{ a: 1, b: 2 }],
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
    ],
    ['minProperties', { minProperties: 1 }, { a: 1 }, {}],
    ['anyOf', { anyOf: [{ type: 'string' }, { type: 'null' }] }, null, 1],
    ['oneOf', { oneOf: [{ minimum: 1 }, { maximum: 1 }] }, 2, 1],
    ['allOf', { allOf: [{ minimum: 1 }, { maximum: 2 }] }, 2, 3],
    ['not', { not: { type: 'string' } }, 1, 'a'],
    [
      'if',
      JSON.parse('{"if":{"type":"string"},"then":{"minLength":2},"else":{"minimum":5}}'),
      'ab',
      4,
    ],
    ['$ref', { $ref: '#/$defs/a~1b', $defs: { 'a/b': { type: 'string' } } }, 'x', 1],
    ['false', false, undefined, 1],
  ])('knows %s: %j takes %j, not %j', (_, schema, good, bad) => {
    if (good !== undefined) expect(check(schema, good)).toBeNull();
    expect(check(schema, bad)).toBe('');
  });

  it('names the place', () => {
    const schema = {
      type: 'object',
      properties: { list: { items: { $ref: '#/$defs/item' } } },
      required: ['list'],
      additionalProperties: false,
      $defs: { item: { type: 'object', required: ['n'], properties: { n: { maximum: 5 } } } },
    };
    expect(check(schema, { list: [{ n: 5 }] })).toBeNull();
    expect(check(schema, { list: [{ n: 5 }, { n: 6 }] })).toBe('list[1].n');
    expect(check(schema, { list: [{}] })).toBe('list[0].n');
    expect(check(schema, {})).toBe('list');
    expect(check(schema, { list: [], more: 1 })).toBe('more');
    expect(validateAgainstSchema({ json: '{}' }, 'no json')).toEqual({
      path: '',
      problem: 'is not JSON',
    });
  });

  it('takes no names of an object’s prototype for members', () => {
    expect(check({ required: ['toString'] }, {})).toBe('toString');
  });

  it('runs no pattern of the caller’s', () => {
    expect(check({ pattern: '^(a+)+$' }, `${'a'.repeat(60)}!`)).toBeNull();
  });

  it('ends on schemas that refer to themselves many times over', () => {
    const twice = { anyOf: [{ $ref: '#' }, { $ref: '#' }], allOf: [{ $ref: '#' }, { $ref: '#' }] };
    expect(check(twice, { a: [1, 2, 3] })).toBeNull();
  });

  it('never throws, whatever schema and answer are', () => {
    fc.assert(
      fc.property(fc.json(), fc.string(), (schema, text) => {
        validateAgainstSchema({ json: schema }, text);
        validateAgainstSchema({ json: text }, schema);
      }),
    );
  });
});
