import type { FastifyReply } from 'fastify';
import { GatewayError } from '#translation';
import type { ObjectLiteral, Repository, SelectQueryBuilder } from 'typeorm';
import { filterValues } from './filter-values.js';
import { readListQuery, type ListQuery, type RawListQuery } from './list-query.js';

/** Which columns of a table a list may be asked by. */
export interface ListFields {
  /** Matched by "contains". */
  readonly text: readonly string[];
  /** Matched exactly; a list of values matches any of them. */
  readonly exact: readonly string[];
  readonly sort: readonly string[];
  /** What `q` searches; default: the name. */
  readonly search?: string;
  /** Fields of other tables: a condition on `row` that takes the values asked for as `IN (${values})`. */
  readonly related?: Readonly<Record<string, (values: string) => string>>;
}

export interface Page<T> {
  readonly rows: T[];
  readonly total: number;
  readonly first: number;
}

/** One page of a table, newest first unless asked otherwise. @throws GatewayError on unknown fields. */
export async function findPage<T extends ObjectLiteral>(
  repository: Repository<T>,
  raw: RawListQuery,
  fields: ListFields,
): Promise<Page<T>> {
  const query = readListQuery(raw, {
    filter: ['id', 'q', ...fields.text, ...fields.exact, ...Object.keys(fields.related ?? {})],
    sort: fields.sort,
  });
  const builder = repository.createQueryBuilder('row');
  applyFilter(builder, query.filter, fields);
  builder.orderBy(
    `row.${query.sort?.field ?? 'createdAt'}`,
    (query.sort?.isDescending ?? true) ? 'DESC' : 'ASC',
  );
  const [first, last] = query.range;
  const [rows, total] = await builder
    .skip(first)
    .take(last - first + 1)
    .getManyAndCount();
  return { rows, total, first };
}

/** Sets the header by which the panel knows how many rows there are. */
export function sendPage<T, U>(
  reply: FastifyReply,
  resource: string,
  page: { rows: T[]; total: number; first: number },
  show: (row: T) => U,
): U[] {
  const last = page.first + Math.max(0, page.rows.length - 1);
  void reply.header('content-range', `${resource} ${page.first}-${last}/${page.total}`);
  return page.rows.map(show);
}

function applyFilter<T extends ObjectLiteral>(
  builder: SelectQueryBuilder<T>,
  filter: ListQuery['filter'],
  fields: ListFields,
): void {
  for (const [index, [name, value]] of Object.entries(filter).entries()) {
    const parameter = `filter${index}`;
    if (name === 'q' || fields.text.includes(name)) {
      const column = name === 'q' ? (fields.search ?? 'name') : name;
      builder.andWhere(`row.${column} LIKE :${parameter} ESCAPE '\\'`, {
        [parameter]: `%${escapeLike(textOf(name, value))}%`,
      });
    } else {
      const values = filterValues(name, value);
      const condition = fields.related?.[name] ?? ((list: string) => `row.${name} IN (${list})`);
      builder.andWhere(condition(`:...${parameter}`), {
        [parameter]: values.length === 0 ? [''] : values,
      });
    }
  }
}

function textOf(name: string, value: unknown): string {
  if (typeof value === 'string' && value.length <= 200) return value;
  throw new GatewayError(
    'invalid_request',
    `The filter \`${name}\` must be a text of at most 200 characters.`,
    { path: 'filter' },
  );
}

/** Wildcards of the caller are looked for as they are. */
function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
