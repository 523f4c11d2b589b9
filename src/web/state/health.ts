import type { EndpointView } from '../../live/feed-events.js';

export type HealthState = EndpointView['state'];
export type Signals = EndpointView['signals'];
export type SignalName = keyof Signals;
export type SignalState = Signals[SignalName];
export type ProbeKind = keyof EndpointView['probes'];

/** Worst first, the order inside a group. `satisfies` makes a state that is missing here fail the build. */
const SEVERITY = {
  down: 0,
  degraded: 1,
  unverified: 2,
  untested: 3,
  unknown: 4,
  'in-use': 5,
  maintenance: 6,
  ready: 7,
} as const satisfies Record<HealthState, number>;

export const severityOf = (state: HealthState): number => SEVERITY[state];

/** Order of the legend and of the segments: from what is well to what is worst. */
export const STATES_BEST_FIRST: readonly HealthState[] = [
  'ready',
  'in-use',
  'degraded',
  'unverified',
  'untested',
  'unknown',
  'maintenance',
  'down',
];

/** States in which a person has something to do. A site in a meeting or planned to be off needs nobody. */
const NEEDS_WORK: ReadonlySet<HealthState> = new Set<HealthState>(['down', 'degraded', 'unverified', 'untested', 'unknown']);
export const needsWork = (state: HealthState): boolean => NEEDS_WORK.has(state);

/** How far an endpoint could carry a meeting now. What nobody has seen working carries nothing. */
const USEFULNESS: Partial<Record<HealthState, number>> = { ready: 4, 'in-use': 3, degraded: 2, unverified: 1 };

/**
 * The endpoint that speaks for its site: the main one unless a backup is proven to be better. A backup of which nothing is
 * known never hides a main endpoint that is down.
 */
export function speakerOf(endpoints: readonly [EndpointView, ...EndpointView[]]): EndpointView {
  const usefulness = (view: EndpointView): number => USEFULNESS[view.state] ?? 0;
  return endpoints.reduce((best, view) => {
    const gain = usefulness(view) - usefulness(best);
    return gain > 0 || (gain === 0 && view.ordinal < best.ordinal) ? view : best;
  });
}
