import { GatewayError } from '#translation';

/** A request for a page of a list, as react-admin's simple REST provider sends it. */
export interface ListQuery {
  readonly filter: Readonly<Record<string, unknown>>;
  /** First and last row, both counted. */
  readonly range: readonly [first: number, last: number];
  readonly sort: { readonly field: string; readonly isDescending: boolean } | null;
}

export interface RawListQuery {
  readonly filter?: string;
  readonly range?: string;
  readonly sort?: string;
}

const maxPageRows = 100;

/** @throws GatewayError `invalid_request` saying which parameter is wrong and how it should look. */
export function readListQuery(
  raw: RawListQuery,
  fields: { readonly filter: readonly string[]; readonly sort: readonly string[] },
): ListQuery {
  const filter = parse(raw.filter, 'filter', '{"name":"…"}') ?? {};
  if (typeof filter !== 'object' || Array.isArray(filter) || filter === null)
    throw wrong('filter', '{"name":"…"}');
  for (const name of Object.keys(filter)) {
    if (!fields.filter.includes(name)) throw unknownField('filter', name, fields.filter);
  }
  return {
    filter: filter as Record<string, unknown>,
    range: readRange(parse(raw.range, 'range', '[0,24]')),
    sort: readSort(parse(raw.sort, 'sort', '["name","ASC"]'), fields.sort),
  };
}

function readRange(range: unknown): readonly [number, number] {
  if (range === null) return [0, 24];
  const [first, last] = Array.isArray(range) ? (range as unknown[]) : [];
  const isValid =
    Number.isSafeInteger(first) &&
    Number.isSafeInteger(last) &&
    (first as number) >= 0 &&
    (last as number) >= (first as number);
  if (!isValid) throw wrong('range', '[0,24]');
  if ((last as number) - (first as number) >= maxPageRows) {
    throw new GatewayError('invalid_request', `\`range\` may span at most ${maxPageRows} rows.`, {
      path: 'range',
    });
  }
  return [first as number, last as number];
}

function readSort(sort: unknown, known: readonly string[]): ListQuery['sort'] {
  if (sort === null) return null;
  const [field, order] = Array.isArray(sort) ? (sort as unknown[]) : [];
  if (typeof field !== 'string' || (order !== 'ASC' && order !== 'DESC'))
    throw wrong('sort', '["name","ASC"]');
  if (!known.includes(field)) throw unknownField('sort', field, known);
  return { field, isDescending: order === 'DESC' };
}

function parse(text: string | undefined, name: string, example: string): unknown {
  if (text === undefined || text === '') return null;
  if (typeof text !== 'string') throw wrong(name, example);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw wrong(name, example);
  }
}

function wrong(name: string, example: string): GatewayError {
  return new GatewayError(
    'invalid_request',
    `The query parameter \`${name}\` must be JSON such as ${example}.`,
    { path: name },
  );
}

function unknownField(parameter: string, name: string, known: readonly string[]): GatewayError {
  return new GatewayError(
    'invalid_request',
    `\`${parameter}\` does not know the field "${name.slice(0, 60)}". Known: ${known.join(', ')}.`,
    { path: parameter },
  );
}
