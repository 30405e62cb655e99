import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';

const time = (name: string) => ({ name, type: 'bigint' });

const downloads = new Table({
  name: 'model_downloads',
  columns: [
    { name: 'id', type: 'varchar', length: '36', isPrimary: true },
    { name: 'repository', type: 'varchar', length: '200' },
    { name: 'revision', type: 'varchar', length: '255' },
    { name: 'pattern', type: 'varchar', length: '512', isNullable: true },
    { name: 'commit_hash', type: 'varchar', length: '40', isNullable: true },
    { name: 'state', type: 'varchar', length: '16' },
    { name: 'files', type: 'text', isNullable: true },
    { name: 'error_code', type: 'varchar', length: '40', isNullable: true },
    { name: 'error_message', type: 'text', isNullable: true },
    time('created_at'),
    time('updated_at'),
    { ...time('finished_at'), isNullable: true },
  ],
});

const tokens = new Table({
  name: 'hub_tokens',
  columns: [
    { name: 'hub_url', type: 'varchar', length: '500', isPrimary: true },
    { name: 'token_sealed', type: 'text' },
    { name: 'token_hint', type: 'varchar', length: '8' },
    time('updated_at'),
  ],
});

/** What is fetched from a hub, and the token that opens it. */
export class ModelDownloads implements MigrationInterface {
  readonly name = 'ModelDownloads1763765000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(downloads);
    await runner.createTable(tokens);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('hub_tokens');
    await runner.dropTable('model_downloads');
  }
}
