import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { BootClock } from './boot-clock.js';
import type { HarmStore } from './call-memory.js';
import type { CallPause } from './call-pause.js';

/** Past this length the file is written anew. */
export const COMPACT_BYTES = 1024 * 1024;
/** What is longer was not written by us. */
const MAX_READ_BYTES = 64 * COMPACT_BYTES;
const FILE = 'pauses.jsonl';

const lineSchema = z.union([
  z.strictObject({
    endpointId: z.string().max(200),
    pause: z
      .strictObject({
        cause: z.enum(['busy', 'declined', 'not-auto-answering']),
        streak: z.int().nonnegative(),
        untilMs: z.number(),
      })
      .nullable(),
  }),
  /** the steady reading of the clock when the machine had started: `boot` tells whether it is the same start */
  z.strictObject({ boot: z.string().max(100), steadyAtBootMs: z.number() }),
]);
type Line = z.output<typeof lineSchema>;

/**
 * Who is to be left in peace, in a file that is only appended to: one JSON line for each change, the last one of an endpoint counts.
 * Written at once (some 10 us) and not synchronised: it has to survive the death of this process. A line that cannot be read is
 * left out.
 */
export class HarmFile implements HarmStore {
  private readonly pauses = new Map<string, CallPause>();
  private clock: { boot: string; steadyAtBootMs: number } | undefined;
  private readonly path: string;
  private file: number;
  private bytes = 0;

  /** @throws when the directory cannot be written, which its owner has to say */
  constructor(
    directory: string,
    private readonly deps: BootClock & { onError(error: unknown): void },
  ) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.path = join(directory, FILE);
    for (const text of readText(this.path).split('\n')) this.take(parseLine(text));
    this.file = this.rewrite();
  }

  read(): ReturnType<HarmStore['read']> {
    const { clock, deps } = this;
    const steadyMs = clock?.boot === deps.boot ? clock.steadyAtBootMs + deps.sinceBootMs() : undefined;
    return { pauses: [...this.pauses], steadyMs };
  }

  notePause(endpointId: string, pause: CallPause | undefined): void {
    this.append({ endpointId, pause: pause ?? null });
  }

  noteClock(steadyMs: number): void {
    this.append({ boot: this.deps.boot, steadyAtBootMs: steadyMs - this.deps.sinceBootMs() });
  }

  close(): void {
    closeSync(this.file);
  }

  private take(line: Line | undefined): void {
    if (line === undefined) return;
    if ('boot' in line) this.clock = line;
    else if (line.pause) this.pauses.set(line.endpointId, line.pause);
    else this.pauses.delete(line.endpointId);
  }

  /** A full disk must not end the prober: what is missing then is the memory of its successor. */
  private append(line: Line): void {
    this.take(line);
    try {
      if (this.bytes > COMPACT_BYTES) {
        closeSync(this.file);
        this.file = this.rewrite();
      } else this.bytes += writeSync(this.file, `${JSON.stringify(line)}\n`);
    } catch (error) {
      this.deps.onError(error);
    }
  }

  /** What holds, in a file that takes the place of the old one at once. */
  private rewrite(): number {
    const fresh = `${this.path}.new`;
    const file = openSync(fresh, 'w', 0o600);
    const lines: Line[] = [...this.pauses].map(([endpointId, pause]) => ({ endpointId, pause }));
    if (this.clock) lines.push(this.clock);
    this.bytes = 0;
    for (const line of lines) this.bytes += writeSync(file, `${JSON.stringify(line)}\n`);
    renameSync(fresh, this.path);
    return file;
  }
}

function readText(path: string): string {
  try {
    return statSync(path).size > MAX_READ_BYTES ? '' : readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function parseLine(text: string): Line | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
