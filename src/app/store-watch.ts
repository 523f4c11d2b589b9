import type { Logger } from 'pino';
import { Throttle } from '../common/throttle.js';
import { causeInWords } from '../database/postgres-errors.js';
import { BackPressureError } from '../results/writer/group-commit.js';

/**
 * Do results become durable? A server may answer and yet take nothing: read-only, its disk full, no connection left, another core
 * writing. Tells the log once a minute, not once a batch.
 */
export class StoreWatch {
  private readonly warnings = new Throttle();
  private failing = false;

  constructor(
    private readonly log: Logger,
    private readonly changed: () => void,
  ) {}

  get works(): boolean {
    return !this.failing;
  }

  succeeded(): void {
    if (!this.failing) return;
    this.failing = false;
    this.log.info('results are stored again');
    this.changed();
  }

  failed(error: unknown, count: number): void {
    // the write under way is slow, which is no failure yet
    if (error instanceof BackPressureError) return;
    this.warnings.pass((heldBack) =>
      this.log.warn(
        { cause: causeInWords(error), outcomes: count, triesBefore: heldBack },
        'results cannot be stored; they wait with the prober',
      ),
    );
    if (this.failing) return;
    this.failing = true;
    this.changed();
  }
}
