import type { PreparedStatement, SqliteWriter } from '../database/sqlite-writer.js';
import { attemptColumns, requestColumns, settlementColumns } from './audit-rows.js';

export type RowKind = 'attempt' | 'settlement' | 'request';

/** A row that is there already stays: it came through the journal and through a batch. */
const insertInto = (table: string, columns: readonly string[]): string =>
  `INSERT INTO ${table} (${columns.join(', ')})
   SELECT ${columns.map((_, index) => `value->>${index}`).join(', ')} FROM json_each(?) WHERE true
   ON CONFLICT (id) DO NOTHING`;

const sql: Readonly<Record<RowKind, string>> = {
  attempt: insertInto('attempts', attemptColumns),
  request: insertInto('request_logs', requestColumns),
  settlement: `UPDATE attempts SET ${settlementColumns
    .slice(1)
    .map((column, index) => `${column} = new.value->>${index + 1}`)
    .join(', ')} FROM json_each(?) AS new
    WHERE attempts.id = new.value->>0 AND attempts.state IN ('reserved', 'dispatched')`,
};

/** The three statements that write the log, compiled when first used. */
export class AuditStatements {
  private readonly prepared = new Map<RowKind, Promise<PreparedStatement>>();

  constructor(private readonly writer: SqliteWriter) {}

  async write(kind: RowKind, rows: readonly unknown[][]): Promise<void> {
    await this.writer.writeBatch(await this.statement(kind), JSON.stringify(rows));
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
