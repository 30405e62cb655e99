import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataSource } from 'typeorm';
import { openManagementApp, type ManagementApp } from '../../../../test/support/management-app.js';
import { firstIdAt, toPublicId } from '../common/time-ordered-id.js';
import { Attempt } from './attempt.entity.js';
import { RequestLog } from './request-log.entity.js';

const startMs = 1_795_000_000_000;
const idAt = (index: number): number => firstIdAt(startMs + index * 1_000) + 7;

function requestAt(index: number, fields: Partial<RequestLog> = {}): RequestLog {
  return {
    id: idAt(index),
    bootId: 'boot',
    createdAt: startMs + index * 1_000,
    keyId: index % 2 === 0 ? 'key-a' : 'key-b',
    keyName: 'app',
    protocol: 'openai-chat',
    requestedModel: 'chat',
    routeName: 'chat',
    isStream: index % 3 === 0,
    status: 200,
    outcome: 'completed',
    errorCode: null,
    errorMessage: null,
    servedKind: 'local',
    servedBy: 'local:llama',
    servedModel: 'llama',
    attemptCount: 1,
    queueMs: 0.5,
    loadMs: null,
    firstTokenMs: 12.3,
    totalMs: 100.7,
    inputTokens: 10,
    outputTokens: 5,
    cacheReadTokens: null,
    cacheWriteTokens: null,
    reasoningTokens: null,
    costNanos: 9_007_199_254_740_000,
    costStatus: 'free',
    fallbackReason: null,
    localState: null,
    warnings: null,
    ...fields,
  };
}

function attemptOf(request: RequestLog, position: number): Attempt {
  const { id, bootId, keyId, queueMs, loadMs, firstTokenMs, totalMs, costNanos, costStatus } =
    request;
  return {
    id: id + position,
    requestId: id,
    bootId,
    keyId,
    routeId: null,
    reservedAt: null,
    isSpillover: null,
    position,
    kind: 'provider',
    label: 'provider:openai/gpt',
    upstreamModel: 'gpt',
    startedAt: request.createdAt,
    reservedNanos: 1,
    priceSource: null,
    state: 'settled',
    outcome: 'completed',
    errorCode: null,
    errorMessage: null,
    reasonCode: null,
    httpStatus: 200,
    queueMs,
    loadMs,
    firstTokenMs,
    totalMs,
    inputTokens: 1,
    outputTokens: 2,
    cacheReadTokens: 3,
    cacheWriteTokens: 4,
    reasoningTokens: 5,
    costNanos,
    costStatus,
    instanceId: null,
    warnings: null,
  };
}

interface Row {
  readonly id: string;
  readonly createdAt: number;
}

describe('/api/request-logs', () => {
  let gateway: ManagementApp;
  const list = (query: Record<string, unknown> = {}) =>
    gateway
      .call('get', '/api/request-logs')
      .query(
        Object.fromEntries(
          Object.entries(query).map(([name, value]) => [name, JSON.stringify(value)]),
        ),
      );
  const indicesOf = async (filter: object): Promise<number[]> => {
    const answer = await list({ filter, range: [0, 99] });
    expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
    return (answer.body as Row[]).map(({ createdAt }) => (createdAt - startMs) / 1_000);
  };

  beforeAll(async () => {
    gateway = await openManagementApp();
    const dataSource = gateway.app.get(DataSource);
    const warnings = JSON.stringify([{ code: 'dropped', path: 'seed', detail: 'not known there' }]);
    const rows = Array.from({ length: 40 }, (_, index) => requestAt(index));
    rows[5] = requestAt(5, {
      outcome: 'failed',
      status: 502,
      errorCode: 'upstream_error',
      errorMessage: '<script>alert(1)</script>',
      servedKind: null,
      warnings,
    });
    await dataSource.getRepository(RequestLog).insert(rows);
    await dataSource
      .getRepository(Attempt)
      .insert([
        { ...attemptOf(requestAt(5), 2), warnings },
        attemptOf(requestAt(5), 1),
        attemptOf(requestAt(6), 1),
      ]);
  });
  afterAll(() => gateway.remove());

  it('answers the newest first, in the words of the API', async () => {
    const answer = await list().expect(200);
    const [first] = answer.body as Row[];
    const { bootId: _bootId, warnings: _warnings, ...row } = requestAt(39);

    expect(first).toEqual({ ...row, id: toPublicId('req', idAt(39)), warnings: [] });
    expect(answer.headers['content-range']).toBe('request-logs 0-24/40');
  });

  it('pages to the end without gaps or repeats, in both directions', async () => {
    for (const order of ['ASC', 'DESC']) {
      const pages = await Promise.all(
        [
          [0, 14],
          [15, 29],
          [30, 44],
        ].map((range) => list({ range, sort: ['createdAt', order] })),
      );
      const times = pages.flatMap(({ body }) => (body as Row[]).map(({ createdAt }) => createdAt));

      expect(times).toEqual(times.toSorted((a, b) => (order === 'ASC' ? a - b : b - a)));
      expect(new Set(times).size).toBe(40);
    }
  });

  it('filters by everything the API names', async () => {
    expect(await indicesOf({ keyId: 'key-b', createdBefore: startMs + 4_000 })).toEqual([3, 1]);
    expect(await indicesOf({ createdAfter: startMs + 38_000 })).toEqual([39, 38]);
    expect(await indicesOf({ createdAfter: 1e305 })).toEqual([]);
    expect(await indicesOf({ createdAfter: startMs + 38_000, createdBefore: 1e305 })).toEqual([
      39, 38,
    ]);
    expect(
      await indicesOf({ createdAfter: startMs + 2_000, createdBefore: startMs + 3_000 }),
    ).toEqual([2]);
    expect(await indicesOf({ outcome: 'failed' })).toEqual([5]);
    expect(await indicesOf({ errorCode: 'upstream_error' })).toEqual([5]);
    expect(await indicesOf({ servedKind: 'provider' })).toEqual([]);
    expect(await indicesOf({ routeName: 'nope' })).toEqual([]);
    expect((await indicesOf({ isStream: true })).every((index) => index % 3 === 0)).toBe(true);
    expect(await indicesOf({ isStream: false, createdBefore: startMs + 3_000 })).toEqual([2, 1]);
    expect(
      await indicesOf({
        id: [toPublicId('req', idAt(1)), toPublicId('req', idAt(2)), 'req_none', 'x'],
      }),
    ).toEqual([2, 1]);
  });

  it('shows one request with its attempts in order, and nothing of other requests', async () => {
    const answer = await gateway
      .call('get', `/api/request-logs/${toPublicId('req', idAt(5))}`)
      .expect(200);
    const body = answer.body as {
      attempts: (Record<string, unknown> & { position: number })[];
      warnings: unknown;
    };
    const {
      requestId: _requestId,
      bootId: _bootId,
      keyId: _keyId,
      ...attempt
    } = attemptOf(requestAt(5), 1);

    expect(body.attempts.map(({ position }) => position)).toEqual([1, 2]);
    expect(body.attempts[0]).toEqual({
      ...attempt,
      id: toPublicId('att', idAt(5) + 1),
      warnings: [],
    });
    const warnings = [{ code: 'dropped', path: 'seed', detail: 'not known there' }];
    expect(body.attempts[1]).toMatchObject({ warnings });
    expect(body.warnings).toEqual(warnings);
    expect(answer.headers['content-type']).toContain('application/json');
  });

  it.each([
    'req_none',
    'req_',
    'none',
    '1',
    'att_abc',
    'req_zzzzzzzzzzzzzzzzzzzz',
    'req_%27',
    'REQ_1',
    'req_-1',
    'req_1.5',
  ])('knows no request %s', async (id) => {
    await gateway.call('get', `/api/request-logs/${id}`).expect(404);
  });

  it('cannot be changed', async () => {
    const path = `/api/request-logs/${toPublicId('req', idAt(5))}`;

    for (const method of ['post', 'put', 'delete'] as const) {
      expect((await gateway.call(method, path).send({ outcome: 'completed' })).status).toBe(404);
    }
  });

  it('counts all rows of a long log', async () => {
    const runner = gateway.app.get(DataSource).createQueryRunner();
    await runner.query(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
       INSERT INTO request_logs (id, boot_id, created_at, protocol, is_stream, outcome, attempt_count, cost_status)
       SELECT i, 'old', i, 'openai-chat', 0, 'completed', 0, 'free' FROM n`,
    );
    await runner.release();
    const total = Number((await list()).headers['content-range']?.split('/')[1]);

    expect(total).toBeGreaterThanOrEqual(12_000);
  });
});
