import type { EndpointRecord } from '../../../inventory/endpoint-record.js';
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { BoardStore } from '../../state/board-store.js';
import { type Choice, chosenRows, EVERYTHING, type Row } from './rows.js';

export const ROWS_PER_PAGE = 100;

/** What a person looks at and has ticked on the inventory page. */
export class InventoryState {
  readonly records = signal<readonly EndpointRecord[]>([]);
  readonly choice = signal<Choice>(EVERYTHING);
  readonly page = signal(0);
  readonly ticked = signal<ReadonlySet<string>>(new Set());
  /** id of the row that is being edited */
  readonly editing = signal<string | null>(null);
  readonly rows: ReadonlySignal<readonly Row[]>;
  readonly chosen: ReadonlySignal<readonly Row[]>;
  readonly pages: ReadonlySignal<number>;
  readonly shown: ReadonlySignal<readonly Row[]>;

  constructor(store: BoardStore) {
    this.rows = computed(() => {
      const views = new Map(store.sites.value.flatMap((site) => site.endpoints.map((view) => [view.peek().id, view] as const)));
      return this.records.value.map((record) => ({ record, view: views.get(record.id) ?? null }));
    });
    this.chosen = computed(() => chosenRows(this.rows.value, this.choice.value));
    this.pages = computed(() => Math.max(1, Math.ceil(this.chosen.value.length / ROWS_PER_PAGE)));
    this.shown = computed(() => {
      const first = Math.min(this.page.value, this.pages.value - 1) * ROWS_PER_PAGE;
      return this.chosen.value.slice(first, first + ROWS_PER_PAGE);
    });
  }

  choose(part: Partial<Choice>): void {
    this.choice.value = { ...this.choice.value, ...part };
    this.page.value = 0;
  }

  tick(ids: readonly string[], isTicked: boolean): void {
    const ticked = new Set(this.ticked.value);
    for (const id of ids)
      if (isTicked) ticked.add(id);
      else ticked.delete(id);
    this.ticked.value = ticked;
  }

  /** What is no longer there cannot stay ticked: nothing may be done to what is not seen. */
  receive(records: readonly EndpointRecord[]): void {
    this.records.value = records;
    const present = new Set(records.map(({ id }) => id));
    this.ticked.value = new Set([...this.ticked.value].filter((id) => present.has(id)));
  }
}
