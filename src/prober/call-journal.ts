import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type CallJournal, type StandingCall, standingCallSchema } from '../probes/standing-call.js';

/** Past this length the file is written anew with the calls that stand. */
export const COMPACT_BYTES = 1024 * 1024;
/** A journal that is longer was not written by us. */
const MAX_READ_BYTES = 16 * COMPACT_BYTES;
/** Far above any concurrency: whatever else goes wrong, the journal stays small. */
export const MAX_STANDING = 2_000;

const lineSchema = z.union([z.strictObject({ call: standingCallSchema }), z.strictObject({ end: z.string().max(8192) })]);

/**
 * The calls in progress, in a file that is only appended to: one JSON line for each change, the last one of a Call-ID counts.
 * Written synchronously (some 10 us), since the INVITE must not leave before its line is with the kernel. Not synchronised to
 * the disk: it has to survive the death of this process, and after a power cut the endpoints' own session ends are long past.
 *
 * Each prober has a file of its own in the directory, named by its process: one whose core died goes on for a while beside
 * its successor, and its calls are not ours to end. What a dead one left is taken over.
 */
export class FileCallJournal implements CallJournal {
  private readonly standing = new Map<string, StandingCall>();
  /** calls that dead probers left standing */
  readonly left: readonly StandingCall[];
  private readonly path: string;
  private file: number;
  private bytes = 0;

  /** @throws when the directory cannot be written: then there is no journal, which its owner has to say */
  constructor(
    directory: string,
    private readonly deps: { pid: number; isProber(pid: number): boolean; onError(error: unknown): void },
  ) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.path = join(directory, `${deps.pid}.jsonl`);
    const orphaned = readdirSync(directory)
      .filter((name) => this.isOrphaned(name))
      .map((name) => join(directory, name));
    for (const call of orphaned.flatMap(readJournal)) this.standing.set(call.ticket.callId, call);
    this.left = [...this.standing.values()];
    this.file = this.rewrite();
    for (const path of orphaned) if (path !== this.path) rmSync(path, { force: true });
  }

  note(call: StandingCall): void {
    this.standing.delete(call.ticket.callId);
    this.standing.set(call.ticket.callId, call);
    const [oldest] = this.standing.keys();
    if (this.standing.size > MAX_STANDING && oldest !== undefined) this.standing.delete(oldest);
    this.append({ call });
  }

  end(callId: string): void {
    if (this.standing.delete(callId)) this.append({ end: callId });
  }

  /** An empty journal leaves no file behind. */
  close(): void {
    closeSync(this.file);
    if (this.standing.size === 0) rmSync(this.path, { force: true });
  }

  /** Also a file under our own number: of a process that had it before us. */
  private isOrphaned(name: string): boolean {
    const pid = Number(/^(\d{1,10})\.jsonl$/.exec(name)?.[1] ?? NaN);
    return pid === this.deps.pid || (pid > 0 && !this.deps.isProber(pid));
  }

  /** A full disk must not end the prober: the call is made, and only its safety net is missing. */
  private append(line: z.input<typeof lineSchema>): void {
    try {
      if (this.bytes > COMPACT_BYTES) {
        closeSync(this.file);
        this.file = this.rewrite();
      } else {
        this.bytes += writeSync(this.file, `${JSON.stringify(line)}\n`);
      }
    } catch (error) {
      this.deps.onError(error);
    }
  }

  /** The calls that stand, in a file that takes the place of the old one at once. */
  private rewrite(): number {
    const fresh = `${this.path}.new`;
    const file = openSync(fresh, 'w', 0o600);
    this.bytes = 0;
    for (const call of this.standing.values()) this.bytes += writeSync(file, `${JSON.stringify({ call })}\n`);
    renameSync(fresh, this.path);
    return file;
  }
}

function readJournal(path: string): StandingCall[] {
  const standing = new Map<string, StandingCall>();
  for (const text of readText(path).split('\n')) {
    const line = parseLine(text);
    if (line && 'end' in line) standing.delete(line.end);
    else if (line) {
      standing.delete(line.call.ticket.callId);
      standing.set(line.call.ticket.callId, line.call);
    }
  }
  return [...standing.values()].slice(-MAX_STANDING);
}

function readText(path: string): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return '';
  }
  try {
    const buffer = Buffer.alloc(Math.min(fstatSync(file).size, MAX_READ_BYTES));
    return buffer.toString('utf8', 0, readSync(file, buffer));
  } finally {
    closeSync(file);
  }
}

function parseLine(text: string): z.output<typeof lineSchema> | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
