import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '#translation';
import { readListQuery, type RawListQuery } from './list-query.js';

const fields = { filter: ['id', 'name'], sort: ['name', 'createdAt'] };
const read = (raw: RawListQuery) => readListQuery(raw, fields);

describe('readListQuery', () => {
  it('takes the first 25 rows when nothing is asked for', () => {
    expect(read({})).toEqual({ filter: {}, range: [0, 24], sort: null });
  });

  it('reads what the panel sends', () => {
    const raw = { filter: '{"id":["a","b"]}', range: '[25,49]', sort: '["name","DESC"]' };

    expect(read(raw)).toEqual({
      filter: { id: ['a', 'b'] },
      range: [25, 49],
      sort: { field: 'name', isDescending: true },
    });
  });

  it.each([
    ['filter', '{'],
    ['filter', '[]'],
    ['filter', '"name"'],
    ['filter', '1'],
    ['filter', '{"password":"x"}'],
    ['filter', '{"__proto__":"x"}'],
    ['filter', '{"constructor":"x"}'],
    ['range', '[0]'],
    ['range', '[5,1]'],
    ['range', '[-1,5]'],
    ['range', '[0,1.5]'],
    ['range', '["0","5"]'],
    ['range', '[0,100]'],
    ['range', '[0,1e99]'],
    ['range', '[1e99,1e99]'],
    ['range', '{}'],
    ['sort', '["name"]'],
    ['sort', '["name","asc"]'],
    ['sort', '["password","ASC"]'],
    ['sort', '["name; DROP TABLE users","ASC"]'],
    ['sort', '{"name":"ASC"}'],
  ])('refuses %s=%s and says which parameter is wrong', (name, value) => {
    try {
      read({ [name]: value });
    } catch (error) {
      expect(error).toBeInstanceOf(GatewayError);
      expect([(error as GatewayError).status, (error as GatewayError).path]).toEqual([400, name]);
      return;
    }
    throw new Error('it was accepted');
  });

  it('answers any text with a list query or a 400, never with anything else', () => {
    const text = fc.oneof(fc.string(), fc.json());
    fc.assert(
      fc.property(text, text, text, (filter, range, sort) => {
        try {
          const query = read({ filter, range, sort });
          expect(query.range[1] - query.range[0]).toBeLessThan(100);
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError);
        }
      }),
    );
  });
});
