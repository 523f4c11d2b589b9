import type { SignalName, SignalState } from '../../state/health.js';
import { neededSignals } from '../../text/sentences.js';
import type { Outcome } from './api-types.js';

export interface CallsOfInterest {
  /** whatever came of it */
  last: Outcome | null;
  /** what failed or could not be told, after or before the last good one */
  lastBad: Outcome | null;
  lastGood: Outcome | null;
}

/** @param given of each protocol that the device is called over, newest first */
export function callsOfInterest(...given: readonly (readonly Outcome[])[]): CallsOfInterest {
  const calls = given.flat().sort((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt));
  const find = (wanted: (one: Outcome) => boolean): Outcome | null => calls.find(wanted) ?? null;
  return {
    last: calls[0] ?? null,
    lastBad: find(({ result }) => result !== 'pass'),
    lastGood: find(({ result }) => result === 'pass'),
  };
}

export interface SignalDifference {
  name: SignalName;
  before: SignalState;
  now: SignalState;
}

/** Which of the signals that are asked for are no more, or again, what they were when the last call was good. */
export function differencesOf(good: Outcome, now: Outcome, needs: readonly SignalName[]): SignalDifference[] {
  return neededSignals(needs).flatMap((name) => {
    const before = good.signals?.[name] ?? 'unknown';
    const present = now.signals?.[name] ?? 'unknown';
    return before === present ? [] : [{ name, before, now: present }];
  });
}
