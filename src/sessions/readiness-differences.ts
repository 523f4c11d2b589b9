import type { Readiness, ReadinessClass } from './readiness.js';

export interface ClassChange {
  siteCode: string;
  was: ReadinessClass | null;
  is: ReadinessClass | null;
}

/** What is not as it was at the start of the last session that could take place. */
export interface Differences {
  since: { sessionId: string; at: string };
  /** was ready, is not */
  worse: ClassChange[];
  /** was not ready, is */
  better: ClassChange[];
  /** takes part in one of the two alone */
  joined: string[];
  left: string[];
}

type Classes = Pick<Readiness, 'sessionId' | 'at'> & { sites: readonly { siteCode: string; class: ReadinessClass }[] };

export function differencesFrom(before: Classes, now: Classes): Differences {
  const was = classes(before);
  const is = classes(now);
  const changes = Array.from(is, ([siteCode, present]) => ({ siteCode, was: was.get(siteCode) ?? null, is: present }));
  return {
    since: { sessionId: before.sessionId, at: before.at },
    worse: changes.filter((change) => change.was === 'ready' && change.is !== 'ready'),
    better: changes.filter((change) => change.was !== null && change.was !== 'ready' && change.is === 'ready'),
    joined: changes.filter((change) => change.was === null).map(({ siteCode }) => siteCode),
    left: [...was.keys()].filter((siteCode) => !is.has(siteCode)),
  };
}

const classes = ({ sites }: Classes): Map<string, ReadinessClass> =>
  new Map(sites.map(({ siteCode, class: siteClass }) => [siteCode, siteClass]));
