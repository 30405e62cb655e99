import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Added one by one: rebuilding a table, as TypeORM does on SQLite, would run into the references to it. */
const columns = [
  ['model_routes', 'fallback_budget_nanos', 'bigint'],
  ['model_routes', 'fallback_budget_window', "varchar(8) NOT NULL DEFAULT 'month'"],
  ['virtual_keys', 'fallback_budget_nanos', 'bigint'],
  ['virtual_keys', 'fallback_budget_window', "varchar(8) NOT NULL DEFAULT 'month'"],
  ['attempts', 'route_id', 'varchar(36)'],
  ['attempts', 'reserved_at', 'bigint'],
  ['attempts', 'is_spillover', 'boolean'],
] as const;

/** What going elsewhere may cost, and which account each attempt was charged to. */
export class FallbackBudgets implements MigrationInterface {
  readonly name = 'FallbackBudgets1763771000000';

  async up(runner: QueryRunner): Promise<void> {
    // 64 bits are called `integer` by SQLite and `bigint` by PostgreSQL, where an integer has 32
    const bigint = runner.connection.driver.normalizeType({ type: 'bigint' });
    for (const [table, column, type] of columns) {
      const own = type === 'bigint' ? bigint : type;
      await runner.query(`ALTER TABLE "${table}" ADD COLUMN "${column}" ${own}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, column] of columns.toReversed())
      await runner.query(`ALTER TABLE "${table}" DROP COLUMN "${column}"`);
  }
}
