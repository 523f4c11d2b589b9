import type { Outcome } from '../../probes/contract.js';
import { MemoryOutbox, type OutboxLimits } from '../outbox.js';
import { type PerLane, perLane, SPOOL_LANES, type SpoolEntry, type SpoolLane } from './spool-messages.js';

type Place = Pick<SpoolEntry, 'lane' | 'key'>;

/** What of a spool is in memory: read, being offered, or acknowledged and not yet removed from disk. */
export class SpoolWindow {
  /** What comes next is read from after these keys. */
  readonly cursor: PerLane<number> = perLane(() => 0);
  /** Beyond these keys nothing was ever held: it may be dropped. */
  readonly highest: PerLane<number> = perLane(() => 0);
  private readonly offers: MemoryOutbox;
  private readonly places = new Map<string, Place[]>();
  private readonly keys = perLane(() => new Set<number>());
  private toRemove: Place[] = [];

  constructor(limits: OutboxLimits) {
    this.offers = new MemoryOutbox({ ...limits, capacity: Infinity });
  }

  get size(): number {
    return this.keys.requested.size + this.keys.routine.size;
  }

  get removable(): number {
    return this.toRemove.length;
  }

  /** Acknowledged, but still on disk. */
  get acknowledged(): number {
    return this.size - this.offers.size;
  }

  /** How many of these, as counted on disk, are not here. */
  missing(counts: PerLane<number>): PerLane<number> {
    return perLane((lane) => counts[lane] - this.keys[lane].size);
  }

  hold({ lane, key }: Place, outcome: Outcome): void {
    if (!this.isNew({ lane, key })) return;
    const places = this.places.get(outcome.runId);
    if (places) places.push({ lane, key });
    else {
      this.places.set(outcome.runId, [{ lane, key }]);
      this.offers.add(outcome, lane === 'requested');
    }
  }

  /** Not to be offered, only to be removed. */
  discard(place: Place): void {
    if (this.isNew(place)) this.toRemove.push(place);
  }

  /** What another process left behind the cursor is found from the beginning. */
  startOver(lane: SpoolLane): void {
    this.cursor[lane] = 0;
  }

  offer(nowMs: number): Outcome[] {
    return this.offers.offer(nowMs);
  }

  offerAgain(): void {
    this.offers.offerAgain();
  }

  acknowledge(runIds: readonly string[]): void {
    this.offers.acknowledge(runIds);
    for (const runId of runIds) {
      this.toRemove.push(...(this.places.get(runId) ?? []));
      this.places.delete(runId);
    }
  }

  takeRemovals(): PerLane<number[]> {
    const places = this.toRemove;
    this.toRemove = [];
    return perLane((lane) => places.filter((place) => place.lane === lane).map(({ key }) => key));
  }

  removed(removals: PerLane<number[]>): void {
    for (const lane of SPOOL_LANES) for (const key of removals[lane]) this.keys[lane].delete(key);
  }

  notRemoved(removals: PerLane<number[]>): void {
    for (const lane of SPOOL_LANES) this.toRemove.push(...removals[lane].map((key) => ({ lane, key })));
  }

  private isNew({ lane, key }: Place): boolean {
    this.cursor[lane] = Math.max(this.cursor[lane], key);
    this.highest[lane] = Math.max(this.highest[lane], key);
    if (this.keys[lane].has(key)) return false;
    this.keys[lane].add(key);
    return true;
  }
}
