import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRecursiveSchema, loadOfSchema, relaxSchema } from './relax-schema.js';

describe('relaxSchema', () => {
  it('leaves alone what the decoder enforces', () => {
    const schema = {
      type: 'object',
      title: 'T',
      properties: {
        a: { type: 'string', format: 'date', enum: ['x'] },
        b: { type: 'array', items: { $ref: '#/$defs/c' }, minItems: 1 },
      },
      required: ['a'],
      additionalProperties: false,
      $defs: { c: { anyOf: [{ type: 'null' }, { type: 'integer' }] } },
    };
    expect(relaxSchema(schema)).toEqual({ schema, relaxed: [], hasClosed: false });
  });

  it('tells in the description what it does not', () => {
    const { schema, relaxed, hasClosed } = relaxSchema({
      $schema: 's',
      type: 'object',
      properties: { n: { type: 'number', minimum: 1, multipleOf: 2, description: 'even' } },
      oneOf: [{ type: 'object', minProperties: 1 }],
      additionalProperties: { type: 'string' },
    });
    expect(hasClosed).toBe(true);
    expect(schema).toEqual({
      $schema: 's',
      type: 'object',
      properties: { n: { type: 'number', description: 'even\n\n{minimum: 1, multipleOf: 2}' } },
      anyOf: [{ type: 'object', additionalProperties: false, description: '{minProperties: 1}' }],
      additionalProperties: false,
      description: '{additionalProperties: {"type":"string"}}',
    });
    expect(new Set(relaxed)).toEqual(
      new Set(['minimum', 'multipleOf', 'minProperties', 'oneOf', 'additionalProperties']),
    );
  });

  it('takes properties for names, whatever they are called', () => {
    const schema = {
      type: 'object',
      properties: { pattern: { type: 'string' }, minimum: { type: 'number' } },
      additionalProperties: false,
    };
    expect(relaxSchema(schema)).toEqual({ schema, relaxed: [], hasClosed: false });
  });

  it('writes older definitions in the newer way', () => {
    expect(
      relaxSchema({ $ref: '#/definitions/a', definitions: { a: { type: 'string' } } }).schema,
    ).toEqual({ $ref: '#/$defs/a', $defs: { a: { type: 'string' } } });
  });

  it('has nothing more to do the second time, whatever the schema', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const once = relaxSchema(value).schema;
        expect(relaxSchema(once)).toEqual({ schema: once, relaxed: [], hasClosed: false });
      }),
    );
  });
});

describe('a schema', () => {
  it.each<[unknown, boolean]>([
    [{ properties: { a: { $ref: '#' } } }, true],
    [{ $defs: { a: { items: { $ref: '#/$defs/b' } }, b: { $ref: '#/$defs/a' } } }, true],
    [{ definitions: { a: { anyOf: [{ $ref: '#/definitions/a' }] } } }, true],
    [{ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: {} } }, false],
    [{}, false],
    [null, false],
  ])('%j is recursive: %s', (schema, expected) => {
    expect(isRecursiveSchema(schema)).toBe(expected);
  });

  it('weighs as much as its optional parameters and unions', () => {
    expect(
      loadOfSchema({
        properties: { a: { type: ['string', 'null'] }, b: { anyOf: [{ properties: { c: {} } }] } },
        required: ['a'],
      }),
    ).toEqual({ optionalParameters: 2, unions: 2 });
  });
});
