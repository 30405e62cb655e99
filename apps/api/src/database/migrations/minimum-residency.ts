import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How long each local model stays in memory at least. */
export class MinimumResidency implements MigrationInterface {
  readonly name = 'MinimumResidency1763770000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "local_models" ADD COLUMN "min_residency_ms" integer');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "local_models" DROP COLUMN "min_residency_ms"');
  }
}
