import { type Database, open, type RootDatabase } from 'lmdb';
import { NoSpaceError, type SpoolFile } from './spool-file.js';
import { type CommitRequest, type PerLane, perLane, SPOOL_LANES, type SpoolEntry, type SpoolLane } from './spool-messages.js';

type Lane = Database<string, number>;

/** Addresses only, no memory: far above any limit of ours. */
const MAP_BYTES = 64 * 1024 ** 3;
/** A value longer than about half a page lies on pages of its own, which must be neighbours. */
const OVERFLOW_BYTES = 1_900;
/** Pages that a transaction copies on its way: of four trees, each three or four deep. */
const TREE_PAGES = 24;
/** The list of free pages is itself written anew: 8 bytes for each page, twice. */
const FREE_LIST_SHARE = 1 / 128;
/** What a transaction freed is free for the one after the next. */
const REMEMBERED_TRANSACTIONS = 3;
const NEXT_KEY = 'next';

interface TreeStats {
  treeBranchPageCount: number;
  treeLeafPageCount: number;
  overflowPages: number;
  entryCount: number;
}
interface EnvironmentStats extends TreeStats {
  pageSize: number;
  lastPageNumber: number;
  root: TreeStats;
  free: TreeStats;
}

/**
 * Outcomes on disk, in two lanes, in the order of their coming. Everything is synchronous and an error is thrown, after which the
 * store must be closed; a thread of its own waits for the disk. Other processes may have the same spool open.
 */
export class SpoolStore {
  private readonly environment: RootDatabase;
  private readonly lanes: PerLane<Lane>;
  private readonly counter: Database<number, string>;
  private readonly freePages: number[] = [];

  /** @throws when it cannot be opened */
  constructor(private readonly file: SpoolFile) {
    this.environment = open({
      path: file.path,
      noSubdir: true,
      overlappingSync: false,
      mapSize: MAP_BYTES,
      maxDbs: 4,
      encoding: 'string',
    });
    this.lanes = perLane((lane) => this.environment.openDB<string, number>(lane, { encoding: 'string' }));
    this.counter = this.environment.openDB<number, string>('counter', { encoding: 'json' });
  }

  /** On disk when it returns. @throws NoSpaceError before anything was changed */
  commit(request: Omit<CommitRequest, 'op'>): { entries: SpoolEntry[]; dropped: PerLane<number[]> } {
    const { add, remove } = request;
    this.ensureRoom(add);
    const result = this.environment.transactionSync(() => {
      for (const lane of SPOOL_LANES) for (const key of remove[lane]) this.lanes[lane].removeSync(key);
      const entries = this.append(add);
      return { entries, dropped: this.trim(request) };
    });
    this.freePages.push(this.pages().free);
    if (this.freePages.length > REMEMBERED_TRANSACTIONS) this.freePages.shift();
    return result;
  }

  /** The lane that somebody waits for first. */
  read(after: PerLane<number>, limit: number): SpoolEntry[] {
    this.environment.resetReadTxn();
    const entries: SpoolEntry[] = [];
    for (const lane of SPOOL_LANES) {
      const range = { start: after[lane] + 1, limit: limit - entries.length };
      if (range.limit <= 0) break;
      for (const { key, value } of this.lanes[lane].getRange(range)) entries.push({ lane, key, text: value });
    }
    return entries;
  }

  counts(): PerLane<number> {
    return perLane((lane) => statsOf(this.lanes[lane]).entryCount);
  }

  async close(): Promise<void> {
    await this.environment.close();
  }

  /** Under the lock of the transaction, so that two processes never take the same number. */
  private append(add: CommitRequest['add']): SpoolEntry[] {
    if (add.length === 0) return [];
    let key = this.counter.get(NEXT_KEY) ?? 1;
    const entries = add.map((entry) => ({ ...entry, key: key++ }));
    for (const entry of entries) this.lanes[entry.lane].putSync(entry.key, entry.text);
    this.counter.putSync(NEXT_KEY, key);
    return entries;
  }

  /**
   * Oldest routine outcomes first, but none that is on its way: it may be stored at this moment. No more than came in: a plan
   * that has become smaller is no reason to drop what waits.
   */
  private trim({ add, limits, after }: Omit<CommitRequest, 'op'>): PerLane<number[]> {
    const dropped = perLane<number[]>(() => []);
    const { live, size } = this.pages();
    const counts = this.counts();
    const held = counts.requested + counts.routine;
    const bytesEach = (live * size) / Math.max(1, held);
    const bytesOver = Math.min(live * size - limits.bytes, sum(add.map(({ text }) => Buffer.byteLength(text))));
    let tooMany = Math.max(Math.min(held - limits.outcomes, add.length), Math.ceil(bytesOver / bytesEach));
    for (const lane of ['routine', 'requested'] satisfies SpoolLane[]) {
      if (tooMany <= 0) break;
      const keys = [...this.lanes[lane].getKeys({ start: after[lane] + 1, limit: tooMany })];
      for (const key of keys) this.lanes[lane].removeSync(key);
      dropped[lane] = keys;
      tooMany -= keys.length;
    }
    return dropped;
  }

  /** LMDB must never meet the end of the disk. Room at the end of the file is certain, free pages within it nearly so. */
  private ensureRoom(add: CommitRequest['add']): void {
    const { size, last } = this.pages();
    const bytes = add.map(({ text }) => Buffer.byteLength(text));
    const own = bytes.reduce(
      (sum, length) => sum + (length > OVERFLOW_BYTES ? Math.ceil(length / size) + 1 : (2 * length) / size),
      0,
    );
    const pages = Math.ceil(own + TREE_PAGES + last * FREE_LIST_SHARE);
    try {
      this.file.growTo((last + 1 + pages) * size);
    } catch (error) {
      const fitsWithin = bytes.every((length) => length <= OVERFLOW_BYTES) && 2 * pages <= this.certainlyFree();
      if (!(error instanceof NoSpaceError) || !fitsWithin) throw error;
    }
  }

  private certainlyFree(): number {
    const tail = Math.floor(this.file.bytes / this.pages().size) - this.pages().last - 1;
    const within = this.freePages.length < REMEMBERED_TRANSACTIONS ? 0 : Math.min(...this.freePages);
    return tail + within;
  }

  private pages(): { size: number; last: number; live: number; free: number } {
    const stats = this.environment.getStats() as unknown as EnvironmentStats;
    const trees = [stats.root, stats.free, statsOf(this.counter), ...SPOOL_LANES.map((lane) => statsOf(this.lanes[lane]))];
    const inTrees = trees.reduce((sum, tree) => sum + tree.treeBranchPageCount + tree.treeLeafPageCount + tree.overflowPages, 0);
    const live = inTrees + 2;
    return { size: stats.pageSize, last: stats.lastPageNumber, live, free: stats.lastPageNumber + 1 - live };
  }
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
const statsOf = (database: Database<unknown, never> | Lane | Database<number, string>): TreeStats =>
  database.getStats() as unknown as TreeStats;
