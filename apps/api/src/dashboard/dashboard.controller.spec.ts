import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openManagementApp, type ManagementApp } from '../../../../test/support/management-app.js';
import { firstIdAt } from '../common/time-ordered-id.js';

const hourMs = 3_600_000;

interface Share {
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costNanos: number;
}
interface Figures extends Share {
  readonly hours: number;
  readonly failed: number;
  readonly unknownCostRequests: number;
  readonly local: Share;
  readonly cloud: Share;
  readonly instances: unknown[];
  readonly series: readonly (Share & {
    startMs: number;
    failed: number;
    localRequests: number;
    cloudRequests: number;
  })[];
}

describe('/api/dashboard', () => {
  let gateway: ManagementApp;
  const nowMs = Date.now();
  const read = async (query = ''): Promise<Figures> =>
    (await gateway.call('get', `/api/dashboard${query}`).expect(200)).body as Figures;

  beforeAll(async () => {
    gateway = await openManagementApp();
    const runner = gateway.app.get(DataSource).createQueryRunner();
    const rows: [
      hoursAgo: number,
      kind: string | null,
      outcome: string,
      input: number | null,
      cost: number | null,
      status: string,
    ][] = [
      [0, 'local', 'completed', 10, 0, 'free'],
      [0, 'provider', 'completed', 100, 5_000_000_000, 'exact'],
      [2, 'provider', 'completed', 1, null, 'unknown'],
      [2, null, 'failed', null, 0, 'free'],
      [2, null, 'refused', null, 0, 'free'],
      [30, 'provider', 'completed', 7, 1, 'exact'],
      [800, 'local', 'completed', 7, 0, 'free'],
    ];
    for (const [index, [hoursAgo, kind, outcome, input, cost, status]] of rows.entries()) {
      const createdAt = nowMs - hoursAgo * hourMs - 1;
      await runner.query(
        `INSERT INTO request_logs (id, boot_id, created_at, protocol, is_stream, outcome, attempt_count, cost_status, served_kind, input_tokens, output_tokens, cost_nanos)
         VALUES (?, 'boot', ?, 'openai-chat', 0, ?, 1, ?, ?, ?, ?, ?)`,
        [firstIdAt(createdAt) + index, createdAt, outcome, status, kind, input, input, cost],
      );
    }
    await runner.release();
  });
  afterAll(() => gateway.remove());

  it('adds up the last day', async () => {
    expect(await read()).toMatchObject({
      hours: 24,
      requests: 5,
      failed: 1,
      inputTokens: 111,
      outputTokens: 111,
      costNanos: 5_000_000_000,
      unknownCostRequests: 1,
      local: { requests: 1, inputTokens: 10 },
      cloud: { requests: 2, inputTokens: 101, costNanos: 5_000_000_000 },
      instances: [],
    });
  });

  it('looks as far back as it is asked to, and not further', async () => {
    expect((await read('?hours=720')).requests).toBe(6);
    expect((await read('?hours=1')).requests).toBe(2);
  });

  it.each([1, 24, 48, 49, 168, 720])(
    'has for %i hours a series without gaps that adds up to the sums',
    async (hours) => {
      const figures = await read(`?hours=${hours}`);
      const sum = (
        field: 'requests' | 'failed' | 'costNanos' | 'localRequests' | 'cloudRequests',
      ): number => figures.series.reduce((total, point) => total + point[field], 0);
      const steps = new Set(
        figures.series
          .slice(1)
          .map(({ startMs }, index) => startMs - (figures.series[index]?.startMs ?? 0)),
      );

      expect([sum('requests'), sum('failed'), sum('costNanos')]).toEqual([
        figures.requests,
        figures.failed,
        figures.costNanos,
      ]);
      expect([sum('localRequests'), sum('cloudRequests')]).toEqual([
        figures.local.requests,
        figures.cloud.requests,
      ]);
      expect(steps.size).toBeLessThanOrEqual(1);
      expect(figures.series.length).toBeLessThanOrEqual(100);
      expect(figures.series.at(-1)?.startMs).toBeLessThanOrEqual(Date.now());
    },
  );

  it.each(['0', '721', '-1', '1.5', 'x', '', '1e2x', 'Infinity', '24;'])(
    'refuses hours=%s',
    async (hours) => {
      await gateway.call('get', '/api/dashboard').query({ hours }).expect(400);
    },
  );
});
