import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Delta, EndpointView, IncidentView, MonitorStatus, SessionView, Snapshot } from '../../live/feed-events.js';
import { computedList } from './computed-list.js';
import { applyDelta, applySnapshot, type FeedState, type FeedStep } from './feed-state.js';
import { type HealthState, needsWork, STATES_BEST_FIRST } from './health.js';
import { causeOfSites, sharedCauses } from './incidents.js';
import { placeByName, SiteModel, worstFirst } from './site-model.js';
import { type StateChange, withinWindow } from './state-changes.js';

/** Everything the page shows, from the feed alone. */
export class BoardStore {
  readonly monitor: Signal<MonitorStatus | null> = signal(null);
  readonly sessions: Signal<readonly SessionView[]> = signal([]);
  readonly incidents: Signal<readonly IncidentView[]> = signal([]);
  readonly causes: ReadonlySignal<readonly IncidentView[]> = computed(() => sharedCauses(this.incidents.value));
  readonly causeOfSite: ReadonlySignal<ReadonlyMap<string, IncidentView>> = computed(() => causeOfSites(this.causes.value));
  readonly sites: Signal<readonly SiteModel[]> = signal([]);
  readonly changes: Signal<readonly StateChange[]> = signal([]);
  readonly counts: ReadonlySignal<ReadonlyMap<HealthState, number>> = computed(() => countStates(this.sites.value));
  readonly worklist: ReadonlySignal<readonly SiteModel[]> = computedList(() =>
    byUrgency(this.sites.value.filter((site) => needsWork(site.state.value))),
  );

  private feed: FeedState | null = null;
  private readonly endpoints = new Map<string, Signal<EndpointView>>();

  get hasSnapshot(): boolean {
    return this.feed !== null;
  }

  receiveSnapshot(snapshot: Snapshot): void {
    this.commit(applySnapshot(this.feed, snapshot), snapshot.at);
  }

  /** @returns false when something was missed and a snapshot is needed */
  receiveDelta(delta: Delta): boolean {
    const step = applyDelta(this.feed, delta);
    if (step.kind === 'applied') this.commit(step, delta.at);
    return step.kind !== 'gap';
  }

  site(code: string): SiteModel | undefined {
    return this.sites.value.find((site) => site.code === code);
  }

  endpoint(id: string): EndpointView | undefined {
    return this.endpoints.get(id)?.value;
  }

  private commit(step: Extract<FeedStep, { kind: 'applied' }>, at: string): void {
    const isFirst = this.feed === null;
    this.feed = step.state;
    batch(() => {
      const before = new Map(this.sites.peek().map((site) => [site.code, site.state.peek()]));
      this.monitor.value = step.state.monitor;
      this.sessions.value = step.state.sessions;
      this.incidents.value = step.state.incidents;
      if (this.writeEndpoints(step)) this.sites.value = this.arrangeSites();
      if (!isFirst) this.noteChanges(before, at);
    });
  }

  /** @returns whether the set of sites, or which endpoint belongs to which, may have changed */
  private writeEndpoints({ touched, removed }: { touched: EndpointView[]; removed: string[] }): boolean {
    let rearrange = removed.length > 0;
    for (const id of removed) this.endpoints.delete(id);
    for (const view of touched) {
      const known = this.endpoints.get(view.id);
      rearrange ||= !known || placeOf(known.peek()) !== placeOf(view);
      if (known) known.value = view;
      else this.endpoints.set(view.id, signal(view));
    }
    return rearrange;
  }

  private arrangeSites(): SiteModel[] {
    const members = new Map<string, [Signal<EndpointView>, ...Signal<EndpointView>[]]>();
    for (const endpoint of this.endpoints.values()) {
      const siteCode = endpoint.peek().siteCode;
      const others = members.get(siteCode);
      if (others) others.push(endpoint);
      else members.set(siteCode, [endpoint]);
    }
    const byOrdinal = (a: Signal<EndpointView>, b: Signal<EndpointView>): number => a.peek().ordinal - b.peek().ordinal;
    const sites = [...members].map(([code, endpoints]) => new SiteModel(code, endpoints.sort(byOrdinal)));
    placeByName(sites);
    return sites;
  }

  private noteChanges(before: ReadonlyMap<string, HealthState>, at: string): void {
    const atMs = Date.parse(at);
    const news = this.sites.peek().flatMap((site): StateChange[] => {
      const from = before.get(site.code);
      const to = site.state.peek();
      if (from === undefined || from === to) return [];
      return [{ atMs, siteCode: site.code, siteName: site.name, from, to, reason: site.shown.peek().reason }];
    });
    if (news.length) this.changes.value = withinWindow([...this.changes.peek(), ...news].slice(-CHANGES_KEPT), atMs);
  }
}

/** Far more than anybody reads; an outage of a whole country must not fill the memory of the wall's computer. */
const CHANGES_KEPT = 2_000;

const placeOf = (view: EndpointView): string =>
  JSON.stringify([view.siteCode, view.siteName, view.tier, view.area, view.carrier, view.ordinal]);

/** Sites everybody depends on first, then worst first. */
const byUrgency = (sites: readonly SiteModel[]): SiteModel[] =>
  worstFirst(sites).sort((a, b) => Number(b.isTop) - Number(a.isTop));

function countStates(sites: readonly SiteModel[]): ReadonlyMap<HealthState, number> {
  const counts = new Map<HealthState, number>(STATES_BEST_FIRST.map((state) => [state, 0]));
  for (const site of sites) counts.set(site.state.value, (counts.get(site.state.value) ?? 0) + 1);
  return counts;
}
