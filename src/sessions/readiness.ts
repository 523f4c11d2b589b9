import { sentenceOf, type Words } from '../common/operator-words.js';
import type { Reason } from '../common/reasons.js';
import type { HealthState, SignalName, Signals, Tier } from '../common/states.js';
import { type Repair, repairOf } from './repair.js';
import type { ReadinessRule, Session } from './session.js';

export const READINESS_CLASSES = ['ready', 'degraded', 'notReady', 'unverified', 'untested', 'inUse', 'maintenance'] as const;
export type ReadinessClass = (typeof READINESS_CLASSES)[number];
export type ReadinessCounts = Record<ReadinessClass, number> & { total: number };

export const VERDICTS = ['GO', 'AT_RISK', 'NO_GO'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What is known of a participant's site at this moment. Instants are Unix ms. */
export interface SiteStanding {
  siteCode: string;
  siteName: string;
  tier: Tier;
  area: string;
  carrier: string;
  role: 'participant' | 'counterpart';
  /** false: may stay away, and is no reason for NO_GO */
  required: boolean;
  state: HealthState;
  reason: Reason | null;
  signals: Signals;
  /** the signals that this session needs of this site */
  needs: readonly SignalName[];
  sinceMs: number | null;
  /** the device that speaks for the site, and whether it is a backup that stands in; null: the code is not in the inventory */
  endpointId: string | null;
  usesBackup: boolean;
  /** end of the last probe, and of the last call, of that device */
  checkedMs: number | null;
  calledMs: number | null;
  /** what is needed was seen by a call within the session's window, and nothing has failed since */
  isProven: boolean;
  /** one of many that failed for one cause, which no phone call to this site can mend */
  incident: { id: string; ofMany: boolean } | null;
  contact: Contact;
  deputy: Contact;
  contactLog: readonly ContactNote[];
}

export interface Contact {
  name: string;
  phone: string;
}

export interface ContactNote {
  at: string;
  by: string;
  note: string;
}

export interface SiteReadiness extends Omit<SiteStanding, 'sinceMs' | 'checkedMs' | 'calledMs'> {
  class: ReadinessClass;
  mustHave: boolean;
  sentence: Words;
  since: string | null;
  checkedAt: string | null;
  mediaCheckedAt: string | null;
  repair: Repair | null;
  /** can it be mended before the required connect time, as repairs of this kind usually go? null: nothing to mend */
  fixableInTime: boolean | null;
}

export interface Readiness extends ReadinessCounts {
  sessionId: string;
  /** faults may be made on purpose */
  rehearsal: boolean;
  at: string;
  verdict: Verdict;
  required: { total: number; ready: number };
  /** unit codes without which there is no session and that are not ready */
  missingMustHave: string[];
  byTier: Record<string, ReadinessCounts>;
  byArea: Record<string, ReadinessCounts>;
  byCarrier: Record<string, ReadinessCounts>;
  /** the not-ready first, in the order in which to see to them; then the rest by name */
  sites: SiteReadiness[];
}

type ReadinessOf = Pick<Session, 'id' | 'connectByMs' | 'rule' | 'rehearsal'>;

const CLASS_OF_STATE: Record<HealthState, ReadinessClass> = {
  ready: 'ready',
  degraded: 'degraded',
  down: 'notReady',
  'in-use': 'inUse',
  unverified: 'unverified',
  // no result that counts, be it that none was made or that it has grown old: nothing is proven
  untested: 'untested',
  unknown: 'untested',
  maintenance: 'maintenance',
};

/**
 * The session's rule over required sites. Ready, for the rule, is also a device that is in a call now and whose four signals were seen
 * before: near the start it has joined already.
 */
export function verdictOf(sites: readonly Judged[], rule: ReadinessRule): Verdict {
  const required = sites.filter((site) => site.required);
  const ratio = required.length === 0 ? 0 : required.filter(countsAsReady).length / required.length;
  if (required.length === 0 || ratio < rule.noGoRatio || missingMustHave(sites, rule).length > 0) return 'NO_GO';
  return ratio >= rule.goRatio ? 'GO' : 'AT_RISK';
}

type Judged = Pick<SiteReadiness, 'siteCode' | 'class' | 'required' | 'isProven'>;

/** Also one that takes no part at all, or is in the inventory no longer. */
function missingMustHave(sites: readonly Judged[], { mustHave }: ReadinessRule): string[] {
  const ready = new Set(sites.filter(countsAsReady).map(({ siteCode }) => siteCode));
  return mustHave.filter((siteCode) => !ready.has(siteCode));
}

export const countsAsReady = (site: Pick<SiteReadiness, 'class' | 'isProven'>): boolean =>
  site.class === 'ready' || (site.class === 'inUse' && site.isProven);

export function readinessOf(session: ReadinessOf, facts: readonly SiteStanding[], nowMs: number): Readiness {
  const sites = facts.map((site) => siteReadiness(session, site, nowMs));
  const required = sites.filter((site) => site.required);
  return {
    sessionId: session.id,
    rehearsal: session.rehearsal,
    at: new Date(nowMs).toISOString(),
    verdict: verdictOf(sites, session.rule),
    ...countsOf(sites),
    required: { total: required.length, ready: required.filter(countsAsReady).length },
    missingMustHave: missingMustHave(sites, session.rule),
    byTier: countedBy(sites, ({ tier }) => tier),
    byArea: countedBy(sites, ({ area }) => area),
    byCarrier: countedBy(sites, ({ carrier }) => carrier),
    sites: sites.sort(byUrgency),
  };
}

function siteReadiness(session: ReadinessOf, facts: SiteStanding, nowMs: number): SiteReadiness {
  const { sinceMs, checkedMs, calledMs, ...site } = facts;
  const siteClass = CLASS_OF_STATE[facts.state];
  const repair = siteClass === 'ready' ? null : repairOf(facts.state, facts.reason, facts.incident?.ofMany ?? false);
  const leftMinutes = (session.connectByMs - nowMs) / 60_000;
  return {
    ...site,
    class: siteClass,
    mustHave: session.rule.mustHave.includes(facts.siteCode),
    sentence: sentenceOf(facts.state, facts.reason, facts.needs),
    since: isoOf(sinceMs),
    checkedAt: isoOf(checkedMs),
    mediaCheckedAt: isoOf(calledMs),
    repair,
    fixableInTime: repair && repair.minutes !== null && repair.minutes <= leftMinutes,
  };
}

const isoOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

const collator = new Intl.Collator('vi');

/**
 * Not ready before ready. Then what can still be mended in the time left; sites that must be there, required ones, the others; the
 * shortest repair first, since that brings most sites back before the start; who has been waiting longest; by name.
 */
function byUrgency(a: SiteReadiness, b: SiteReadiness): number {
  return (
    Number(countsAsReady(a)) - Number(countsAsReady(b)) ||
    Number(b.fixableInTime ?? false) - Number(a.fixableInTime ?? false) ||
    Number(b.mustHave) - Number(a.mustHave) ||
    Number(b.required) - Number(a.required) ||
    minutesOf(a) - minutesOf(b) ||
    compareText(a.since ?? '', b.since ?? '') ||
    collator.compare(a.siteName, b.siteName) ||
    compareText(a.siteCode, b.siteCode)
  );
}

/** Larger than any estimate, and still a number that can be subtracted. */
const UNKNOWN_MINUTES = 1e6;
const minutesOf = ({ repair }: SiteReadiness): number => repair?.minutes ?? (repair ? UNKNOWN_MINUTES : 0);
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function countsOf(sites: readonly SiteReadiness[]): ReadinessCounts {
  const counts = { ...NONE };
  for (const site of sites) {
    counts[site.class]++;
    counts.total++;
  }
  return counts;
}

const NONE: ReadinessCounts = {
  total: 0,
  ready: 0,
  degraded: 0,
  notReady: 0,
  unverified: 0,
  untested: 0,
  inUse: 0,
  maintenance: 0,
};

function countedBy(sites: readonly SiteReadiness[], keyOf: (site: SiteReadiness) => string): Record<string, ReadinessCounts> {
  const groups = new Map<string, SiteReadiness[]>();
  for (const site of sites) {
    const members = groups.get(keyOf(site));
    if (members) members.push(site);
    else groups.set(keyOf(site), [site]);
  }
  return Object.fromEntries(Array.from(groups, ([key, members]) => [key, countsOf(members)]));
}
