import type { PreparedStatement, SqliteWriter, TextWrite } from '../database/sqlite-writer.js';
import { attemptColumns, requestColumns, settlementColumns } from './audit-rows.js';
import type { RowBatch } from './row-batch.js';

export type RowKind = 'attempt' | 'settlement' | 'request';

/** In the order in which they must be written. */
export const rowKinds: readonly RowKind[] = ['attempt', 'settlement', 'request'];

export type RowBatches = Readonly<Record<RowKind, RowBatch>>;

/**
 * A row that is there already stays: it came through the journal and through a batch.
 * `jsonb_each`, because `json_each` spells each row out as text again for every column taken from it.
 */
const insertInto = (table: string, columns: readonly string[]): string =>
  `INSERT INTO ${table} (${columns.join(', ')})
   SELECT ${columns.map((_, index) => `value->>${index}`).join(', ')} FROM jsonb_each(?) WHERE true
   ON CONFLICT (id) DO NOTHING`;

const sql: Readonly<Record<RowKind, string>> = {
  attempt: insertInto('attempts', attemptColumns),
  request: insertInto('request_logs', requestColumns),
  settlement: `UPDATE attempts SET ${settlementColumns
    .slice(1)
    .map((column, index) => `${column} = new.value->>${index + 1}`)
    .join(', ')} FROM jsonb_each(?) AS new
    WHERE attempts.id = new.value->>0 AND attempts.state IN ('reserved', 'dispatched')`,
};

/** The three statements that write the log, compiled when first used. */
export class AuditStatements {
  private readonly prepared = new Map<RowKind, Promise<PreparedStatement>>();

  constructor(private readonly writer: SqliteWriter) {}

  /** Writes them all, or none. */
  async write(batches: RowBatches): Promise<void> {
    const writes: TextWrite[] = [];
    for (const kind of rowKinds) {
      for (const text of batches[kind].texts())
        writes.push({ statement: await this.statement(kind), text });
    }
    if (writes.length > 0) await this.writer.writeBatch(writes);
  }

  private statement(kind: RowKind): Promise<PreparedStatement> {
    const known = this.prepared.get(kind);
    if (known !== undefined) return known;
    const preparing = this.writer.prepare(sql[kind]).catch((error: unknown) => {
      this.prepared.delete(kind);
      throw error;
    });
    this.prepared.set(kind, preparing);
    return preparing;
  }
}
