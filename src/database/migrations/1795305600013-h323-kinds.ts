import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Calls and light probes over H.323. */
export class H323Kinds1795305600013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TYPE probe_kind ADD VALUE IF NOT EXISTS 'h323-ping'`);
    await runner.query(`ALTER TYPE probe_kind ADD VALUE IF NOT EXISTS 'h323-call'`);
  }

  /** An enumeration cannot lose a value; without our rows nobody sees that it has them. */
  async down(): Promise<void> {}
}
