import { SpoolFile } from './spool-file.js';
import { perLane, type SpoolReply, type SpoolRequest } from './spool-messages.js';
import { SpoolStore } from './spool-store.js';

/** lmdb.h: the file is not what it should be. */
const DAMAGED = new Set([
  -30797, // MDB_PAGE_NOTFOUND
  -30796, // MDB_CORRUPTED
  -30794, // MDB_VERSION_MISMATCH
  -30793, // MDB_INVALID
  -30784, // MDB_INCOMPATIBLE
]);

/**
 * Answers what a spool is asked. After an error it is closed and opened anew with the next question: a synchronisation that
 * failed once leaves LMDB refusing everything.
 */
export class SpoolService {
  private readonly file: SpoolFile;
  private store: SpoolStore | undefined;
  private setAside: string | undefined;

  constructor(directory: string) {
    this.file = new SpoolFile(directory);
  }

  /** @throws after which nothing was changed */
  async handle(request: SpoolRequest): Promise<SpoolReply> {
    if (request.op === 'close') {
      await this.close();
      return { counts: perLane(() => 0), entries: [], dropped: perLane<number[]>(() => []) };
    }
    try {
      const store = (this.store ??= this.open());
      const done =
        request.op === 'read'
          ? { entries: store.read(request.after, request.limit), dropped: perLane<number[]>(() => []) }
          : store.commit(request);
      const { setAside } = this;
      this.setAside = undefined;
      return { ...done, counts: store.counts(), ...(setAside === undefined ? {} : { setAside }) };
    } catch (error) {
      await this.recover(error as Error & { code?: number | string });
      throw error;
    }
  }

  private open(): SpoolStore {
    this.setAside = this.file.prepare() ?? this.setAside;
    try {
      const store = new SpoolStore(this.file);
      // looked at once: a file whose trees are damaged must fail now
      store.read({ requested: 0, routine: 0 }, 1);
      return store;
    } finally {
      this.file.opened();
    }
  }

  private async recover(error: { code?: number | string; message: string }): Promise<void> {
    // nothing was begun: what is there can still be read
    if (error.code === 'ENOSPC') return;
    await this.close().catch(() => undefined);
    if (typeof error.code !== 'number' || !DAMAGED.has(error.code)) return;
    this.file.setAside();
    this.setAside = error.message;
  }

  private async close(): Promise<void> {
    const { store } = this;
    this.store = undefined;
    await store?.close();
  }
}
