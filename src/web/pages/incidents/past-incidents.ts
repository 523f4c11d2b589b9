import { batch, signal } from '@preact/signals';
import type { IncidentView } from '../../../live/feed-events.js';
import { api, type ApiResult } from '../../feed/api.js';
import { isOver } from '../../state/incidents.js';
import type { IncidentPage } from './api-types.js';

const PAGE = 50;
const DAY_MS = 86_400_000;

/** What has ended, newest first, page by page. The end of the time is fixed at the first page, so that later ones do not shift. */
export class PastIncidents {
  readonly items = signal<readonly IncidentView[]>([]);
  readonly answer = signal<ApiResult<IncidentPage> | null>(null);
  readonly isComplete = signal(false);
  private offset = 0;
  private asking: Promise<void> | null = null;
  private readonly range: string;

  constructor(
    nowMs: number,
    readonly days: number,
    private readonly send?: typeof fetch,
  ) {
    const from = new Date(nowMs - days * DAY_MS).toISOString();
    this.range = `from=${encodeURIComponent(from)}&to=${encodeURIComponent(new Date(nowMs).toISOString())}`;
  }

  /** One request at a time, however often the button is pressed. */
  more(): Promise<void> {
    this.asking ??= this.ask().finally(() => (this.asking = null));
    return this.asking;
  }

  private async ask(): Promise<void> {
    const path = `/incidents?${this.range}&limit=${PAGE}&offset=${this.offset}`;
    const answer = await api<IncidentPage>(path, {}, this.send);
    batch(() => {
      this.answer.value = answer;
      if (answer.kind !== 'ok') return;
      const { items, total } = answer.value;
      this.offset += items.length;
      this.isComplete.value = items.length === 0 || this.offset >= total;
      this.items.value = [...this.items.value, ...items.filter(isOver)];
    });
  }
}
