import { QueryFailedError, QueryRunnerAlreadyReleasedError } from 'typeorm';
import { AbstractSqliteQueryRunner } from 'typeorm/driver/sqlite-abstract/AbstractSqliteQueryRunner.js';
import type { IsolationLevel } from 'typeorm/driver/types/IsolationLevel.js';
import { QueryResult } from 'typeorm/query-runner/QueryResult.js';
import { Broadcaster } from 'typeorm/subscriber/Broadcaster.js';
import type { SqliteDriver } from './sqlite-driver.js';
import type { SqliteHandle } from './sqlite-handle.js';
import { isReadStatement, isRowStatement } from './statement-kind.js';

/**
 * Runs the statements of one caller. A transaction holds the turn to write from its start to its end; outside of one,
 * each write takes its own turn and reads go to the connection that only reads. TypeORM's own SQLite runners share one
 * connection and one transaction among all callers, so that one caller's rollback takes the others' rows with it
 * (https://github.com/typeorm/typeorm/issues/1884).
 */
export class SqliteQueryRunner extends AbstractSqliteQueryRunner {
  declare driver: SqliteDriver;
  private turn: { readonly handle: SqliteHandle; leave(): void } | null = null;

  constructor(driver: SqliteDriver) {
    super();
    this.driver = driver;
    this.dataSource = driver.dataSource;
    this.broadcaster = new Broadcaster(this);
  }

  override async startTransaction(isolationLevel?: IsolationLevel): Promise<void> {
    this.turn ??= await this.driver.writer.enter();
    try {
      await super.startTransaction(isolationLevel);
    } catch (error) {
      if (this.transactionDepth === 0) this.isTransactionActive = false;
      this.leaveUnlessActive();
      throw error;
    }
  }

  override async commitTransaction(): Promise<void> {
    try {
      await super.commitTransaction();
    } finally {
      this.leaveUnlessActive();
    }
  }

  override async rollbackTransaction(): Promise<void> {
    try {
      await super.rollbackTransaction();
    } catch (error) {
      await this.abandon();
      throw error;
    } finally {
      this.leaveUnlessActive();
    }
  }

  override async release(): Promise<void> {
    if (this.isTransactionActive) await this.abandon();
    this.leaveUnlessActive();
    await super.release();
    this.isReleased = true;
  }

  /** SQLite enforces foreign keys while a table is rebuilt unless told not to, and only outside of a transaction. */
  override async beforeMigration(): Promise<void> {
    await this.query('PRAGMA foreign_keys = OFF');
  }

  override async afterMigration(): Promise<void> {
    await this.query('PRAGMA foreign_keys = ON');
  }

  override query<T = unknown>(
    sql: string,
    params?: unknown[],
    useStructuredResult?: false,
  ): Promise<T>;
  override query<T = unknown>(
    sql: string,
    params: unknown[] | undefined,
    useStructuredResult: true,
  ): Promise<QueryResult<T>>;
  override async query(
    sql: string,
    params: unknown[] = [],
    useStructuredResult = false,
  ): Promise<unknown> {
    if (this.isReleased) throw new QueryRunnerAlreadyReleasedError();
    this.dataSource.logger.logQuery(sql, params, this);
    try {
      const result = await this.send(sql, params);
      return useStructuredResult ? result : result.raw;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      throw new QueryFailedError(sql, params, error);
    }
  }

  private send(sql: string, params: unknown[]): Promise<QueryResult> {
    if (this.turn !== null) return execute(this.turn.handle, sql, params);
    if (isReadStatement(sql)) return execute(this.driver.reader, sql, params);
    return this.driver.writer.run((handle) => execute(handle, sql, params));
  }

  /** Ends a transaction that could not be ended properly; SQLite may have ended it by itself (disk full). */
  private async abandon(): Promise<void> {
    await this.turn?.handle.exec('ROLLBACK').catch(() => undefined);
    this.isTransactionActive = false;
    this.transactionDepth = 0;
  }

  private leaveUnlessActive(): void {
    if (this.isTransactionActive) return;
    this.turn?.leave();
    this.turn = null;
  }
}

async function execute(handle: SqliteHandle, sql: string, params: unknown[]): Promise<QueryResult> {
  const result = new QueryResult();
  if (isRowStatement(sql)) {
    result.records = await handle.all(sql, params);
    result.raw = result.records;
    return result;
  }
  const { changes, lastId } = await handle.run(sql, params);
  result.affected = changes;
  result.raw = lastId;
  return result;
}
