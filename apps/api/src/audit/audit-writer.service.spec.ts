import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { AppConfig } from '../config/app-config.js';
import { SqliteWriter } from '../database/sqlite-writer.js';
import { AttemptRecord } from './attempt-record.js';
import { AuditWriter } from './audit-writer.service.js';

let dataDir: string;
let database: SqliteWriter;
let audit: AuditWriter;

beforeEach(async () => {
  // the batches that follow are not looked at here
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  dataDir = mkdtempSync(join(tmpdir(), 'spillway-audit-'));
  database = await SqliteWriter.open({ path: join(dataDir, 'test.db') });
  audit = new AuditWriter(database, { dataDir } as AppConfig);
});

afterEach(async () => {
  vi.useRealTimers();
  await database.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function attempt(id: number): AttemptRecord {
  const identity = { id, requestId: 1, keyId: 'key', routeId: 'route', position: 1 };
  const target = { kind: 'provider', label: 'there', upstreamModel: 'm', price: null } as const;
  return new AttemptRecord(identity, target, { epochMs: 0, tick: 0 });
}

function journalled(): number[] {
  const folder = join(dataDir, 'journal');
  const lines = readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), 'utf8').trim().split('\n'),
  );
  return lines.map((line) => (JSON.parse(line) as number[])[0] ?? NaN);
}

describe('an attempt that may cost money', () => {
  it('is written down when it may be sent, alone and among others', async () => {
    await audit.open(attempt(1));
    expect(journalled()).toEqual([1]);
    await Promise.all([2, 3, 4].map((id) => audit.open(attempt(id))));
    expect(journalled()).toEqual([1, 2, 3, 4]);
  });

  it('does not wait where nobody shares the write: with no other under way, or none that began just now', async () => {
    const [first, second, third, fourth] = [1, 2, 3, 4].map(attempt) as [
      AttemptRecord,
      AttemptRecord,
      AttemptRecord,
      AttemptRecord,
    ];
    const clock = vi.spyOn(performance, 'now').mockReturnValue(1_000);
    onTestFinished(() => {
      clock.mockRestore();
    });
    void audit.open(first);
    expect(journalled()).toEqual([1]);
    audit.close(first);
    void audit.open(second);
    expect(journalled()).toEqual([1, 2]);
    const shared = audit.open(third);
    expect(journalled()).toEqual([1, 2]);
    await shared;
    clock.mockReturnValue(1_001);
    void audit.open(fourth);
    expect(journalled()).toEqual([1, 2, 3, 4]);
  });

  it('may not be sent when it cannot be written down, alone or among others', async () => {
    rmSync(join(dataDir, 'journal'), { recursive: true });
    const openings = [1, 2, 3].map((id) => audit.open(attempt(id)));
    for (const { status, reason } of (await Promise.allSettled(
      openings,
    )) as PromiseRejectedResult[]) {
      expect(status).toBe('rejected');
      expect(reason).toMatchObject({ code: 'storage_unavailable' });
    }
  });

  it('may not be sent when the database was removed', async () => {
    await audit.open(attempt(1));
    rmSync(join(dataDir, 'test.db'));
    await expect(database.enter()).rejects.toThrow('was removed or replaced');
    await expect(audit.open(attempt(2))).rejects.toMatchObject({ code: 'storage_unavailable' });
  });

  it('keeps the beginning of its row, and shows in its rest what has become of it', async () => {
    const record = attempt(7);
    record.reservedNanos = 5;
    await audit.open(record);
    record.outcome = 'completed';
    record.warnings = [{ code: 'unsupported_field', path: 'a', detail: '"]' }];
    const other = attempt(8);
    await audit.open(record);
    await audit.open(other);
    const folder = join(dataDir, 'journal');
    const [name = ''] = readdirSync(folder);
    const rows = readFileSync(join(folder, name), 'utf8').trim().split('\n');
    const [first, second] = rows.map((row) => JSON.parse(row) as unknown[]);
    expect(first?.slice(0, 11)).toEqual(second?.slice(0, 11));
    expect(first?.[9]).toBe(5);
    expect([first?.[12], second?.[12]]).toEqual(['running', 'completed']);
    expect(first).toHaveLength(second?.length ?? 0);
  });
});
