// An embedded PostgreSQL of its own with the daemon's own settings, fsync on, gone afterwards.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { EmbeddedPostgres } from '../../../dist/database/embedded-postgres.js';
import { migrate } from '../../../dist/database/migrate.js';
import { dayOf, ensurePartitions } from '../../../dist/database/partitions.js';

export async function startDatabase({ firstDayMs, days }) {
  const directory = mkdtempSync(join(tmpdir(), 'bench-'));
  const postgres = new EmbeddedPostgres({ directory, log: () => undefined });
  await postgres.start();
  await migrate(postgres.url);
  const pool = new pg.Pool({ connectionString: postgres.url, max: 4 });
  pool.on('error', () => undefined);
  await ensurePartitions(
    pool,
    Array.from({ length: days }, (_, day) => dayOf(firstDayMs + day * 86_400_000)),
  );
  return {
    url: postgres.url,
    pool,
    async stop() {
      await pool.end();
      await postgres.stop();
      rmSync(directory, { recursive: true });
    },
  };
}
