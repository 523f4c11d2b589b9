import type { HealthState } from '../../state/health.js';
import type { Counts, ReadinessClass, SiteReadiness } from './api-types.js';

/** The word, colour and shape of a class are those of the health state that it comes from. */
export const STATE_OF_CLASS: Record<ReadinessClass, HealthState> = {
  ready: 'ready',
  inUse: 'in-use',
  degraded: 'degraded',
  unverified: 'unverified',
  untested: 'untested',
  maintenance: 'maintenance',
  notReady: 'down',
};

/** From what is well to what is worst, as on every bar of the board. */
const CLASSES_BEST_FIRST = Object.keys(STATE_OF_CLASS) as ReadinessClass[];

export const presentClasses = (counts: Counts): { state: HealthState; count: number }[] =>
  CLASSES_BEST_FIRST.map((name) => ({ state: STATE_OF_CLASS[name], count: counts[name] })).filter(({ count }) => count > 0);

/** As the server's rule has it: also a room that is in a call now and was proven before. */
export const countsAsReady = (site: Pick<SiteReadiness, 'class' | 'isProven'>): boolean =>
  site.class === 'ready' || (site.class === 'inUse' && site.isProven);
