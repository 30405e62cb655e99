import { Injectable, Logger } from '@nestjs/common';
import { GatewayError } from '#translation';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { SlotSet } from '../common/slot-set.js';
import { AppConfig } from '../config/app-config.js';
import { SqliteWriter } from '../database/sqlite-writer.js';
import { AttemptJournal } from './attempt-journal.js';
import type { AttemptRecord } from './attempt-record.js';
import { attemptRow, requestRow, settlementRow } from './audit-rows.js';
import { AuditStatements, rowKinds, type RowBatches } from './audit-statements.js';
import { bootId } from './boot-id.js';
import type { RequestRecord } from './request-record.js';
import { RowBatch } from './row-batch.js';

/** Rows are written to the database together this often: what a `kill -9` may cost of those nobody waits for. */
const flushEveryMs = 200;
const retryMs = 1_000;
const maxBufferedRequests = 50_000;
/** Attempts that follow each other more slowly would only wait for a write that nobody shares. */
const sharingWithinMs = 1;

interface Opening {
  readonly rows: string[];
  readonly done: Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Writes the log. An attempt that may cost money is in the journal before it is sent (all that ask in the same moment
 * share one write); everything reaches the database in batches, as JSON texts of many rows, because unpacking rows in
 * SQLite costs the event loop a tenth of binding them.
 */
@Injectable()
export class AuditWriter {
  private readonly logger = new Logger(AuditWriter.name);
  private readonly journal: AttemptJournal;
  private readonly statements: AuditStatements;
  /** Attempts that run and have no row in the database yet. */
  private readonly unstored = new SlotSet<AttemptRecord>();
  private buffered = emptyBatches();
  private opening: Opening | null = null;
  /** When an attempt was last opened, in monotonic milliseconds. */
  private lastOpenTick = -Infinity;
  private timer: NodeJS.Timeout | null = null;
  private flushing: Promise<void> = Promise.resolve();
  droppedRows = 0;

  constructor(
    private readonly writer: SqliteWriter,
    config: AppConfig,
  ) {
    this.statements = new AuditStatements(writer);
    this.journal = new AttemptJournal(join(config.dataDir, 'journal'));
  }

  /**
   * Makes the attempt durable before it may be sent.
   * @throws GatewayError `storage_unavailable`: without a record nothing that can cost money is sent.
   */
  async open(attempt: AttemptRecord): Promise<void> {
    this.note(attempt);
    const row = attemptRow(attempt, bootId);
    if (this.isAlone()) return this.append([row]);
    if (this.opening === null) {
      this.opening = createOpening();
      setImmediate(() => this.commitOpening());
    }
    this.opening.rows.push(row);
    return this.opening.done;
  }

  /** Is there nobody to share the write with: no other attempt under way, or none that began just now? */
  private isAlone(): boolean {
    const now = performance.now();
    const sinceLastMs = now - this.lastOpenTick;
    this.lastOpenTick = now;
    return this.opening === null && (this.unstored.size === 1 || sinceLastMs >= sharingWithinMs);
  }

  /** Has an attempt written with the next batch, as it stands then. */
  note(attempt: AttemptRecord): void {
    this.unstored.add(attempt);
    this.scheduleFlush();
  }

  /** Records how an attempt ended: an update where a row is there already, a whole row otherwise. */
  close(attempt: AttemptRecord): void {
    if (attempt.isStored) this.buffered.settlement.add(settlementRow(attempt));
    else {
      this.unstored.delete(attempt);
      this.buffered.attempt.add(attemptRow(attempt, bootId));
    }
    this.scheduleFlush();
  }

  writeRequest(record: RequestRecord): void {
    if (this.buffered.request.size >= maxBufferedRequests) this.droppedRows += 1;
    else this.buffered.request.add(requestRow(record, bootId));
    this.scheduleFlush();
  }

  /** Puts what an earlier run left in its journal into the database. */
  async recover(): Promise<void> {
    const { paths, rows } = this.journal.readLeftovers();
    const batches = emptyBatches();
    for (const row of rows) batches.attempt.add(row);
    await this.statements.write(batches);
    for (const path of paths) this.journal.remove(path);
  }

  /** Writes everything that is buffered; resolves when it is in the database, or will be tried again. */
  flush(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.flushing = this.flushing.then(() => this.writeBuffers());
    return this.flushing;
  }

  private scheduleFlush(delayMs = flushEveryMs): void {
    this.timer ??= setTimeout(() => void this.flush(), delayMs);
  }

  private commitOpening(): void {
    const { opening } = this;
    this.opening = null;
    if (opening === null) return;
    try {
      this.append(opening.rows);
      opening.resolve();
    } catch (error) {
      opening.reject(error);
    }
  }

  private append(rows: readonly string[]): void {
    try {
      if (!this.writer.isInPlace) this.writer.assertInPlace();
      this.journal.append(rows);
    } catch (error) {
      this.logger.error(`attempts could not be recorded: ${String(error)}`);
      if (error instanceof GatewayError) throw error;
      throw new GatewayError(
        'storage_unavailable',
        'The gateway cannot write its log, so it sends nothing that costs money. Free disk space or check the data directory, then try again.',
        { cause: error },
      );
    }
  }

  /**
   * All buffers are taken in one moment: an attempt's end is noted before its request's, so that the database never shows
   * a finished request with an attempt that still runs.
   */
  private async writeBuffers(): Promise<void> {
    // what is in the file that ends here is in the buffers that are taken here
    const journalled = this.journal.rotate();
    for (const attempt of this.unstored.values()) {
      this.unstored.delete(attempt);
      attempt.isStored = true;
      this.buffered.attempt.add(attemptRow(attempt, bootId));
    }
    const taken = this.buffered;
    this.buffered = emptyBatches();
    try {
      await this.statements.write(taken);
      for (const kind of rowKinds) taken[kind].clear();
      if (journalled !== null) this.journal.remove(journalled);
    } catch (error) {
      this.logger.error(`log rows could not be written, trying again: ${String(error)}`);
      // rows that could not be written stand in front of those that came since
      for (const kind of rowKinds) taken[kind].takeOver(this.buffered[kind]);
      this.buffered = taken;
      this.scheduleFlush(retryMs);
    }
  }
}

function emptyBatches(): RowBatches {
  return { attempt: new RowBatch(), settlement: new RowBatch(), request: new RowBatch() };
}

function createOpening(): Opening {
  let resolve!: () => void;
  let reject!: (error: unknown) => void;
  const done = new Promise<void>((onDone, onError) => {
    resolve = onDone;
    reject = onError;
  });
  return { rows: [], done, resolve, reject };
}
