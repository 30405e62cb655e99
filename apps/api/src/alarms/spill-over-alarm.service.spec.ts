import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openManagementApp, type ManagementApp } from '../../../../test/support/management-app.js';
import { firstIdAt } from '../common/time-ordered-id.js';
import type { AppConfig } from '../config/app-config.js';
import { SpillOverAlarm } from './spill-over-alarm.service.js';

const hourMs = 3_600_000;
const nowMs = Date.now();

describe('the alarm of what goes to paid providers', () => {
  let gateway: ManagementApp;
  const alarmOf = (percent: number | null, nanosPerHour: number | null): SpillOverAlarm =>
    new SpillOverAlarm(gateway.app.get(DataSource), {
      spillOverLimits: { percent, nanosPerHour },
    } as AppConfig);

  beforeAll(async () => {
    gateway = await openManagementApp();
    const runner = gateway.app.get(DataSource).createQueryRunner();
    const kinds: [
      count: number,
      kind: string | null,
      localState: string | null,
      cost: number | null,
      status: string,
      ageMs: number,
    ][] = [
      [10, 'local', 'ready', 0, 'free', 1000],
      [5, 'provider', 'cold', 1_000_000_000, 'exact', 1000],
      [1, 'provider', 'cold', null, 'unknown', 1000],
      // another machine of the owner's, a route of the cloud alone, a failure, and what is long past
      [4, 'provider', 'cold', 0, 'free', 1000],
      [3, 'provider', null, 7, 'exact', 1000],
      [9, null, 'cold', 0, 'free', 1000],
      // a hedge that lost to the local model, and an attempt whose answer broke off, cost all the same
      [1, 'local', 'cold', 500, 'exact', 1000],
      [1, null, null, null, 'unknown', 1000],
      [99, 'provider', 'cold', 1, 'exact', hourMs + 60_000],
    ];
    let count = 0;
    for (const [times, kind, localState, cost, status, ageMs] of kinds)
      for (let index = 0; index < times; index += 1) {
        count += 1;
        await runner.query(
          `INSERT INTO request_logs (id, boot_id, created_at, protocol, is_stream, outcome, attempt_count, cost_status, served_kind, cost_nanos, local_state)
           VALUES (?, 'boot', ?, 'openai-chat', 0, 'completed', 1, ?, ?, ?, ?)`,
          [firstIdAt(nowMs - ageMs) + count, nowMs - ageMs, status, kind, cost, localState],
        );
      }
    await runner.release();
  });
  afterAll(() => gateway.remove());

  it('counts what could have stayed local and was paid for, in the last hour', async () => {
    const alarm = alarmOf(28, null);
    await alarm.look(nowMs);
    expect(alarm.raised).toEqual({
      causes: ['share'],
      sinceMs: nowMs,
      requests: 21,
      spilled: 6,
      costNanos: 5_000_000_521,
      unknownCosts: 2,
    });
    await alarm.look(nowMs + 30_000);
    expect(alarm.raised?.sinceMs).toBe(nowMs);
    await alarm.look(nowMs + 3 * hourMs);
    expect(alarm.raised).toBeNull();
  });

  it('is quiet below its limits', async () => {
    const alarm = alarmOf(29, 5_000_000_521);
    await alarm.look(nowMs);
    expect(alarm.raised).toBeNull();
  });

  it('is told to the panel', async () => {
    const answer = await gateway.call('get', '/api/dashboard').expect(200);
    expect(answer.body).toMatchObject({ spillOverAlarm: null });
  });
});
