import type { EndpointRecord } from '../../../inventory/endpoint-record.js';
import type { ReadonlySignal } from '@preact/signals';
import type { EndpointView } from '../../../live/feed-events.js';
import { type HealthState, severityOf } from '../../state/health.js';
import { foldText, matchesFolded } from '../../text/search.js';

/** A record with what the feed says of it now; null before the feed told of it. A change draws its own row and no other. */
export interface Row {
  record: EndpointRecord;
  view: ReadonlySignal<EndpointView> | null;
}

const stateOf = ({ view }: Row): HealthState => view?.value.state ?? 'untested';

export const SORTS = ['siteName', 'siteCode', 'area', 'carrier', 'tier', 'address', 'state'] as const;
export type Sort = (typeof SORTS)[number];

export interface Choice {
  query: string;
  area: string;
  carrier: string;
  tier: string;
  state: HealthState | '';
  sort: Sort;
  descending: boolean;
}

export const EVERYTHING: Choice = {
  ...{ query: '', area: '', carrier: '', tier: '', state: '' },
  ...{ sort: 'siteName', descending: false },
};

const collator = new Intl.Collator('vi', { numeric: true });
const TIERS: readonly string[] = ['central', 'province', 'commune', 'ward'];
const BY: Record<Sort, (a: Row, b: Row) => number> = {
  siteName: (a, b) => collator.compare(a.record.siteName, b.record.siteName),
  siteCode: (a, b) => collator.compare(a.record.siteCode, b.record.siteCode),
  area: (a, b) => collator.compare(a.record.area, b.record.area),
  carrier: (a, b) => collator.compare(a.record.carrier, b.record.carrier),
  tier: (a, b) => TIERS.indexOf(a.record.tier) - TIERS.indexOf(b.record.tier),
  address: (a, b) => collator.compare(a.record.address, b.record.address),
  state: (a, b) => severityOf(stateOf(a)) - severityOf(stateOf(b)),
};

const byId = (a: Row, b: Row): number => (a.record.id < b.record.id ? -1 : 1);

/** What the search and the filters leave, in the order chosen; equals stand by site and device. */
export function chosenRows(rows: readonly Row[], choice: Choice): Row[] {
  const { area, carrier, tier, state, query } = choice;
  const left = rows.filter((row) => {
    const { record } = row;
    return (
      (area === '' || record.area === area) &&
      (carrier === '' || record.carrier === carrier) &&
      (tier === '' || record.tier === tier) &&
      (state === '' || stateOf(row) === state) &&
      matchesFolded(query, () => haystackOf(record))
    );
  });
  const direction = choice.descending ? -1 : 1;
  return left.sort((a, b) => direction * BY[choice.sort](a, b) || byId(a, b));
}

/** Folding 3,500 rows takes 25 ms: once for each record, not for each key that is pressed. */
const haystacks = new WeakMap<EndpointRecord, string>();

function haystackOf(record: EndpointRecord): string {
  const known = haystacks.get(record);
  if (known !== undefined) return known;
  const {
    id,
    siteName,
    formerNames,
    area,
    carrier,
    circuitId,
    address,
    sipUri,
    contactName,
    contactPhone,
    deputyName,
    model,
    note,
  } = record;
  const texts = [
    id,
    siteName,
    formerNames,
    area,
    carrier,
    circuitId,
    address,
    sipUri,
    contactName,
    contactPhone,
    deputyName,
    model,
    note,
  ];
  const haystack = foldText(texts.join(' '));
  haystacks.set(record, haystack);
  return haystack;
}

/** The values that stand in a column, for its filter. */
export const valuesOf = (rows: readonly Row[], field: 'area' | 'carrier'): string[] =>
  [...new Set(rows.map(({ record }) => record[field]))].filter(Boolean).sort(collator.compare);
