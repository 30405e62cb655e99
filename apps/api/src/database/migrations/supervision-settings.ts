import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';

/** Added one by one: rebuilding a table, as TypeORM does on SQLite, would run into the references to it. */
const columns = [
  ['memory_bytes', 'bigint'],
  ['is_pinned', 'boolean NOT NULL DEFAULT false'],
  ['exclusive_group', 'varchar(64)'],
  ['when_abandoned', "varchar(8) NOT NULL DEFAULT 'auto'"],
  ['evict_busy_after_ms', 'integer'],
  ['keep_weight', 'double precision NOT NULL DEFAULT 1'],
  ['is_sleep_enabled', 'boolean NOT NULL DEFAULT false'],
  ['on_gateway_death', 'varchar(8)'],
  ['capabilities', 'text'],
] as const;

const localResources = new Table({
  name: 'local_resources',
  columns: [
    { name: 'id', type: 'varchar', length: '16', isPrimary: true },
    { name: 'memory_budget_bytes', type: 'bigint', isNullable: true },
    { name: 'is_paused', type: 'boolean' },
  ],
});

/** How each local model is supervised, and what all of them together may take. */
export class SupervisionSettings implements MigrationInterface {
  readonly name = 'SupervisionSettings1763760000000';

  async up(runner: QueryRunner): Promise<void> {
    // 64 bits are called `integer` by SQLite and `bigint` by PostgreSQL, where an integer has 32
    const bigint = runner.connection.driver.normalizeType({ type: 'bigint' });
    for (const [column, type] of columns) {
      const own = type === 'bigint' ? bigint : type;
      await runner.query(`ALTER TABLE "local_models" ADD COLUMN "${column}" ${own}`);
    }
    await runner.createTable(localResources);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(localResources);
    for (const [column] of columns.toReversed())
      await runner.query(`ALTER TABLE "local_models" DROP COLUMN "${column}"`);
  }
}
