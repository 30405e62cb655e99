import { mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SqliteHandle } from './sqlite-handle.js';
import { SqliteWriter } from './sqlite-writer.js';

describe('SqliteWriter', () => {
  let folder: string;
  let writer: SqliteWriter;
  const rows = () => writer.run((db) => db.all<{ n: number }>('SELECT n FROM t ORDER BY n'));

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'spillway-writer-'));
    writer = await SqliteWriter.open({ path: join(folder, 'a.db'), turnTimeoutMs: 100 });
    await writer.run((db) => db.exec('CREATE TABLE t (n integer UNIQUE)'));
  });
  afterEach(async () => {
    await writer.close();
    rmSync(folder, { recursive: true });
  });

  it('writes ahead, waits for the disk and checks foreign keys', async () => {
    const pragma = async (name: string): Promise<unknown> =>
      Object.values((await writer.run((db) => db.all<object>(`PRAGMA ${name}`)))[0] ?? {})[0];

    expect(await pragma('journal_mode')).toBe('wal');
    expect(await pragma('synchronous')).toBe(2);
    expect(await pragma('foreign_keys')).toBe(1);
  });

  it('can be told to wait less for the disk', async () => {
    const quick = await SqliteWriter.open({ path: join(folder, 'b.db'), synchronous: 'NORMAL' });
    const [row] = await quick.run((db) => db.all<{ synchronous: number }>('PRAGMA synchronous'));
    await quick.close();

    expect(row?.synchronous).toBe(1);
  });

  it('writes nothing to a file that was moved away or replaced, until it is back', async () => {
    const path = join(folder, 'a.db');
    const aside = join(folder, 'aside');
    const insert = () => writer.run((db) => db.run('INSERT INTO t VALUES (1)'));
    renameSync(path, aside);
    await expect(insert()).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(writer.isInPlace).toBe(false);
    writeFileSync(path, 'another file');
    await expect(insert()).rejects.toMatchObject({ code: 'storage_unavailable' });
    renameSync(aside, path);
    await insert();

    expect(await rows()).toEqual([{ n: 1 }]);
    expect(writer.isInPlace).toBe(true);
  });

  it('unpacks a batch of rows from one JSON text', async () => {
    const insert = await writer.prepare('INSERT INTO t SELECT value->>0 FROM json_each(?)');
    await writer.writeBatch([
      { statement: insert, text: JSON.stringify([[1], [2], [Number.MAX_SAFE_INTEGER]]) },
    ]);

    expect(await rows()).toEqual([{ n: 1 }, { n: 2 }, { n: Number.MAX_SAFE_INTEGER }]);
  });

  it('writes a batch whole or not at all, and goes on after a failed one', async () => {
    const insert = await writer.prepare('INSERT INTO t SELECT value->>0 FROM json_each(?)');
    await writer.writeBatch([{ statement: insert, text: '[[1]]' }]);

    const clashing = ['[[2]]', '[[3],[1]]'].map((text) => ({ statement: insert, text }));
    await expect(writer.writeBatch(clashing)).rejects.toThrow('UNIQUE');
    await writer.writeBatch([{ statement: insert, text: '[[3]]' }]);
    expect(await rows()).toEqual([{ n: 1 }, { n: 3 }]);
  });

  it('keeps a batch out of a transaction that rolls back', async () => {
    const insert = await writer.prepare('INSERT INTO t SELECT value->>0 FROM json_each(?)');
    const rolledBack = writer.run(async (db) => {
      await db.exec('BEGIN');
      await db.run('INSERT INTO t VALUES (1)');
      await new Promise((resolve) => setTimeout(resolve, 20));
      await db.exec('ROLLBACK');
    });
    await Promise.all([rolledBack, writer.writeBatch([{ statement: insert, text: '[[2]]' }])]);

    expect(await rows()).toEqual([{ n: 2 }]);
  });

  it('says how many rows a prepared statement changed', async () => {
    const insert = await writer.prepare('INSERT INTO t VALUES (?), (?)');

    expect(await writer.runPrepared(insert, [1, 2])).toEqual({ changes: 2 });
  });

  it('gives the turn back when the work fails', async () => {
    await expect(writer.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');

    expect(await rows()).toEqual([]);
  });

  it('gives every one of a thousand writers a turn', async () => {
    const patient = await SqliteWriter.open({ path: join(folder, 'b.db') });
    await patient.run((db) => db.exec('CREATE TABLE t (n integer)'));
    const insert = await patient.prepare('INSERT INTO t VALUES (?)');
    const numbers = Array.from({ length: 1_000 }, (_, index) => index);
    await Promise.all(numbers.map((n) => patient.runPrepared(insert, [n])));
    const written = await patient.run((db) => db.all('SELECT n FROM t'));
    await patient.close();

    expect(written).toHaveLength(1_000);
  });

  it('finishes what waits already before it closes, and takes nothing afterwards', async () => {
    const path = join(folder, 'c.db');
    const closing = await SqliteWriter.open({ path, turnTimeoutMs: 50 });
    await closing.run((db) => db.exec('CREATE TABLE t (n integer)'));
    const last = closing.run((db) => db.run('INSERT INTO t VALUES (1)'));
    await Promise.all([last, closing.close(), closing.close()]);

    await expect(closing.run((db) => db.run('INSERT INTO t VALUES (2)'))).rejects.toThrow(
      'No turn',
    );
    const reader = await SqliteHandle.open(path, 'read');
    expect(await reader.all('SELECT n FROM t')).toEqual([{ n: 1 }]);
    await reader.close();
  });

  it('closes a file to others that was open to them', async () => {
    const path = join(folder, 'd.db');
    writeFileSync(path, '', { mode: 0o644 });
    await (await SqliteWriter.open({ path })).close();

    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('has a reading twin that cannot write', async () => {
    const reader = await SqliteHandle.open(join(folder, 'a.db'), 'read');

    await expect(reader.run('INSERT INTO t VALUES (1)')).rejects.toThrow('SQLITE_READONLY');
    await reader.close();
  });
});
