import { describe, expect, it } from 'vitest';
import { toGrammarSchema } from './grammar-schema.js';
import { RequestFault } from './request-fault.js';

const answer = (schema: object) => ({
  type: 'object',
  properties: { answer: schema },
  required: ['answer'],
  additionalProperties: false,
});

function paramOf(schema: Readonly<Record<string, unknown>>): string | null {
  try {
    toGrammarSchema(schema);
  } catch (error) {
    if (error instanceof RequestFault) return error.param;
    throw error;
  }
  return 'nothing was refused';
}

describe('toGrammarSchema', () => {
  it('leaves what the grammar enforces as it is', () => {
    const schema = answer({ type: 'array', items: { enum: ['a', 'b'] }, maxItems: 3 });
    expect(toGrammarSchema(schema)).toEqual(schema);
  });

  it('writes anyOf, which the grammar does not know, as oneOf', () => {
    const choice = [{ type: 'integer' }, { type: 'null' }];
    expect(toGrammarSchema(answer({ anyOf: choice }))).toEqual(answer({ oneOf: choice }));
  });

  it('writes older definitions in the newer form', () => {
    const old = { definitions: { a: { type: 'string' } }, $ref: '#/definitions/a' };
    expect(toGrammarSchema(old)).toEqual({ $defs: { a: { type: 'string' } }, $ref: '#/$defs/a' });
  });

  it('takes properties whose names are keywords for properties', () => {
    const schema = { type: 'object', properties: { pattern: { type: 'string' } } };
    expect(toGrammarSchema(schema)).toEqual(schema);
  });

  const root = 'response_format.json_schema.schema';
  it.each([
    [answer({ type: 'string', pattern: '^a$' }), `${root}.properties.answer.pattern`],
    [answer({ type: 'integer', maximum: 3 }), `${root}.properties.answer.maximum`],
    [answer({ type: 'string', format: 'email' }), `${root}.properties.answer.format`],
    [{ allOf: [answer({ type: 'string' })] }, `${root}.allOf`],
    [{ not: { type: 'object' } }, `${root}.not`],
    [{ anyOf: [{ type: 'string' }, { not: {} }] }, `${root}.anyOf[1].not`],
    [{ $ref: '#/$defs/missing' }, `${root}.$ref`],
  ])('refuses %j and says where', (schema, param) => {
    expect(paramOf(schema)).toBe(param);
  });

  it('refuses a schema that is nested without end', () => {
    let schema: Readonly<Record<string, unknown>> = { type: 'string' };
    for (let level = 0; level < 40; level += 1) schema = { type: 'array', items: schema };
    expect(() => toGrammarSchema(schema)).toThrow(/nested deeper than 32 levels/);
  });
});
