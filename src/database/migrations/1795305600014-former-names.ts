import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people still call a site since units were merged. */
export class FormerNames1795305600014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE site ADD COLUMN former_names text NOT NULL DEFAULT ''`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE site DROP COLUMN former_names`);
  }
}
