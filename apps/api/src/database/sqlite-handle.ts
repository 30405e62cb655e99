import type { Database, RunResult } from 'sqlite3';
import { loadSqlite } from './load-sqlite.js';
import { PreparedStatement } from './prepared-statement.js';

export interface RunOutcome {
  readonly changes: number;
  readonly lastId: number;
}

/** One connection to the database file, in promises. Errors are SQLite's own, with its `code`. */
export class SqliteHandle {
  private constructor(private readonly database: Database) {}

  /** @param access `read` opens a file that exists already and can change nothing */
  static async open(path: string, access: 'read' | 'write'): Promise<SqliteHandle> {
    const sqlite = await loadSqlite();
    const mode =
      access === 'write' ? sqlite.OPEN_READWRITE | sqlite.OPEN_CREATE : sqlite.OPEN_READONLY;
    const database = await new Promise<Database>((resolve, reject) => {
      const opened: Database = new sqlite.Database(path, mode | sqlite.OPEN_FULLMUTEX, (error) =>
        error === null ? resolve(opened) : reject(error),
      );
    });
    // without this, waiting statements would each occupy a thread of the pool instead of a queue
    database.serialize();
    database.configure('busyTimeout', 5_000);
    return new SqliteHandle(database);
  }

  all<Row>(sql: string, params: readonly unknown[] = []): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      this.database.all<Row>(sql, [...params], (error, rows) =>
        error === null ? resolve(rows) : reject(error),
      );
    });
  }

  run(sql: string, params: readonly unknown[] = []): Promise<RunOutcome> {
    return new Promise((resolve, reject) => {
      this.database.run(sql, [...params], function (this: RunResult, error: Error | null) {
        if (error === null) resolve({ changes: this.changes, lastId: this.lastID });
        else reject(error);
      });
    });
  }

  /** Runs several statements without parameters. */
  exec(sql: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.database.exec(sql, (error) => (error === null ? resolve() : reject(error)));
    });
  }

  prepare(sql: string): Promise<PreparedStatement> {
    return new Promise((resolve, reject) => {
      const statement = this.database.prepare(sql, (error: Error | null) =>
        error === null ? resolve(new PreparedStatement(statement)) : reject(error),
      );
    });
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.database.close((error) => (error === null ? resolve() : reject(error)));
    });
  }
}
