import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeDatabaseFailure } from './describe-database-failure.js';
import { sqliteOptions, SqliteDataSource } from './sqlite-data-source.js';
import { SqliteHandle } from './sqlite-handle.js';
import { SqliteWriter } from './sqlite-writer.js';

describe('describeDatabaseFailure', () => {
  let folder: string;
  const failureOf = async (work: () => Promise<unknown>): Promise<unknown> => {
    try {
      await work();
    } catch (error) {
      return error;
    }
    throw new Error('it did not fail');
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'spillway-failure-'));
  });
  afterEach(() => {
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true });
  });

  it('tells of a file that is no database', async () => {
    const path = join(folder, 'a.db');
    writeFileSync(
      path,
      'this is a text of more than a hundred bytes, and nothing else. '.repeat(20),
    );
    const error = await failureOf(() => SqliteWriter.open({ path }));

    expect(describeDatabaseFailure(error)).toMatch(/damaged or not a database.*backup/);
  });

  it('tells of a database that is damaged inside', async () => {
    const path = join(folder, 'a.db');
    const writer = await SqliteWriter.open({ path });
    await (await SqliteDataSource.open(sqliteOptions(writer))).destroy();
    const { readFileSync } = await import('node:fs');
    const bytes = readFileSync(path);
    bytes.fill(0xff, 100, 4096);
    writeFileSync(path, bytes);
    const error = await failureOf(async () =>
      SqliteDataSource.open(sqliteOptions(await SqliteWriter.open({ path }))),
    );

    expect(describeDatabaseFailure(error)).toContain('damaged');
  });

  it('tells of a path that cannot be opened', async () => {
    const path = join(folder, 'a.db');
    mkdirSync(path);
    const error = await failureOf(() => SqliteHandle.open(path, 'write'));

    expect(describeDatabaseFailure(error)).toContain('cannot be opened');
  });

  it('tells of a database that another program holds', async () => {
    const path = join(folder, 'a.db');
    const writer = await SqliteWriter.open({ path });
    await writer.run((db) => db.exec('CREATE TABLE t (n integer); BEGIN IMMEDIATE'));
    const other = await SqliteHandle.open(path, 'write');
    await other.exec('PRAGMA busy_timeout = 10');
    const error = await failureOf(() => other.run('INSERT INTO t VALUES (1)'));
    await other.close();
    await writer.close();

    expect(describeDatabaseFailure(error)).toContain('locked by another program');
  });

  it.each([
    [
      "/lib/x86_64-linux-gnu/libm.so.6: version `GLIBC_2.38' not found",
      'npm_config_build_from_source=true',
    ],
    ['Could not locate the bindings file. Tried: node_sqlite3.node', '--allow-scripts=sqlite3'],
    ['SQLITE_FULL: database or disk is full', 'disk is full'],
    ['SQLITE_IOERR: disk I/O error', 'Check the disk'],
  ])('tells what to do about: %s', (message, cure) => {
    expect(describeDatabaseFailure(new Error(message))).toContain(cure);
  });

  it('says nothing about what is no failure of the database', () => {
    expect(describeDatabaseFailure(new Error('listen EADDRINUSE'))).toBeNull();
  });
});
