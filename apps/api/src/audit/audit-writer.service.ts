import { Injectable, Logger } from '@nestjs/common';
import { GatewayError } from '#translation';
import { SqliteWriter, type PreparedStatement } from '../database/sqlite-writer.js';
import type { AttemptRecord } from './attempt-record.js';
import {
  attemptColumns, attemptRow, requestColumns, requestRow, settlementColumns, settlementRow,
} from './audit-rows.js';
import { bootId } from './boot-id.js';
import type { RequestRecord } from './request-record.js';

/** Rows that nobody waits for are written together this often: what a `kill -9` may cost of them. */
const flushEveryMs = 200;
const maxBufferedRows = 50_000;

interface Batch {
  readonly rows: unknown[][];
  readonly done: Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

const values = (columns: readonly string[]): string =>
  columns.map((_, index) => `value->>${index}`).join(', ');
const insertInto = (table: string, columns: readonly string[]): string =>
  `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values(columns)} FROM json_each(?) WHERE true`;

const insertAttempts = insertInto('attempts', attemptColumns);
const insertRequests = insertInto('request_logs', requestColumns);
const settleAttempts = `UPDATE attempts SET ${settlementColumns
  .slice(1)
  .map((column, index) => `${column} = new.value->>${index + 1}`)
  .join(', ')} FROM json_each(?) AS new WHERE attempts.id = new.value->>0 AND attempts.state IN ('reserved', 'dispatched')`;

/**
 * Writes the log: attempts that may cost money before they are sent (all that ask in the same moment share one
 * commit), everything else in batches. Each batch is one statement over one JSON text, because unpacking rows in
 * SQLite costs the event loop a tenth of binding them.
 */
@Injectable()
export class AuditWriter {
  private readonly logger = new Logger(AuditWriter.name);
  private opening: Batch | null = null;
  private isOpening = false;
  private readonly unstored = new Set<AttemptRecord>();
  private attempts: unknown[][] = [];
  private settlements: unknown[][] = [];
  private requests: unknown[][] = [];
  private timer: NodeJS.Timeout | null = null;
  private flushing: Promise<void> = Promise.resolve();
  private statements: Promise<Record<'open' | 'attempts' | 'settle' | 'requests', PreparedStatement>> | null = null;
  droppedRows = 0;

  constructor(private readonly writer: SqliteWriter) {}

  /**
   * Makes the attempt durable before it may be sent.
   * @throws GatewayError `storage_unavailable`: without a record nothing that can cost money is sent.
   */
  open(attempt: AttemptRecord): Promise<void> {
    attempt.isStored = true;
    this.opening ??= createBatch();
    const batch = this.opening;
    batch.rows.push(attemptRow(attempt, bootId));
    if (!this.isOpening) {
      this.isOpening = true;
      setImmediate(() => void this.commitOpenings());
    }
    return batch.done;
  }

  /** Has an attempt that cannot cost money written with the next batch, as it stands then. */
  note(attempt: AttemptRecord): void {
    this.unstored.add(attempt);
    this.scheduleFlush();
  }

  /** Records how an attempt ended: an update where a row is there already, a whole row otherwise. */
  close(attempt: AttemptRecord): void {
    if (attempt.isStored) this.settlements.push(settlementRow(attempt));
    else this.unstored.add(attempt);
    this.scheduleFlush();
  }

  writeRequest(record: RequestRecord): void {
    if (this.requests.length >= maxBufferedRows) {
      this.droppedRows += 1;
      return;
    }
    this.requests.push(requestRow(record, bootId));
    this.scheduleFlush();
  }

  /** Writes everything that is buffered; resolves when it is on disk. */
  flush(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.flushing = this.flushing.then(() => this.writeBuffers());
    return this.flushing;
  }

  private scheduleFlush(): void {
    this.timer ??= setTimeout(() => void this.flush(), flushEveryMs);
  }

  /** Takes batch after batch until none is waiting; those that arrive during a commit form the next one. */
  private async commitOpenings(): Promise<void> {
    while (this.opening !== null) {
      const batch = this.opening;
      this.opening = null;
      try {
        const { open } = await this.prepared();
        await this.writer.writeBatch(open, JSON.stringify(batch.rows));
        batch.resolve();
      } catch (error) {
        this.logger.error(`attempts could not be recorded: ${String(error)}`);
        batch.reject(
          new GatewayError('storage_unavailable', 'The gateway cannot write its log, so it sends nothing that costs money. Free disk space or check the data directory, then try again.', { cause: error }),
        );
      }
    }
    this.isOpening = false;
  }

  private takeUnstored(): void {
    for (const attempt of this.unstored) {
      attempt.isStored = true;
      this.attempts.push(attemptRow(attempt, bootId));
    }
    this.unstored.clear();
  }

  private async writeBuffers(): Promise<void> {
    this.takeUnstored();
    const { attempts, settlements, requests } = this;
    this.attempts = [];
    this.settlements = [];
    this.requests = [];
    try {
      const statements = await this.prepared();
      if (attempts.length > 0) await this.writer.writeBatch(statements.attempts, JSON.stringify(attempts));
      attempts.length = 0;
      if (settlements.length > 0) await this.writer.writeBatch(statements.settle, JSON.stringify(settlements));
      settlements.length = 0;
      if (requests.length > 0) await this.writer.writeBatch(statements.requests, JSON.stringify(requests));
    } catch (error) {
      this.logger.error(`log rows could not be written, trying again: ${String(error)}`);
      this.attempts = attempts.concat(this.attempts);
      this.settlements = settlements.concat(this.settlements);
      this.requests = requests.concat(this.requests).slice(-maxBufferedRows);
      this.timer ??= setTimeout(() => void this.flush(), 1_000);
    }
  }

  private prepared(): Promise<Record<'open' | 'attempts' | 'settle' | 'requests', PreparedStatement>> {
    this.statements ??= this.prepareAll();
    return this.statements;
  }

  private async prepareAll() {
    return {
      open: await this.writer.prepare(insertAttempts),
      attempts: await this.writer.prepare(insertAttempts),
      settle: await this.writer.prepare(settleAttempts),
      requests: await this.writer.prepare(insertRequests),
    };
  }
}

function createBatch(): Batch {
  let resolve!: () => void;
  let reject!: (error: unknown) => void;
  const done = new Promise<void>((onDone, onError) => {
    resolve = onDone;
    reject = onError;
  });
  return { rows: [], done, resolve, reject };
}
