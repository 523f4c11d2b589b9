import { type Signal, signal } from '@preact/signals';
import { api, type Failure } from './api.js';

/** One resource of the API that a page shows and asks for again; what was read last stays when it cannot be read anew. */
export class Fetched<T> {
  readonly value: Signal<T | null> = signal(null);
  /** why the last request brought nothing; null: it did */
  readonly failure: Signal<Failure | null> = signal(null);
  etag: string | null = null;
  private underWay: Promise<void> | null = null;
  private isWanted = false;

  constructor(
    readonly path: string,
    private readonly send: typeof fetch = (...sent) => fetch(...sent),
  ) {}

  /** Asked for while a request is under way, it goes out once more afterwards: that answer may be older than the wish. */
  load(): Promise<void> {
    this.isWanted = true;
    this.underWay ??= this.run().finally(() => (this.underWay = null));
    return this.underWay;
  }

  private async run(): Promise<void> {
    while (this.isWanted) {
      this.isWanted = false;
      const answer = await api<T>(this.path, {}, this.send);
      this.failure.value = answer.kind === 'ok' ? null : answer;
      if (answer.kind !== 'ok') continue;
      this.etag = answer.etag;
      this.value.value = answer.value;
    }
  }
}
