import { GatewayError } from '#translation';
import { chmodSync, closeSync, mkdirSync, openSync, statSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import type { PreparedStatement } from './prepared-statement.js';
import { SqliteHandle } from './sqlite-handle.js';
import { WriteTurns } from './write-turns.js';

export type { PreparedStatement } from './prepared-statement.js';

export interface SqliteWriterOptions {
  /** Path of the database file; made when it does not exist. */
  readonly path: string;
  /** `FULL` keeps every commit through a power cut, `NORMAL` only through a crash of the process. */
  readonly synchronous?: 'FULL' | 'NORMAL';
  readonly turnTimeoutMs?: number;
}

export interface TextWrite {
  readonly statement: PreparedStatement;
  readonly text: string;
}

/**
 * The one way to write to the database. SQLite has a single writer, and statements of two callers on one connection
 * would end up in each other's transactions, so every write waits for its turn.
 */
export class SqliteWriter {
  private readonly statements = new Set<PreparedStatement>();
  private closing: Promise<void> | null = null;
  private readonly file: Stats;
  private isPresent = true;

  private constructor(
    readonly path: string,
    private readonly handle: SqliteHandle,
    private readonly turns: WriteTurns,
  ) {
    this.file = statSync(path);
  }

  static async open(options: SqliteWriterOptions): Promise<SqliteWriter> {
    mkdirSync(dirname(options.path), { recursive: true, mode: 0o700 });
    // SQLite gives its side files the mode of the main one
    closeSync(openSync(options.path, 'a', 0o600));
    chmodSync(options.path, 0o600);
    const handle = await SqliteHandle.open(options.path, 'write');
    await handle.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = ${options.synchronous ?? 'FULL'}; PRAGMA foreign_keys = ON;
       PRAGMA journal_size_limit = 67108864;`,
    );
    return new SqliteWriter(options.path, handle, new WriteTurns(options.turnTimeoutMs ?? 10_000));
  }

  /** Was the file there at the last look? Every write looks. */
  get isInPlace(): boolean {
    return this.isPresent;
  }

  /**
   * SQLite goes on writing to a file that was removed or replaced, and all of that is lost with the process.
   * @throws GatewayError `storage_unavailable`, until the file is back
   */
  assertInPlace(): void {
    const now = statSync(this.path, { throwIfNoEntry: false });
    // some network file systems number the same file anew
    this.isPresent = now?.ino === this.file.ino || now?.birthtimeMs === this.file.birthtimeMs;
    if (this.isPresent) return;
    throw new GatewayError(
      'storage_unavailable',
      'The database file was removed or replaced while the gateway ran, and what it wrote now would be lost. Put the file back, or stop the gateway, restore a backup and start it again.',
    );
  }

  /**
   * Waits for a turn. The holder alone may use the handle, and must call `leave` once.
   * @throws Error when no turn came in time; GatewayError as `assertInPlace`
   */
  async enter(): Promise<{ readonly handle: SqliteHandle; leave(): void }> {
    this.assertInPlace();
    return this.takeTurn();
  }

  private takeTurn(): Promise<{ readonly handle: SqliteHandle; leave(): void }> {
    return new Promise((resolve, reject) => {
      this.turns.enter(() => {
        let isHeld = true;
        const leave = (): void => {
          if (isHeld) this.turns.leave();
          isHeld = false;
        };
        resolve({ handle: this.handle, leave });
      }, reject);
    });
  }

  /**
   * Runs `work` while nobody else writes. It must await nothing but its own statements, and must not ask for another turn.
   * @throws Error as `enter`
   */
  async run<T>(work: (db: SqliteHandle) => Promise<T>): Promise<T> {
    const turn = await this.enter();
    try {
      return await work(turn.handle);
    } finally {
      turn.leave();
    }
  }

  async prepare(sql: string): Promise<PreparedStatement> {
    const statement = await this.handle.prepare(sql);
    this.statements.add(statement);
    return statement;
  }

  runPrepared(
    statement: PreparedStatement,
    params: readonly unknown[],
  ): Promise<{ changes: number }> {
    return this.run(() => statement.run(params));
  }

  /** Runs statements whose one parameter is a text, in order and in one transaction: all of them count, or none. */
  writeBatch(writes: readonly TextWrite[]): Promise<void> {
    return this.run(async (handle) => {
      await handle.exec('BEGIN IMMEDIATE');
      try {
        for (const { statement, text } of writes) await statement.runText(text);
        await handle.exec('COMMIT');
      } catch (error) {
        // some errors (a full disk) have ended the transaction already
        await handle.exec('ROLLBACK').catch(() => undefined);
        throw error;
      }
    });
  }

  /** Closes the connection after the writes that wait already. Idempotent. */
  close(): Promise<void> {
    this.closing ??= this.closeNow();
    return this.closing;
  }

  private async closeNow(): Promise<void> {
    // the turn is never given back: whatever comes later waits, and then fails
    const { handle } = await this.takeTurn();
    for (const statement of this.statements) await statement.finalize();
    await handle.close();
  }
}
