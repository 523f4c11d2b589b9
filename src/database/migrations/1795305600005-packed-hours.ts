import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The hours that were packed. A writer asks whether a result may be copied in without a look into the blocks: the wall clock, which was
 * asked before, steps.
 */
export class PackedHours1795305600005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE packed_hour (hour timestamptz NOT NULL CONSTRAINT pk_packed_hour PRIMARY KEY)');
    await runner.query('INSERT INTO packed_hour SELECT DISTINCT hour FROM probe_result_block');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE packed_hour');
  }
}
