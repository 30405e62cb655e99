import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Added one by one: rebuilding a table, as TypeORM does on SQLite, would run into the references to it. */
const columns = [
  ['model_routes', 'when_cold', "varchar(16) NOT NULL DEFAULT 'wait'"],
  ['model_routes', 'max_wait_ms', 'integer'],
  ['model_routes', 'commit_after_ms', 'integer'],
  ['model_routes', 'hedge_after_ms', 'integer'],
  ['attempts', 'reason_code', 'varchar(40)'],
  ['request_logs', 'fallback_reason', 'varchar(40)'],
  ['request_logs', 'local_state', 'varchar(40)'],
] as const;

/** When to wait for a local model, when to go elsewhere, and why it was done. */
export class LocalFirstSettings implements MigrationInterface {
  readonly name = 'LocalFirstSettings1763750000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, column, type] of columns)
      await runner.query(`ALTER TABLE "${table}" ADD COLUMN "${column}" ${type}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, column] of columns.toReversed())
      await runner.query(`ALTER TABLE "${table}" DROP COLUMN "${column}"`);
  }
}
