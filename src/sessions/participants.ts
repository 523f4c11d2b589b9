import type { Tier } from '../common/states.js';
import type { EndpointRecord } from '../inventory/endpoint-record.js';
import type { ParticipantRule, Session } from './session.js';

/** A site as sessions see it: what a rule can name, and the endpoints that can stand for it. */
export interface SiteFacts {
  code: string;
  name: string;
  tier: Tier;
  area: string;
  /** of its endpoints, each once */
  carriers: string[];
  /** main first */
  endpointIds: string[];
}

export interface Participant {
  siteCode: string;
  role: 'participant' | 'counterpart';
  /** false: may stay away, and is no reason for NO_GO */
  required: boolean;
}

/** Sites by code, in the order of the inventory. */
export function sitesOf(endpoints: readonly EndpointRecord[]): Map<string, SiteFacts> {
  const sites = new Map<string, SiteFacts>();
  for (const { siteCode: code, siteName: name, tier, area, carrier, id } of endpoints) {
    const site = sites.get(code) ?? { code, name, tier, area, carriers: [], endpointIds: [] };
    sites.set(code, site);
    site.endpointIds.push(id);
    if (carrier && !site.carriers.includes(carrier)) site.carriers.push(carrier);
  }
  return sites;
}

/**
 * Who takes part, each site once, in the order of the inventory. Counterparts always do, whatever `except` says: without the far end
 * there is no session. Codes that the inventory does not know are left out; `unknownNames` tells of them.
 */
export function resolveParticipants(
  session: Pick<Session, 'participants' | 'counterparts'>,
  sites: ReadonlyMap<string, SiteFacts>,
): Participant[] {
  const { participants: rule } = session;
  const counterparts = new Set(session.counterparts);
  const [except, optional] = [new Set(rule.except), new Set(rule.optional)];
  return [...sites.values()].flatMap((site): Participant[] => {
    const { code: siteCode } = site;
    if (counterparts.has(siteCode)) return [{ siteCode, role: 'counterpart', required: !optional.has(siteCode) }];
    if (except.has(siteCode) || !(optional.has(siteCode) || isNamed(rule, site))) return [];
    return [{ siteCode, role: 'participant', required: !optional.has(siteCode) }];
  });
}

function isNamed(rule: ParticipantRule, site: SiteFacts): boolean {
  if (rule.all || namesNobody(rule)) return true;
  const named = [
    rule.tiers?.includes(site.tier),
    rule.areas?.includes(site.area),
    rule.carriers?.some((carrier) => site.carriers.includes(carrier)),
    rule.sites?.includes(site.code),
  ];
  return named.includes(true);
}

/** `all: false` with nothing else says that only the optional sites and the counterparts take part. */
const namesNobody = ({ all, tiers, areas, carriers, sites }: ParticipantRule): boolean =>
  all === undefined && ![tiers, areas, carriers, sites].some((list) => list?.length);

export interface UnknownName {
  /** e.g. `participants.areas` */
  field: string;
  found: string;
  allowed: string;
}

/** What a session names that is not in the inventory: most likely mistyped. */
export function unknownNames(
  session: Pick<Session, 'participants' | 'counterparts' | 'rule'>,
  sites: ReadonlyMap<string, SiteFacts>,
): UnknownName[] {
  const all = [...sites.values()];
  const areas = new Set(all.map(({ area }) => area));
  const carriers = new Set(all.flatMap((site) => site.carriers));
  const { participants, counterparts, rule } = session;
  const lists: [field: string, given: readonly string[] | undefined, known: { has(name: string): boolean }, what: string][] = [
    ['participants.areas', participants.areas, areas, 'an area of the inventory'],
    ['participants.carriers', participants.carriers, carriers, 'a carrier of the inventory'],
    ['participants.sites', participants.sites, sites, 'a unit code of the inventory'],
    ['participants.except', participants.except, sites, 'a unit code of the inventory'],
    ['participants.optional', participants.optional, sites, 'a unit code of the inventory'],
    ['counterparts', counterparts, sites, 'a unit code of the inventory'],
    ['rule.mustHave', rule.mustHave, sites, 'a unit code of the inventory'],
  ];
  return lists.flatMap(([field, given = [], known, allowed]) =>
    given.filter((name) => !known.has(name)).map((found) => ({ field, found, allowed })),
  );
}
