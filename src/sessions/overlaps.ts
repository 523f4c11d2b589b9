import type { Session } from './session.js';

export interface Occupied {
  session: Pick<Session, 'id' | 'connectByMs' | 'endsMs'>;
  sites: ReadonlySet<string>;
}

/**
 * For each session the ids of those that want one of its sites at the same time, from the required connect time to the end. One that
 * ends when the next wants its sites does not overlap with it.
 */
export function findOverlaps(occupied: readonly Occupied[]): Map<string, string[]> {
  const overlaps = new Map<string, string[]>(occupied.map(({ session }) => [session.id, []]));
  const inOrder = [...occupied].sort((a, b) => a.session.connectByMs - b.session.connectByMs);
  let open: Occupied[] = [];
  for (const next of inOrder) {
    open = open.filter(({ session }) => session.endsMs > next.session.connectByMs);
    for (const other of open) {
      if (!shareSite(other.sites, next.sites)) continue;
      overlaps.get(other.session.id)?.push(next.session.id);
      overlaps.get(next.session.id)?.push(other.session.id);
    }
    open.push(next);
  }
  return overlaps;
}

const shareSite = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean => {
  const [fewer, more] = one.size < other.size ? [one, other] : [other, one];
  for (const site of fewer) if (more.has(site)) return true;
  return false;
};
