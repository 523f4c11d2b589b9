import type { EndpointView } from '../../live/feed-events.js';
import type { HealthState } from './health.js';

/** A site went from one state to another while this page was open. */
export interface StateChange {
  atMs: number;
  siteCode: string;
  siteName: string;
  from: HealthState;
  to: HealthState;
  reason: EndpointView['reason'];
}

/** Sites that went to the same state in the same minute: one line, since they most likely have one cause. */
export interface ChangeLine {
  key: string;
  atMs: number;
  to: HealthState;
  changes: StateChange[];
}

export const CHANGES_WINDOW_MS = 10 * 60_000;
/** Up to so many sites of one minute keep a line each. */
const SINGLE_LINES = 2;

export const withinWindow = (changes: readonly StateChange[], nowMs: number): StateChange[] =>
  changes.filter((change) => nowMs - change.atMs <= CHANGES_WINDOW_MS);

/** Newest first. */
export function summarizeChanges(changes: readonly StateChange[], nowMs: number): ChangeLine[] {
  const groups = new Map<string, StateChange[]>();
  for (const change of withinWindow(changes, nowMs)) {
    const key = `${Math.floor(change.atMs / 60_000)}:${change.to}`;
    const members = groups.get(key);
    if (members) members.push(change);
    else groups.set(key, [change]);
  }
  const lines = [...groups].flatMap(([key, members]) =>
    members.length > SINGLE_LINES
      ? [lineOf(key, members)]
      : members.map((change) => lineOf(`${key}:${change.siteCode}:${change.atMs}`, [change])),
  );
  return lines.sort((a, b) => b.atMs - a.atMs);
}

const lineOf = (key: string, changes: StateChange[]): ChangeLine => ({
  key,
  atMs: Math.max(...changes.map((change) => change.atMs)),
  to: changes[0]?.to ?? 'unknown',
  changes,
});
