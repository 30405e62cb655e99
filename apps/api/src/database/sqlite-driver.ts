import type { DataSource, TableColumn } from 'typeorm';
import { AbstractSqliteDriver } from 'typeorm/driver/sqlite-abstract/AbstractSqliteDriver.js';
import type { ColumnType } from 'typeorm/driver/types/ColumnTypes.js';
import { SqliteHandle } from './sqlite-handle.js';
import { SqliteQueryRunner } from './sqlite-query-runner.js';
import type { SqliteWriter } from './sqlite-writer.js';

/**
 * TypeORM over the `sqlite3` package. TypeORM 1 ships no driver for it, and those it ships block the event loop
 * and let transactions of different callers run into each other.
 */
export class SqliteDriver extends AbstractSqliteDriver {
  reader!: SqliteHandle;

  constructor(
    dataSource: DataSource,
    readonly writer: SqliteWriter,
  ) {
    super(dataSource);
    this.database = writer.path;
  }

  /** A fresh runner per call, as with a server database: its transaction is its own. */
  override createQueryRunner(): SqliteQueryRunner {
    return new SqliteQueryRunner(this);
  }

  override async connect(): Promise<void> {
    this.reader = await SqliteHandle.open(this.writer.path, 'read');
    this.databaseConnection = this.reader;
  }

  /** The reader goes first, so that the writer, as the last one, folds the log into the database file. */
  override async disconnect(): Promise<void> {
    await this.reader.close();
    await this.writer.close();
  }

  override normalizeType(column: {
    type?: ColumnType;
    length?: number | string;
    precision?: number | null;
    scale?: number;
  }): string {
    return asStoredType(super.normalizeType(column));
  }

  override createFullType(column: TableColumn): string {
    return asStoredType(super.createFullType(column));
  }
}

/** SQLite stores both alike, but only a key called `integer` is the row's own address and needs no second B-tree. */
function asStoredType(type: string): string {
  return type === 'bigint' ? 'integer' : type;
}
