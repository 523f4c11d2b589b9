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
  /** in the order in which their trouble began */
  failing: readonly EndpointFact[];
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
  let facing = facts;
  // Sorted once: each group's failures are then in this order too
  let left: readonly EndpointFact[] = [...failing].sort((a, b) => a.sinceMs - b.sinceMs);
  const members = groupsOf(trouble, facts, left, openByKey);
  while (left.length > 0) {
    const next = bestGroup({ trouble, groups: members.all, facing, left, openByKey, vantage, named });
    const taken = new Set(next && membersOf(next));
    if (!next || taken.size === 0) break;
    named.add(causeKey(next.cause));
    groups.push({ cause: next.cause, members: failing.filter((fact) => taken.has(fact)).map(({ id }) => id) });
    left = left.filter((fact) => !taken.has(fact));
    facing = facing.filter((fact) => !taken.has(fact));
    if (left.length > 0) takeFrom(members, taken);
  }
  const rest = new Set(left);
  const alone = failing
    .filter((fact) => rest.has(fact))
    .map(({ id }): Assignment => ({ cause: { trouble, kind: 'endpoint', name: id }, members: [id] }));
  return [...groups, ...alone];
}

/** An open cause keeps what it has and takes what failed since shortly before it; a new one what failed together. */
function membersOf({ failing, open }: Group): readonly EndpointFact[] {
  if (open) return failing.filter(({ id, sinceMs }) => open.members.has(id) || sinceMs >= open.startedMs - WINDOW_MS);
  return together(failing);
}

/** The largest set of failures that began within the window. @param inOrder by when they began */
function together(inOrder: readonly EndpointFact[]): readonly EndpointFact[] {
  const best = { first: 0, count: 0 };
  for (let first = 0, end = 0; inOrder.length - first > best.count; first++) {
    const untilMs = (inOrder[first]?.sinceMs ?? 0) + WINDOW_MS;
    while ((inOrder[end]?.sinceMs ?? Infinity) <= untilMs) end++;
    if (end - first > best.count) Object.assign(best, { first, count: end - first });
  }
  return best.count === inOrder.length ? inOrder : inOrder.slice(best.first, best.first + best.count);
}

interface Situation {
  trouble: Trouble;
  groups: readonly Group[];
  /** endpoints that no cause has yet, well or not */
  facing: readonly EndpointFact[];
  /** those of them that are in trouble, in the order in which it began */
  left: readonly EndpointFact[];
  openByKey: ReadonlyMap<string, OpenCause>;
  vantage: string;
  /** causes that have their members: what they left is another matter */
  named: ReadonlySet<string>;
}

function bestGroup(situation: Situation): Group | undefined {
  const { trouble, facing, left, openByKey, vantage, named } = situation;
  if (left.length < KEEP_FEWEST) return undefined;
  const groups = situation.groups.filter(({ cause, failing }) => failing.length >= KEEP_FEWEST && !named.has(causeKey(cause)));
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
  failing,
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
  const all = new Set(wide.failing);
  return narrow.failing.every((fact) => all.has(fact));
};

const byKind = (a: Group, b: Group): number =>
  a.size - b.size ||
  CAUSE_KINDS.indexOf(a.cause.kind) - CAUSE_KINDS.indexOf(b.cause.kind) ||
  (a.cause.name < b.cause.name ? -1 : 1);

/** Groups by kind and name. */
interface Membership {
  all: readonly Group[];
  of(fact: EndpointFact): Group[];
}

/**
 * Every group that a failure belongs to. Made once: with a hundred causes at 10,000 endpoints anew for each took half a second.
 * @param left in the order in which their trouble began
 */
function groupsOf(
  trouble: Trouble,
  facing: readonly EndpointFact[],
  left: readonly EndpointFact[],
  openByKey: ReadonlyMap<string, OpenCause>,
): Membership {
  const failing = new Map<GroupKind, Map<string, EndpointFact[]>>();
  for (const fact of left) {
    for (const kind in fact.groups) addTo(failing, kind as GroupKind, fact);
  }
  const byName = new Map<string, Map<string, Group>>();
  for (const [kind, named] of failing) {
    const groups = Array.from(named, ([name, facts]) => groupOf({ trouble, kind, name }, openByKey, facts, 0));
    byName.set(kind, new Map(groups.map((group) => [group.cause.name, group])));
  }
  const of = ({ groups }: EndpointFact): Group[] => {
    const found: Group[] = [];
    for (const kind in groups) {
      const group = byName.get(kind)?.get(groups[kind as GroupKind] ?? '');
      if (group) found.push(group);
    }
    return found;
  };
  for (const fact of facing) for (const group of of(fact)) group.size++;
  const all = [...byName.values()].flatMap((named) => [...named.values()]);
  for (const group of all) group.hit = together(group.failing).length;
  return { all, of };
}

function addTo(groups: Map<GroupKind, Map<string, EndpointFact[]>>, kind: GroupKind, fact: EndpointFact): void {
  const name = fact.groups[kind] ?? '';
  const named = groups.get(kind) ?? new Map<string, EndpointFact[]>();
  groups.set(kind, named);
  const facts = named.get(name);
  if (facts) facts.push(fact);
  else named.set(name, [fact]);
}

/** What has its cause is no part of any other group any more. */
function takeFrom(members: Membership, taken: ReadonlySet<EndpointFact>): void {
  const touched = new Set<Group>();
  for (const fact of taken) {
    for (const group of members.of(fact)) {
      group.size--;
      touched.add(group);
    }
  }
  for (const group of touched) {
    group.failing = group.failing.filter((fact) => !taken.has(fact));
    group.hit = together(group.failing).length;
  }
}
