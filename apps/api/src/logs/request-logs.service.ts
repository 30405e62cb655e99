import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { GatewayError } from '#translation';
import type { Repository, SelectQueryBuilder } from 'typeorm';
import { filterValues } from '../common/management/filter-values.js';
import { readListQuery, type RawListQuery } from '../common/management/list-query.js';
import { orNotFound } from '../common/management/not-found.js';
import { firstIdAt, fromPublicId, toPublicId } from '../common/time-ordered-id.js';
import { Attempt } from './attempt.entity.js';
import { RequestLog } from './request-log.entity.js';

const exactFields = [
  'keyId',
  'routeName',
  'outcome',
  'servedKind',
  'errorCode',
  'isStream',
  'protocol',
  'status',
];
/** Counting stops here (a count of a million rows takes the reading connection about 50 ms). */
const maxCounted = 1_000_000;

/** Reads the log. Sorted by id, which is sorted by time, so every page is one walk along the primary key. */
@Injectable()
export class RequestLogsService {
  constructor(
    @InjectRepository(RequestLog) private readonly requests: Repository<RequestLog>,
    @InjectRepository(Attempt) private readonly attempts: Repository<Attempt>,
  ) {}

  async page(raw: RawListQuery) {
    const filterFields = ['id', 'q', 'createdAfter', 'createdBefore', ...exactFields];
    const query = readListQuery(raw, {
      filter: filterFields,
      sort: ['id', 'createdAt', 'totalMs', 'costNanos', 'firstTokenMs'],
    });
    const builder = this.requests.createQueryBuilder('row');
    applyFilter(builder, query.filter);
    const total = await this.countUpTo(builder.clone());
    const [first, last] = query.range;
    const field = query.sort === null || query.sort.field === 'createdAt' ? 'id' : query.sort.field;
    const rows = await builder
      .orderBy(`row.${field}`, (query.sort?.isDescending ?? true) ? 'DESC' : 'ASC')
      .offset(first)
      .limit(last - first + 1)
      .getMany();
    return { rows, total, first };
  }

  async one(publicId: string): Promise<{ request: RequestLog; attempts: Attempt[] }> {
    const id = fromPublicId(publicId);
    const found =
      Number.isSafeInteger(id) && toPublicId('req', id) === publicId
        ? await this.requests.findOneBy({ id })
        : null;
    const request = orNotFound(found, 'request');
    const attempts = await this.attempts.find({
      where: { requestId: request.id },
      order: { position: 'ASC' },
    });
    return { request, attempts };
  }

  private async countUpTo(builder: SelectQueryBuilder<RequestLog>): Promise<number> {
    const [rows, parameters] = builder
      .select('row.id', 'id')
      .limit(maxCounted)
      .getQueryAndParameters();
    const [counted] = await this.requests.query<{ total: number }[]>(
      `SELECT COUNT(*) AS total FROM (${rows}) AS counted`,
      parameters,
    );
    return Number(counted?.total ?? 0);
  }
}

function applyFilter(
  builder: SelectQueryBuilder<RequestLog>,
  filter: Readonly<Record<string, unknown>>,
): void {
  for (const [name, value] of Object.entries(filter)) {
    if (name === 'createdAfter')
      builder.andWhere('row.id >= :after', { after: firstIdAt(timeOf(name, value)) });
    else if (name === 'createdBefore')
      builder.andWhere('row.id < :before', { before: firstIdAt(timeOf(name, value)) });
    else if (name === 'id') builder.andWhere('row.id IN (:...ids)', { ids: idsOf(value) });
    else if (name === 'q')
      builder.andWhere('row.id = :publicId', { publicId: idsOf(value)[0] ?? -1 });
    else builder.andWhere(`row.${name} IN (:...${name})`, { [name]: filterValues(name, value) });
  }
}

function idsOf(value: unknown): number[] {
  const texts = Array.isArray(value) ? (value as unknown[]) : [value];
  return texts
    .map((text) => (typeof text === 'string' ? fromPublicId(text) : Number.NaN))
    .map((id) => (Number.isSafeInteger(id) ? id : -1));
}

function timeOf(name: string, value: unknown): number {
  const time = typeof value === 'string' ? Date.parse(value) : value;
  if (typeof time === 'number' && Number.isFinite(time)) return Math.trunc(time);
  throw new GatewayError(
    'invalid_request',
    `The filter \`${name}\` must be epoch milliseconds or an ISO date.`,
    { path: 'filter' },
  );
}
