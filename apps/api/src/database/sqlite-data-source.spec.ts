import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrations } from './migrations.js';
import { Session } from '../auth/session.entity.js';
import { User } from '../auth/user.entity.js';
import { VirtualKey } from '../keys/virtual-key.entity.js';
import { Attempt } from '../logs/attempt.entity.js';
import { RequestLog } from '../logs/request-log.entity.js';
import { LocalModel } from '../models/local-model.entity.js';
import { LocalResources } from '../resources/local-resources.entity.js';
import { MasterKey } from '../common/master-key.entity.js';
import { Provider } from '../providers/provider.entity.js';
import { ModelRoute } from '../routes/model-route.entity.js';
import { RouteTarget } from '../routes/route-target.entity.js';
import { NewerSchemaError } from './assert-known-schema.js';
import { sqliteOptions, SqliteDataSource } from './sqlite-data-source.js';
import { SqliteWriter } from './sqlite-writer.js';

const entities = [
  User,
  Session,
  VirtualKey,
  Attempt,
  RequestLog,
  LocalModel,
  LocalResources,
  MasterKey,
  Provider,
  ModelRoute,
  RouteTarget,
];

const modelNamed = (name: string): LocalModel => ({
  id: name,
  name,
  engine: 'attached',
  modelPath: null,
  endpoint: 'http://127.0.0.1:1',
  upstreamModel: null,
  contextTokens: null,
  parallelSlots: 1,
  idleStopMs: 9_007_199_254_740_991,
  memoryBytes: null,
  isPinned: false,
  exclusiveGroup: null,
  whenAbandoned: 'auto',
  minResidencyMs: 60_000,
  evictBusyAfterMs: null,
  keepWeight: 0.5,
  isSleepEnabled: false,
  onGatewayDeath: null,
  capabilities: null,
  isEnabled: true,
  createdAt: 1_795_000_000_123,
  updatedAt: 0,
});

describe('SqliteDataSource', () => {
  let folder: string;
  let dataSource: SqliteDataSource;

  const open = async (turnTimeoutMs?: number): Promise<SqliteDataSource> => {
    const path = join(folder, 'data', 'spillway.db');
    const writer = await SqliteWriter.open({
      path,
      ...(turnTimeoutMs === undefined ? {} : { turnTimeoutMs }),
    });
    return SqliteDataSource.open(sqliteOptions(writer, entities));
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'spillway-database-'));
    dataSource = await open();
  });

  afterEach(async () => {
    if (dataSource.isInitialized) await dataSource.destroy();
    rmSync(folder, { recursive: true });
  });

  it('has after the migrations exactly the tables that the entities describe', async () => {
    const changes = await dataSource.driver.createSchemaBuilder().log();

    expect(changes.upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('undoes its migrations and runs them again', async () => {
    for (const _ of migrations) await dataSource.undoLastMigration();
    const emptied = await dataSource.query<{ name: string }[]>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('migrations', 'sqlite_sequence')",
    );
    await dataSource.runMigrations();

    expect(emptied).toEqual([]);
    expect(await dataSource.getRepository(User).count()).toBe(0);
  });

  it('keeps an acknowledged row when a transaction that was open meanwhile rolls back', async () => {
    const models = dataSource.getRepository(LocalModel);
    let letGo = (): void => undefined;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    const transaction = dataSource.transaction(async (manager) => {
      await manager.insert(LocalModel, modelNamed('a'));
      await gate;
      throw new Error('no');
    });
    const outside = models.insert(modelNamed('b'));
    letGo();

    await expect(transaction).rejects.toThrow('no');
    await outside;
    expect((await models.find()).map(({ name }) => name)).toEqual(['b']);
  });

  it('runs two overlapping transactions one after the other', async () => {
    const models = dataSource.getRepository(LocalModel);
    const steps: string[] = [];
    const transact = (name: string, fails: boolean): Promise<void> =>
      dataSource.transaction(async (manager) => {
        steps.push(`begin ${name}`);
        await manager.insert(LocalModel, modelNamed(name));
        await new Promise((resolve) => setTimeout(resolve, 20));
        steps.push(`end ${name}`);
        if (fails) throw new Error(name);
      });
    const results = await Promise.allSettled([transact('a', true), transact('b', false)]);

    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(steps).toEqual(['begin a', 'end a', 'begin b', 'end b']);
    expect((await models.find()).map(({ name }) => name)).toEqual(['b']);
  });

  it('takes fifty saves at once and loses none', async () => {
    const models = dataSource.getRepository(LocalModel);
    await Promise.all(
      Array.from({ length: 50 }, (_, index) => models.save(modelNamed(`m${index}`))),
    );

    expect(await models.count()).toBe(50);
  });

  it('lets others read what was there before while a transaction is open', async () => {
    const models = dataSource.getRepository(LocalModel);
    await models.insert(modelNamed('before'));
    const [seenInside, seenOutside] = await dataSource.transaction(async (manager) => {
      await manager.insert(LocalModel, modelNamed('within'));
      return [await manager.count(LocalModel), await models.count()];
    });

    expect([seenInside, seenOutside]).toEqual([2, 1]);
  });

  it('says what is wrong when a transaction waits for a write outside of it', async () => {
    await dataSource.destroy();
    dataSource = await open(50);
    const models = dataSource.getRepository(LocalModel);
    const stuck = dataSource.transaction(async (manager) => {
      await manager.insert(LocalModel, modelNamed('a'));
      await models.insert(modelNamed('b'));
    });

    await expect(stuck).rejects.toThrow('a transaction waits for a write');
    await models.insert(modelNamed('c'));
    expect((await models.find()).map(({ name }) => name)).toEqual(['c']);
  });

  it('gives the turn back when a transaction is left open', async () => {
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.manager.insert(LocalModel, modelNamed('a'));
    await runner.release();

    await dataSource.getRepository(LocalModel).insert(modelNamed('b'));
    expect(await dataSource.getRepository(LocalModel).count()).toBe(1);
  });

  it('rolls back to a savepoint without losing the outer transaction', async () => {
    await dataSource.transaction(async (outer) => {
      await outer.insert(LocalModel, modelNamed('a'));
      await outer
        .transaction(async (inner) => {
          await inner.insert(LocalModel, modelNamed('b'));
          throw new Error('inner');
        })
        .catch(() => undefined);
    });

    expect((await dataSource.getRepository(LocalModel).find()).map(({ name }) => name)).toEqual([
      'a',
    ]);
  });

  it('enforces foreign keys', async () => {
    const targets = dataSource.getRepository(RouteTarget);

    await expect(
      targets.insert({
        id: 't',
        routeId: 'none',
        position: 0,
        localModelId: null,
        providerId: null,
      }),
    ).rejects.toThrow('FOREIGN KEY');
  });

  it('gives numbers back as numbers and booleans as booleans', async () => {
    const models = dataSource.getRepository(LocalModel);
    await models.insert(modelNamed('a'));

    expect(await models.findOneByOrFail({ id: 'a' })).toEqual(modelNamed('a'));
  });

  it('never answers a row for an id that is none', async () => {
    const models = dataSource.getRepository(LocalModel);
    await models.insert(modelNamed('a'));
    const id = undefined as unknown as string;

    await expect(models.findOneBy({ id })).rejects.toThrow();
  });

  it('uses the id of a log row as its address in the table, without an index of its own', async () => {
    const plan = await dataSource.query<{ detail: string }[]>(
      'EXPLAIN QUERY PLAN SELECT * FROM request_logs WHERE id > 5 ORDER BY id DESC',
    );
    const indices = await dataSource.query<{ name: string }[]>(
      "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name IN ('request_logs', 'attempts') ORDER BY name",
    );

    expect(plan[0]?.detail).toContain('INTEGER PRIMARY KEY');
    expect(indices.map(({ name }) => name)).toEqual([
      'ix_attempts_open',
      'ix_attempts_request_id',
      'ix_request_logs_key_id',
    ]);
  });

  it('finds open attempts by the partial index', async () => {
    const plan = await dataSource.query<{ detail: string }[]>(
      "EXPLAIN QUERY PLAN SELECT id FROM attempts WHERE state IN ('reserved', 'dispatched') AND boot_id <> 'x'",
    );

    expect(plan[0]?.detail).toContain('ix_attempts_open');
  });

  it('keeps the file, its side files and its folder to their owner', () => {
    const modes = ['spillway.db', 'spillway.db-wal', 'spillway.db-shm', '.'].map(
      (name) => statSync(join(folder, 'data', name)).mode & 0o777,
    );

    expect(modes).toEqual([0o600, 0o600, 0o600, 0o700]);
  });

  it('refuses a file that a newer version has written', async () => {
    await dataSource
      .createQueryRunner()
      .query("INSERT INTO migrations (timestamp, name) VALUES (1, 'FromTheFuture1999999999999')");
    await dataSource.destroy();

    const opening = open();
    await expect(opening).rejects.toThrow(NewerSchemaError);
    await expect(opening).rejects.toThrow(
      'newer version of Spillway (FromTheFuture1999999999999). Start that version',
    );
  });
});
