import type { EndpointFact, GroupKind, Trouble } from '../cause.js';

export const MINUTE_MS = 60_000;

/** 150 sites: three areas of 50; Viettel has every third, VNPT the rest; every tenth hangs on one upstream node. */
export function fleet(size = 150): EndpointFact[] {
  return Array.from({ length: size }, (_, index): EndpointFact => {
    const groups: Partial<Record<GroupKind, string>> = {
      area: `area ${index % 3}`,
      carrier: Math.floor(index / 3) % 3 === 0 ? 'Viettel' : 'VNPT',
      tier: index === 0 ? 'province' : 'commune',
      ...(index % 10 === 4 ? { upstream: '10.9.9.9' } : {}),
    };
    return { id: `e${index}`, trouble: null, sinceMs: 0, groups };
  });
}

/** The same facts with those that fit in trouble since then. */
export const breakDown = (
  facts: readonly EndpointFact[],
  which: (fact: EndpointFact, index: number) => boolean,
  sinceMs: number,
  trouble: Trouble = 'failing',
): EndpointFact[] => facts.map((fact, index) => (!fact.trouble && which(fact, index) ? { ...fact, trouble, sinceMs } : fact));

export const mend = (facts: readonly EndpointFact[], which: (fact: EndpointFact, index: number) => boolean): EndpointFact[] =>
  facts.map((fact, index) => (which(fact, index) ? { ...fact, trouble: null } : fact));
