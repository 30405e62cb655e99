import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Added one by one: rebuilding a table, as TypeORM does on SQLite, would run into the references to it. */
const columns = [
  ['providers', 'also_speaks', 'text'],
  ['model_routes', 'loss_mode', "varchar(8) NOT NULL DEFAULT 'warn'"],
  ['route_targets', 'capabilities', 'text'],
  ['virtual_keys', 'loss_mode', 'varchar(8)'],
  ['virtual_keys', 'may_fetch_urls', 'boolean NOT NULL DEFAULT false'],
] as const;

/** What translation between protocols may lose, and what targets speak. */
export class TranslationSettings implements MigrationInterface {
  readonly name = 'TranslationSettings1763740000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, column, type] of columns)
      await runner.query(`ALTER TABLE "${table}" ADD COLUMN "${column}" ${type}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, column] of columns.toReversed())
      await runner.query(`ALTER TABLE "${table}" DROP COLUMN "${column}"`);
  }
}
