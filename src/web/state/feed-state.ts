import type { Delta, EndpointView, IncidentView, MonitorStatus, SessionView, Snapshot } from '../../live/feed-events.js';
import { isOver } from './incidents.js';

/** What the page knows: the last snapshot with every delta since. Never mutated. */
export interface FeedState {
  seq: number;
  endpoints: ReadonlyMap<string, EndpointView>;
  sessions: readonly SessionView[];
  incidents: readonly IncidentView[];
  monitor: MonitorStatus;
}

export type FeedStep =
  /** `touched` and `removed` say what has to be drawn again */
  | { kind: 'applied'; state: FeedState; touched: EndpointView[]; removed: string[] }
  /** already contained in the snapshot, or sent before the first one */
  | { kind: 'ignored' }
  /** something was missed: ask for a snapshot, keep showing what is known */
  | { kind: 'gap' };

export function applySnapshot(before: FeedState | null, snapshot: Snapshot): Extract<FeedStep, { kind: 'applied' }> {
  const endpoints = new Map(snapshot.endpoints.map((view) => [view.id, view]));
  const { seq, sessions, incidents, monitor } = snapshot;
  return {
    kind: 'applied',
    state: { seq, endpoints, sessions, incidents, monitor: { ...monitor, simulated: snapshot.simulated } },
    touched: snapshot.endpoints,
    removed: [...(before?.endpoints.keys() ?? [])].filter((id) => !endpoints.has(id)),
  };
}

export function applyDelta(before: FeedState | null, delta: Delta): FeedStep {
  if (!before || delta.seq <= before.seq) return { kind: 'ignored' };
  if (delta.seq !== before.seq + 1) return { kind: 'gap' };
  const endpoints = new Map(before.endpoints);
  const removed = (delta.removed ?? []).filter((id) => endpoints.delete(id));
  const touched = delta.endpoints ?? [];
  for (const view of touched) endpoints.set(view.id, view);
  const state: FeedState = {
    seq: delta.seq,
    endpoints,
    sessions: mergeById(before.sessions, delta.sessions),
    incidents: mergeById(before.incidents, delta.incidents).filter((incident) => !isOver(incident)),
    monitor: delta.monitor ?? before.monitor,
  };
  return { kind: 'applied', state, touched, removed };
}

function mergeById<T extends { id: string }>(before: readonly T[], changed: readonly T[] | undefined): readonly T[] {
  if (!changed?.length) return before;
  const merged = new Map(before.map((item) => [item.id, item]));
  for (const item of changed) merged.set(item.id, item);
  return [...merged.values()];
}
