import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { StandingStop } from './feed-events.js';

const standing = z.strictObject({
  level: z.enum(['calls', 'everything']),
  by: z.string().max(200),
  note: z.string().max(1_000),
  since: z.string(),
}) satisfies z.ZodType<StandingStop>;

/** The global stop in DATA_DIR, so that a start of core or machine does not lift it. There is a file as long as there is a stop. */
export class StopFile {
  constructor(private readonly path: string) {}

  /** null: nothing is stopped. A file that cannot be read is a stop as well: calls that should not be made do the harm. */
  read(): StandingStop | null {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : this.unreadable();
    }
    return parse(text) ?? this.unreadable();
  }

  /** On disk when it returns; what was there before stays until the new one takes its place. */
  write(stop: StandingStop | null): void {
    if (!stop) return rmSync(this.path, { force: true });
    mkdirSync(dirname(this.path), { recursive: true });
    const fresh = `${this.path}.new`;
    const file = openSync(fresh, 'w', 0o600);
    try {
      writeSync(file, `${JSON.stringify(stop)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(fresh, this.path);
  }

  private unreadable(): StandingStop {
    return { level: 'calls', by: 'unknown', note: `${this.path} cannot be read`, since: '1970-01-01T00:00:00.000Z' };
  }
}

function parse(text: string): StandingStop | undefined {
  try {
    return standing.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
