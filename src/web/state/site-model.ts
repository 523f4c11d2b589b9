import { computed, type ReadonlySignal, type Signal } from '@preact/signals';
import type { EndpointView } from '../../live/feed-events.js';
import { shortSiteName } from '../text/site-name.js';
import { type HealthState, severityOf, speakerOf } from './health.js';

/** One tile: a site with its endpoints. Each value is a signal, so that a change draws this tile and no other. */
export class SiteModel {
  /** the endpoint whose state the tile shows */
  readonly shown: ReadonlySignal<EndpointView>;
  readonly state: ReadonlySignal<HealthState>;
  readonly name: string;
  readonly isTop: boolean;
  readonly area: string;

  constructor(
    readonly code: string,
    /** main first */
    readonly endpoints: readonly [Signal<EndpointView>, ...Signal<EndpointView>[]],
  ) {
    const [main, ...backups] = endpoints;
    this.shown = computed(() => speakerOf([main.value, ...backups.map((backup) => backup.value)]));
    this.state = computed(() => this.shown.value.state);
    const { siteName, tier, area } = main.peek();
    this.name = shortSiteName(siteName);
    this.isTop = tier === 'central' || tier === 'province';
    this.area = area;
  }
}

const collator = new Intl.Collator('vi');

export const byName = (a: SiteModel, b: SiteModel): number =>
  collator.compare(a.name, b.name) || collator.compare(a.code, b.code);

export const worstFirst = (a: SiteModel, b: SiteModel): number =>
  severityOf(a.state.value) - severityOf(b.state.value) || byName(a, b);

/** The sites of one area. The order of the groups depends on nothing that changes, so that an eye finds its place again. */
export interface SiteGroup {
  key: string;
  /** null: central and provincial sites, whose heading is a word of ours */
  area: string | null;
  sites: readonly SiteModel[];
}

export function groupSites(sites: readonly SiteModel[]): SiteGroup[] {
  const top = sites.filter((site) => site.isTop);
  const areas = new Map<string, SiteModel[]>();
  for (const site of sites.filter((one) => !one.isTop)) {
    areas.set(site.area, [...(areas.get(site.area) ?? []), site]);
  }
  const groups: SiteGroup[] = [...areas]
    .sort(([a], [b]) => collator.compare(a, b))
    .map(([area, members]) => ({ key: `area:${area}`, area, sites: members }));
  return top.length ? [{ key: 'top', area: null, sites: top }, ...groups] : groups;
}
