import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { EndpointView } from '../../live/feed-events.js';
import type { ProbeKind } from '../state/health.js';
import { api, type Failure } from './api.js';

/** A requested check of one endpoint, from the button to its results in the feed. */
export type CheckRun =
  | { phase: 'sending' }
  | { phase: 'waiting'; expected: number; before: ResultTimes; requestedMs: number }
  | { phase: 'failed'; failure: Failure };

/** When each kind of probe last had a result: a later time means that a new one has come. */
export type ResultTimes = Partial<Record<ProbeKind, string>>;

export type CheckProgress = { done: number; total: number; finished: boolean; overdue: boolean };

/** A call takes up to 8 s to be answered and 6 s to be measured, and may have to wait for a free place. */
export const OVERDUE_AFTER_MS = 60_000;

export const resultTimes = (view: EndpointView): ResultTimes =>
  Object.fromEntries(Object.entries(view.probes).map(([kind, probe]) => [kind, probe.at]));

export const freshKinds = (before: ResultTimes, view: EndpointView): ProbeKind[] =>
  (Object.keys(view.probes) as ProbeKind[]).filter((kind) => view.probes[kind]?.at !== before[kind]);

export function progressOf(run: Extract<CheckRun, { phase: 'waiting' }>, view: EndpointView, nowMs: number): CheckProgress {
  const done = Math.min(run.expected, freshKinds(run.before, view).length);
  const finished = done >= run.expected;
  return { done, total: run.expected, finished, overdue: !finished && nowMs - run.requestedMs > OVERDUE_AFTER_MS };
}

/** Asks for checks over HTTP; the results come with the feed like all others. */
export class CheckNow {
  private readonly runs = new Map<string, Signal<CheckRun | null>>();

  constructor(private readonly send: typeof fetch = (...request) => fetch(...request)) {}

  runOf(endpointId: string): ReadonlySignal<CheckRun | null> {
    return this.slot(endpointId);
  }

  async request(view: EndpointView): Promise<void> {
    const slot = this.slot(view.id);
    const before = resultTimes(view);
    slot.value = { phase: 'sending' };
    slot.value = await this.ask(view.id, before);
  }

  private async ask(endpointId: string, before: ResultTimes): Promise<CheckRun> {
    const path = `/endpoints/${encodeURIComponent(endpointId)}/checks`;
    const answer = await api<{ runIds?: string[] }>(path, { method: 'POST', body: {} }, this.send);
    if (answer.kind !== 'ok') return { phase: 'failed', failure: answer };
    return { phase: 'waiting', expected: answer.value.runIds?.length || 1, before, requestedMs: performance.now() };
  }

  private slot(endpointId: string): Signal<CheckRun | null> {
    const known = this.runs.get(endpointId);
    if (known) return known;
    const slot = signal<CheckRun | null>(null);
    this.runs.set(endpointId, slot);
    return slot;
  }
}
