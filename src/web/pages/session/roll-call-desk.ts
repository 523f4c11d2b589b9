import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { api, type Failure } from '../../feed/api.js';
import type { AttendanceState, AttendanceView, Listed, Mark } from './api-types.js';
import { expectedState, isOpen, press, type RollCall, type RollKey, startRollCall } from './roll-call.js';

interface Services {
  sessionId: string;
  connectByMs: number;
  nowMs: () => number;
  by: () => string;
  send?: typeof fetch;
}

/** The roll-call at this screen: keys take effect at once, their marks go to the server one after the other, in the order of the keys. */
export class RollCallDesk {
  readonly sites: Signal<ReadonlyMap<string, AttendanceView>> = signal(new Map());
  readonly state: Signal<RollCall | null> = signal(null);
  /** the server did not take a mark, or the list cannot be read */
  readonly failure: Signal<{ siteName: string; failure: Failure } | null> = signal(null);
  /** marks that the server has not confirmed yet */
  readonly unsent = signal(0);
  readonly shown: ReadonlySignal<AttendanceView | null>;
  readonly counts: ReadonlySignal<Readonly<Record<AttendanceState, number>>>;
  private sending: Promise<void> = Promise.resolve();
  private readonly send: typeof fetch;

  constructor(private readonly services: Services) {
    this.send = services.send ?? ((...sent) => fetch(...sent));
    this.shown = computed(() => {
      const { value } = this.state;
      return (value && this.sites.value.get(value.order[value.at] ?? '')) ?? null;
    });
    this.counts = computed(() => countStates(this.sites.value.values()));
  }

  /** Read anew, what was suggested meanwhile comes with it; the place stays. Not while marks are on their way: they are newer. */
  async load(): Promise<void> {
    const answer = await api<Listed<AttendanceView>>(`${this.path}`, {}, this.send);
    if (this.unsent.value > 0) return;
    if (answer.kind !== 'ok') {
      this.failure.value = { siteName: '', failure: answer };
      return;
    }
    if (this.failure.value?.siteName === '') this.failure.value = null;
    this.sites.value = new Map(answer.value.items.map((item) => [item.siteCode, item]));
    this.state.value ??= startRollCall(callOrder(answer.value.items), (code) => this.stateOf(code));
  }

  press(key: RollKey): void {
    const before = this.state.value;
    if (!before) return;
    const { state, mark } = press(before, key, (code) => this.stateOf(code));
    this.state.value = state;
    if (mark) this.record(mark.siteCode, mark.mark);
  }

  /** Marks the shown site as the call that was seen there suggests. */
  accept(): void {
    const suggestion = this.shown.value?.suggestion;
    if (suggestion) this.press(suggestion.mark);
  }

  goTo(siteCode: string): void {
    const { value } = this.state;
    const at = value?.order.indexOf(siteCode) ?? -1;
    if (value && at >= 0) this.state.value = { ...value, at };
  }

  private record(siteCode: string, mark: Mark | 'undo'): void {
    const { nowMs, connectByMs, by } = this.services;
    const before = this.sites.value.get(siteCode);
    if (!before) return;
    const atMs = nowMs();
    this.put({ ...before, state: expectedState(mark, atMs, connectByMs), suggestion: null });
    this.unsent.value += 1;
    const body = { siteCode, mark, at: new Date(atMs).toISOString(), by: by() };
    this.sending = this.sending.then(() => this.deliver(before, body));
  }

  /** What the server does not take is taken back here, and said: a mark that only this screen knows is none. */
  private async deliver(before: AttendanceView, body: { siteCode: string }): Promise<void> {
    const answer = await api<AttendanceView>(this.path, { method: 'POST', body }, this.send);
    this.unsent.value -= 1;
    if (answer.kind === 'ok') {
      this.failure.value = null;
      this.put(answer.value);
      return;
    }
    this.failure.value = { siteName: before.siteName, failure: answer };
    this.put(before);
    this.goTo(body.siteCode);
  }

  private put(site: AttendanceView): void {
    this.sites.value = new Map(this.sites.value).set(site.siteCode, site);
  }

  private stateOf(siteCode: string): AttendanceState {
    return this.sites.value.get(siteCode)?.state ?? 'expected';
  }

  private get path(): string {
    return `/sessions/${encodeURIComponent(this.services.sessionId)}/attendance`;
  }
}

/** The far end first, then in the order of the inventory. */
const callOrder = (items: readonly AttendanceView[]): string[] =>
  [...items.filter(({ role }) => role === 'counterpart'), ...items.filter(({ role }) => role !== 'counterpart')].map(
    ({ siteCode }) => siteCode,
  );

function countStates(sites: Iterable<AttendanceView>): Record<AttendanceState, number> {
  const counts = { expected: 0, overdue: 0, 'on-time': 0, late: 0, absent: 0, dropped: 0 };
  for (const { state } of sites) counts[state]++;
  return counts;
}

export const openCount = (counts: Readonly<Record<AttendanceState, number>>): number =>
  (Object.keys(counts) as AttendanceState[]).filter(isOpen).reduce((sum, state) => sum + counts[state], 0);
