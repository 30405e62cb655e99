import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What each attempt was told less than its caller said; until here only the answering one's was kept. */
export class AttemptWarnings implements MigrationInterface {
  readonly name = 'AttemptWarnings1763745000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "attempts" ADD COLUMN "warnings" text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "attempts" DROP COLUMN "warnings"');
  }
}
