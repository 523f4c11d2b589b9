import { type Signal, signal } from '@preact/signals';
import type { EndpointView } from '../../../live/feed-events.js';
import { api, type Failure } from '../../feed/api.js';
import { freshKinds, type ResultTimes, resultTimes } from '../../feed/check-now.js';
import type { Retest } from './api-types.js';

/** A test that was asked for here, from the key to its last result in the feed. */
export interface RetestRun {
  id: number;
  sites: string[];
  suite: Retest['suite'];
  total: number;
  finishMs: number;
  /** when each probe of each device had last had a result before it */
  before: ReadonlyMap<string, ResultTimes>;
}

/** `override`: call in spite of a pause after busy, declined or ringing, since a person has just said that the room is free */
export type RetestOf = { sites: string[]; override: boolean } | { red: true };

export interface RetestProgress {
  done: number;
  total: number;
  isFinished: boolean;
}

type Devices = Iterable<EndpointView>;

/** Counted by what the feed brings: a request for each of 700 runs would ask the server for what it tells anyway. */
export function progressOf({ before, suite, total }: RetestRun, devices: Devices): RetestProgress {
  let fresh = 0;
  for (const view of devices) {
    const kinds = freshKinds(before.get(view.id) ?? {}, view);
    fresh += suite === 'full' ? kinds.length : kinds.filter((kind) => !kind.endsWith('-call')).length;
  }
  const done = Math.min(total, fresh);
  return { done, total, isFinished: done >= total };
}

/** Tests once more what a person wants tested. */
export class Retests {
  readonly runs: Signal<readonly RetestRun[]> = signal([]);
  readonly failure: Signal<Failure | null> = signal(null);
  readonly isSending = signal(false);
  private lastId = 0;
  private underWay: string | null = null;

  constructor(
    private readonly sessionId: string,
    private readonly devicesOf: (sites: readonly string[] | null) => EndpointView[],
    private readonly send: typeof fetch = (...sent) => fetch(...sent),
  ) {}

  async request(of: RetestOf): Promise<void> {
    const wish = JSON.stringify(of);
    // A key that is held down asks for the same again and again
    if (wish === this.underWay || ('sites' in of && of.sites.length === 0)) return;
    this.underWay = wish;
    // What the server will choose for "red" is not known yet: note all, so that no quick result is missed
    const noted = this.devicesOf('sites' in of ? of.sites : null).map((view) => [view.id, resultTimes(view)] as const);
    this.isSending.value = true;
    const path = `/sessions/${encodeURIComponent(this.sessionId)}/retest`;
    const answer = await api<Retest>(path, { method: 'POST', body: of }, this.send);
    if (this.underWay === wish) this.underWay = null;
    this.isSending.value = this.underWay !== null;
    this.failure.value = answer.kind === 'ok' ? null : answer;
    if (answer.kind === 'ok') this.add(answer.value, new Map(noted));
  }

  dismiss(id: number): void {
    this.runs.value = this.runs.value.filter((run) => run.id !== id);
  }

  private add({ sites, suite, runIds, predictedFinish }: Retest, before: RetestRun['before']): void {
    const run = { id: ++this.lastId, sites, suite, total: runIds.length, finishMs: Date.parse(predictedFinish), before };
    // what a new test covers whole says nothing any more
    const others = this.runs.value.filter((one) => !one.sites.every((site) => sites.includes(site)));
    this.runs.value = [...others, run];
  }
}
