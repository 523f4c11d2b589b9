import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const META_BYTES = 160;
/** LMDB's meta page after its header of 24 bytes: magic, format, then at these offsets what the library itself goes by. */
const META = { magicAt: 24, magic: 0xbeefc0de, pageSizeAt: 48, lastPageAt: 144, transactionAt: 152 };
/** Twice what LMDB needs for its table of readers. */
const LOCK_BYTES = 16 * 1024;
const FRESH_BYTES = 64 * 1024;
const GROWTH_BYTES = { least: 64 * 1024, most: 16 * 1024 * 1024 };
/** Left to the others on this disk: the database may well be one of them. */
const LEAVE_FREE = { share: 0.05, mostBytes: 1024 ** 3 };
/** Openings in a row that nobody lived to tell of: then it is the file that kills, not somebody with a signal. */
const FATAL_OPENINGS = 5;

/** Thrown instead of letting LMDB meet a full disk. */
export class NoSpaceError extends Error {
  readonly code = 'ENOSPC';
}

/**
 * The files of a spool before and around LMDB, which maps them into memory: a page that the disk cannot give then is no error
 * but the end of the process (SIGBUS). So its lock file is written out beforehand, a file cut short is not opened, and the file
 * grows by our own hand: LMDB's message about a failed write overruns its buffer (seen with 3.5.6: malloc aborts).
 */
export class SpoolFile {
  readonly path: string;
  private readonly lock: string;
  private readonly opening: string;

  constructor(private readonly directory: string) {
    this.path = join(directory, 'data.mdb');
    this.lock = `${this.path}-lock`;
    this.opening = join(directory, 'opening');
  }

  /** To be called before each opening. @throws NoSpaceError and what the disk says @returns what was wrong with a file that had to be set aside */
  prepare(): string | undefined {
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    const began = existsSync(this.opening) ? statSync(this.opening).size : 0;
    const damage = began >= FATAL_OPENINGS ? `${began} probers died opening it` : this.damage();
    if (damage !== undefined) this.setAside();
    if (!existsSync(this.path) && this.freeBytes() < FRESH_BYTES) throw new NoSpaceError('no space left for a spool');
    this.writeLockFile();
    appendFileSync(this.opening, '.');
    return damage;
  }

  /** The opening went well, or failed with an error: either way somebody lives to tell. */
  opened(): void {
    rmSync(this.opening, { force: true });
  }

  /** Out of the way, one generation of it: whoever wants to look at it can. */
  setAside(): void {
    for (const path of [this.opening, this.lock]) rmSync(path, { force: true });
    if (existsSync(this.path)) renameSync(this.path, `${this.path}.damaged`);
  }

  get bytes(): number {
    return statSync(this.path).size;
  }

  /**
   * Makes the file at least so long, with some to spare, by appending: what another process writes meanwhile is never written over.
   * @throws NoSpaceError
   */
  growTo(wantedBytes: number): void {
    const missing = wantedBytes - this.bytes;
    if (missing <= 0) return;
    const spare = Math.min(GROWTH_BYTES.most, Math.max(GROWTH_BYTES.least, this.bytes >> 2));
    const room = this.freeBytes();
    const growth = missing + spare <= room ? missing + spare : missing;
    if (growth > room) throw new NoSpaceError(`no space left for ${missing} bytes more`);
    appendFileSync(this.path, Buffer.alloc(growth));
  }

  /** On the disk, apart from what is left to others. */
  freeBytes(): number {
    const { bavail, blocks, bsize } = statfsSync(this.directory);
    return bavail * bsize - Math.min(LEAVE_FREE.mostBytes, blocks * bsize * LEAVE_FREE.share);
  }

  private writeLockFile(): void {
    if (existsSync(this.lock)) return;
    const fresh = `${this.lock}.${process.pid}`;
    writeFileSync(fresh, Buffer.alloc(LOCK_BYTES), { mode: 0o600 });
    renameSync(fresh, this.lock);
  }

  private damage(): string | undefined {
    if (!existsSync(this.path) || this.bytes === 0) return undefined;
    const first = this.readMeta(0);
    if (!first) return 'not a spool';
    const second = this.readMeta(first.pageSize);
    const { lastPage, pageSize } = second && second.transaction > first.transaction ? second : first;
    const needed = (Number(lastPage) + 1) * pageSize;
    return this.bytes < needed ? `cut short: ${this.bytes} of ${needed} bytes` : undefined;
  }

  private readMeta(position: number): { pageSize: number; lastPage: bigint; transaction: bigint } | undefined {
    const meta = Buffer.alloc(META_BYTES);
    const file = openSync(this.path, 'r');
    try {
      if (readSync(file, meta, 0, META_BYTES, position) < META_BYTES) return undefined;
    } finally {
      closeSync(file);
    }
    if (meta.readUInt32LE(META.magicAt) !== META.magic) return undefined;
    return {
      pageSize: meta.readUInt32LE(META.pageSizeAt),
      lastPage: meta.readBigUInt64LE(META.lastPageAt),
      transaction: meta.readBigUInt64LE(META.transactionAt),
    };
  }
}
