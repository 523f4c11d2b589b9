import type { HealthState } from './health.js';
import type { SiteModel } from './site-model.js';

export type WorkEntry =
  | { kind: 'site'; site: SiteModel }
  /** so many in a state that is no fault of theirs that a row each would hide the faults */
  | { kind: 'many'; state: FoldedState; count: number };

type FoldedState = Extract<HealthState, 'untested' | 'unknown'>;
const FOLDED: readonly FoldedState[] = ['untested', 'unknown'];
const FOLD_ABOVE = 3;

/** @param sites those that need work, in order of urgency */
export function worklistEntries(sites: readonly SiteModel[]): WorkEntry[] {
  const folds = FOLDED.map((state) => ({ state, count: sites.filter((site) => site.state.value === state).length })).filter(
    ({ count }) => count > FOLD_ABOVE,
  );
  const rows = sites.filter((site) => !folds.some(({ state }) => state === site.state.value));
  return [
    ...rows.map((site): WorkEntry => ({ kind: 'site', site })),
    ...folds.map(({ state, count }): WorkEntry => ({ kind: 'many', state, count })),
  ];
}
