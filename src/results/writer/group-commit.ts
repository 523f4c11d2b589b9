/** The writer is busy and enough is waiting: whoever holds the outcomes keeps them and offers them again. */
export class BackPressureError extends Error {
  constructor(waiting: number) {
    super(`${waiting} outcomes wait for the database already`);
    this.name = 'BackPressureError';
  }
}

interface Entry<T, R> {
  items: readonly T[];
  resolve: (refused: R[]) => void;
  reject: (error: unknown) => void;
}

export interface GroupLimits {
  /** items written together, at most (one entry more than this is never cut) */
  batch: number;
  /** items waiting, at most */
  waiting: number;
}

/**
 * While one batch is being written, what arrives gathers for the next one: a quiet monitor commits each offer at once, a replay after
 * an outage commits thousands together.
 */
export class GroupCommit<T, R> {
  private readonly entries: Entry<T, R>[] = [];
  private waiting = 0;
  private writing = false;

  /** @param write resolves with what was refused for good, each with its item; rejects when nothing could be written */
  constructor(
    private readonly write: (items: readonly T[]) => Promise<R[]>,
    private readonly limits: GroupLimits,
  ) {}

  /** Not those of the write that is under way. */
  get waitingItems(): number {
    return this.waiting;
  }

  /**
   * Resolves when all of them are committed, with what the whole group refused for good.
   * @throws BackPressureError at once, or what `write` rejected with
   */
  add(items: readonly T[]): Promise<R[]> {
    if (this.waiting + items.length > this.limits.waiting && this.entries.length > 0)
      return Promise.reject(new BackPressureError(this.waiting));
    this.waiting += items.length;
    return new Promise((resolve, reject) => {
      this.entries.push({ items, resolve, reject });
      if (!this.writing) void this.drain();
    });
  }

  private async drain(): Promise<void> {
    this.writing = true;
    while (this.entries.length > 0) {
      const group = this.takeGroup();
      try {
        const refused = await this.write(group.flatMap(({ items }) => items));
        // told once, not once an entry
        group.forEach(({ resolve }, index) => resolve(index === 0 ? refused : []));
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.writing = false;
  }

  private takeGroup(): Entry<T, R>[] {
    let size = 0;
    const end = this.entries.findIndex(({ items }, index) => {
      size += items.length;
      return index > 0 && size > this.limits.batch;
    });
    const group = this.entries.splice(0, end === -1 ? this.entries.length : end);
    this.waiting -= group.reduce((sum, { items }) => sum + items.length, 0);
    return group;
  }
}
