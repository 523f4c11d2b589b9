import { type Cause, CAUSE_KINDS, causeKey, type EndpointFact, type GroupKind, type Trouble } from './cause.js';
import { log10ChanceOf } from './chance.js';

/**
 * One cause, one incident: which failures belong together. A pure function of what each endpoint is now, of what it depends on and of
 * the incidents that are open; so a replay of the same outcomes ends with the same incidents.
 *
 * A group (carrier, area, last common hop, ...) is a cause when its failures of a few minutes are far beyond chance: more than half
 * of it fails, and Fisher's exact test says that so many failures do not meet in one group by accident. The least likely group is
 * taken first, its failures are explained, and the rest is looked at again; what is left over stands alone. When most of everything
 * fails there is no rest to compare with: then the vantage itself is the cause, unless one group explains it all.
 *
 * An open cause needs less to stay than a new one to begin, and two causes that explain the same are not exchanged for each other.
 */
export interface OpenCause {
  cause: Cause;
  startedMs: number;
  members: ReadonlySet<string>;
}

export interface Assignment {
  cause: Cause;
  /** ids of the endpoints that fail through it, in the order of the facts */
  members: string[];
}

/** Failures that begin within so long of each other may have one cause. Probes come round in minutes. */
const WINDOW_MS = 10 * 60_000;
const FEWEST = 3;
const OPEN_RATIO = 0.5;
/** Chance of one wrong group in 10,000 looks, shared among all groups that are looked at. */
const LOG10_CHANCE = -4;
const KEEP_FEWEST = 2;
const KEEP_RATIO = 0.25;
/** So much of everything failing leaves no rest to compare with. */
const ALL_RATIO = 0.6;
/** A group explains it all when it holds nearly every failure and what lies outside is nearly well. */
const EXPLAINS_RATIO = 0.9;

interface Group {
  cause: Cause;
  size: number;
  failing: EndpointFact[];
  /** how many of them began within the window of each other */
  hit: number;
  open: OpenCause | undefined;
}

export function correlate(facts: readonly EndpointFact[], open: readonly OpenCause[], vantage: string): Assignment[] {
  return (['failing', 'unseen'] as const).flatMap((trouble) =>
    correlateOne(
      trouble,
      facts,
      open.filter(({ cause }) => cause.trouble === trouble),
      vantage,
    ),
  );
}

function correlateOne(
  trouble: Trouble,
  facts: readonly EndpointFact[],
  open: readonly OpenCause[],
  vantage: string,
): Assignment[] {
  const failing = facts.filter((fact) => fact.trouble === trouble);
  if (failing.length === 0) return [];
  const openByKey = new Map(open.map((one) => [causeKey(one.cause), one]));
  const groups: Assignment[] = [];
  const named = new Set<string>();
  const byKey = groupsOf(trouble, facts, failing, openByKey);
  let facing = facts;
  let left: readonly EndpointFact[] = failing;
  for (;;) {
    const next = bestGroup({ trouble, byKey, facing, left, openByKey, vantage, named });
    const taken = new Set(next && membersOf(next).map(({ id }) => id));
    if (!next || taken.size === 0) break;
    named.add(causeKey(next.cause));
    groups.push({ cause: next.cause, members: left.filter(({ id }) => taken.has(id)).map(({ id }) => id) });
    takeFrom(
      byKey,
      trouble,
      left.filter(({ id }) => taken.has(id)),
      taken,
    );
    left = left.filter(({ id }) => !taken.has(id));
    facing = facing.filter(({ id }) => !taken.has(id));
  }
  const alone = left.map(({ id }): Assignment => ({ cause: { trouble, kind: 'endpoint', name: id }, members: [id] }));
  return [...groups, ...alone];
}

/** An open cause keeps what it has and takes what failed since shortly before it; a new one what failed together. */
function membersOf({ failing, open }: Group): EndpointFact[] {
  if (open) return failing.filter(({ id, sinceMs }) => open.members.has(id) || sinceMs >= open.startedMs - WINDOW_MS);
  return together(failing);
}

/** The largest set of failures that began within the window. */
function together(failing: readonly EndpointFact[]): EndpointFact[] {
  const inOrder = [...failing].sort((a, b) => a.sinceMs - b.sinceMs);
  let best: EndpointFact[] = [];
  for (let first = 0, end = 0; first < inOrder.length; first++) {
    const untilMs = (inOrder[first]?.sinceMs ?? 0) + WINDOW_MS;
    while ((inOrder[end]?.sinceMs ?? Infinity) <= untilMs) end++;
    if (end - first > best.length) best = inOrder.slice(first, end);
    if (inOrder.length - first <= best.length) break;
  }
  return best;
}

interface Situation {
  trouble: Trouble;
  byKey: ReadonlyMap<string, Group>;
  /** endpoints that no cause has yet, well or not */
  facing: readonly EndpointFact[];
  /** those of them that are in trouble */
  left: readonly EndpointFact[];
  openByKey: ReadonlyMap<string, OpenCause>;
  vantage: string;
  /** causes that have their members: what they left is another matter */
  named: ReadonlySet<string>;
}

function bestGroup(situation: Situation): Group | undefined {
  const { trouble, byKey, facing, left, openByKey, vantage, named } = situation;
  if (left.length < KEEP_FEWEST) return undefined;
  const groups = [...byKey.values()].filter(({ cause, failing }) => failing.length >= KEEP_FEWEST && !named.has(causeKey(cause)));
  const all: Group = groupOf({ trouble, kind: 'vantage', name: vantage }, openByKey, left, facing.length);
  const likely = unlikelyByChance(groups, left.length, facing.length);
  if (!named.has(causeKey(all.cause)) && isEverything(all) && !likely.some((group) => explainsAll(group, all))) return all;
  const keep = groups.filter(stays).sort((a, b) => b.failing.length - a.failing.length || byKind(a, b))[0];
  const best = likely[0];
  // what is open goes first unless something wider swallows all of it
  return keep && !(best && swallows(best, keep)) ? keep : best;
}

const stays = ({ open, size, failing }: Group): boolean =>
  open !== undefined && failing.length >= KEEP_FEWEST && failing.length >= KEEP_RATIO * size;

/** Groups that may be a new cause, the least likely to fail so by accident first. */
function unlikelyByChance(groups: readonly Group[], failing: number, all: number): Group[] {
  const needed = LOG10_CHANCE - Math.log10(Math.max(1, groups.length));
  return groups
    .filter(({ hit, size }) => hit >= FEWEST && hit > OPEN_RATIO * size)
    .map((group) => ({ group, log10: log10ChanceOf(group.hit, group.size, failing, all) }))
    .filter(({ log10 }) => log10 <= needed)
    .sort(
      (a, b) =>
        a.log10 - b.log10 || Number(b.group.open !== undefined) - Number(a.group.open !== undefined) || byKind(a.group, b.group),
    )
    .map(({ group }) => group);
}

const groupOf = (
  cause: Cause,
  openByKey: ReadonlyMap<string, OpenCause>,
  failing: readonly EndpointFact[],
  size: number,
): Group => ({
  cause,
  size,
  failing: [...failing],
  hit: 0,
  open: openByKey.get(causeKey(cause)),
});

const isEverything = ({ size, failing, open }: Group): boolean =>
  open
    ? failing.length >= KEEP_FEWEST && failing.length >= KEEP_RATIO * size
    : size >= 2 * FEWEST && together(failing).length > ALL_RATIO * size;

const explainsAll = (group: Group, all: Group): boolean =>
  group.failing.length >= EXPLAINS_RATIO * all.failing.length && group.size < EXPLAINS_RATIO * all.size;

const swallows = (wide: Group, narrow: Group): boolean => {
  if (wide.failing.length <= narrow.failing.length) return false;
  const ids = new Set(wide.failing.map(({ id }) => id));
  return narrow.failing.every(({ id }) => ids.has(id));
};

const byKind = (a: Group, b: Group): number =>
  a.size - b.size ||
  CAUSE_KINDS.indexOf(a.cause.kind) - CAUSE_KINDS.indexOf(b.cause.kind) ||
  (a.cause.name < b.cause.name ? -1 : 1);

/** Every group that a failure belongs to. Made once: with a hundred causes at 10,000 endpoints anew for each took half a second. */
function groupsOf(
  trouble: Trouble,
  facing: readonly EndpointFact[],
  left: readonly EndpointFact[],
  openByKey: ReadonlyMap<string, OpenCause>,
): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  for (const fact of left) {
    for (const [kind, name] of Object.entries(fact.groups) as [GroupKind, string][]) {
      const key = causeKey({ trouble, kind, name });
      const known = groups.get(key);
      if (known) known.failing.push(fact);
      else groups.set(key, groupOf({ trouble, kind, name }, openByKey, [fact], 0));
    }
  }
  for (const fact of facing) for (const group of holding(groups, trouble, fact)) group.size++;
  for (const group of groups.values()) group.hit = together(group.failing).length;
  return groups;
}

/** What has its cause is no part of any other group any more. */
function takeFrom(
  groups: ReadonlyMap<string, Group>,
  trouble: Trouble,
  facts: readonly EndpointFact[],
  ids: ReadonlySet<string>,
): void {
  const touched = new Set<Group>();
  for (const fact of facts) {
    for (const group of holding(groups, trouble, fact)) {
      group.size--;
      touched.add(group);
    }
  }
  for (const group of touched) {
    group.failing = group.failing.filter(({ id }) => !ids.has(id));
    group.hit = together(group.failing).length;
  }
}

function holding(groups: ReadonlyMap<string, Group>, trouble: Trouble, { groups: names }: EndpointFact): Group[] {
  const found: Group[] = [];
  for (const kind in names) {
    const group = groups.get(`${trouble}:${kind}:${names[kind as GroupKind]}`);
    if (group) found.push(group);
  }
  return found;
}
