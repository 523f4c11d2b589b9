import { createHash } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type BackupManifest, MANIFEST_FILE, SUMS_FILE } from './manifest.js';

const GZIP_LEVEL = 4;

/**
 * A backup while it is written. It stands under another name until every byte is on the disk, and has no SHA256SUMS until its
 * last moment: what a crash leaves can be mistaken for a backup neither by its name nor by its content.
 */
export class BackupFolder {
  private readonly unfinished: string;
  private readonly sums: string[] = [];

  private constructor(private readonly path: string) {
    this.unfinished = `${path}.unfinished-${process.pid}`;
  }

  /** Holds names and telephone numbers: open to the account that makes it alone. @throws when it is there already */
  static async create(path: string): Promise<BackupFolder> {
    const folder = new BackupFolder(path);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    if (existsSync(path)) throw new Error(`${path} is there already`);
    await mkdir(folder.unfinished, { mode: 0o700 });
    return folder;
  }

  /** @returns the bytes it takes */
  async addCompressed(name: string, rows: Readable, signal?: AbortSignal): Promise<number> {
    const sum = new Sum();
    await pipeline(
      rows,
      createGzip({ level: GZIP_LEVEL }),
      (chunks: AsyncIterable<Buffer | string>) => sum.pass(chunks),
      this.fileFor(name),
      { signal },
    );
    return this.note(name, sum);
  }

  /** The rename makes it a backup. */
  async finish(manifest: BackupManifest): Promise<void> {
    await this.addText(MANIFEST_FILE, `${JSON.stringify(manifest, undefined, 2)}\n`);
    await this.addText(SUMS_FILE, this.sums.join(''));
    await syncFolder(this.unfinished);
    if (existsSync(this.path)) throw new Error(`${this.path} is there already`);
    await rename(this.unfinished, this.path);
    await syncFolder(dirname(this.path));
  }

  discard(): Promise<void> {
    return rm(this.unfinished, { recursive: true, force: true });
  }

  private async addText(name: string, text: string): Promise<void> {
    const sum = new Sum();
    await pipeline(Readable.from([text]), (chunks: AsyncIterable<Buffer | string>) => sum.pass(chunks), this.fileFor(name));
    this.note(name, sum);
  }

  private fileFor(name: string): Writable {
    return createWriteStream(join(this.unfinished, name), { flags: 'wx', mode: 0o600, flush: true });
  }

  private note(name: string, sum: Sum): number {
    this.sums.push(`${sum.hash.digest('hex')}  ${name}\n`);
    return sum.bytes;
  }
}

/** Counts and sums up what goes by. */
class Sum {
  readonly hash = createHash('sha256');
  bytes = 0;

  async *pass(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer | string> {
    for await (const chunk of chunks) {
      this.hash.update(chunk);
      this.bytes += Buffer.byteLength(chunk);
      yield chunk;
    }
  }
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path);
  await handle.sync().finally(() => handle.close());
}
