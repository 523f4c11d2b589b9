import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many calls of a checkpoint were made: what was refused shows nothing of the rooms. Of earlier ones it can only be taken for granted. */
export class CheckpointCalls1795305600011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE checkpoint_run ADD COLUMN called integer NOT NULL DEFAULT 0');
    await runner.query(`UPDATE checkpoint_run SET called = done WHERE suite = 'full'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE checkpoint_run DROP COLUMN called');
  }
}
