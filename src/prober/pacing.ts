import { PROBE_KINDS, type ProbeKind } from '../probes/contract.js';
import { BinaryHeap } from '../common/binary-heap.js';
import { CapBook, type Claim } from './cap-book.js';
import { type CapScope, type Caps, NO_CAPS } from './caps.js';
import { Flow, flowIdOf, isBefore, type Queued, type Waiting } from './flow.js';
import { type Lane, LANES, LaneTurns } from './lane-turns.js';

class KindQueue<T> {
  readonly turns = new LaneTurns();
  readonly lanes: Record<Lane, { flows: Map<string, Flow<T>>; ready: BinaryHeap<Queued<T>> }>;
  waiting = 0;
  running = 0;

  constructor(public limit: number) {
    const lane = () => ({ flows: new Map<string, Flow<T>>(), ready: new BinaryHeap<Queued<T>>(isBefore) });
    this.lanes = { check: lane(), sweep: lane(), routine: lane() };
  }
}

interface RunningRun<T> {
  kind: ProbeKind;
  claims: readonly Claim<Flow<T>>[];
  occupies: readonly string[];
}

/**
 * What may start now: bounded in number per kind, per area and per carrier, and in kbit/s per area and per carrier; the lanes take
 * turns by their shares, and within a lane the earliest deadline goes first. Under too much load no round is thrown away here:
 * whoever waits longest has the earliest deadline, so all are served more slowly and none is starved.
 *
 * Runs that ask for the same of the same caps stand in one flow. A flow whose head is refused parks at the cap that refused it,
 * a run whose address is engaged at that address; both are tried again when it is free. So nothing stands in the way of runs of
 * other areas, and a start and an end cost little however many wait: 12 us together with 40,000 waiting in 100 areas.
 */
export class Pacing<T> {
  private readonly kinds: Record<ProbeKind, KindQueue<T>>;
  private readonly waiting = new Map<string, Queued<T>>();
  private readonly started = new Map<string, RunningRun<T>>();
  /** what runs have to themselves, and those who wait for it */
  private readonly engaged = new Map<string, Queued<T>[]>();
  private readonly expiries = new BinaryHeap<Queued<T>>(isBefore);
  private readonly book: CapBook<Flow<T>>;
  private order = 0;

  constructor(limits: Record<ProbeKind, number>, caps: Caps = NO_CAPS) {
    this.kinds = perKind((kind) => new KindQueue<T>(limits[kind]));
    this.book = new CapBook<Flow<T>>(
      caps,
      (flow) => this.show(flow),
      ({ kind }) => this.kinds[kind].running < this.kinds[kind].limit,
    );
  }

  /** A lower limit stops nothing that runs; it holds back what comes next. */
  setLimits(limits: Record<ProbeKind, number>, caps: Caps = NO_CAPS): void {
    for (const kind of PROBE_KINDS) this.kinds[kind].limit = limits[kind];
    this.book.setLimits(caps);
  }

  has(key: string): boolean {
    return this.waiting.has(key);
  }

  add(run: Waiting<T>): void {
    if (this.waiting.has(run.key)) return;
    const queued: Queued<T> = { ...run, order: this.order++, flow: this.flowOf(run), aside: false };
    this.waiting.set(run.key, queued);
    this.kinds[run.demand.kind].waiting++;
    if (run.lane !== 'routine') this.expiries.push(queued);
    this.enter(queued);
  }

  /** Moves a run that somebody now waits for into a lane of more weight; it may wait as long as the most patient of them. */
  promote(key: string, lane: Lane, deadlineMs: number): void {
    const known = this.waiting.get(key);
    if (!known || LANES.indexOf(lane) >= LANES.indexOf(known.lane)) return;
    const patienceMs = known.lane === 'routine' ? deadlineMs : Math.max(deadlineMs, known.deadlineMs);
    this.remove(key);
    this.add({ ...known, lane, deadlineMs: patienceMs });
  }

  /** A new plan asks something else of a run that waits. */
  renew(key: string, { demand, occupies }: Pick<Waiting<T>, 'demand' | 'occupies'>): void {
    const known = this.waiting.get(key);
    if (!known || (flowIdOf(known.demand) === flowIdOf(demand) && known.occupies.join() === occupies.join())) return;
    this.remove(key);
    this.add({ ...known, demand, occupies });
  }

  remove(key: string): T | undefined {
    const known = this.waiting.get(key);
    if (!known) return undefined;
    this.forget(known);
    if (!known.aside) {
      known.flow.size--;
      if (known.flow.size === 0) this.drop(known.flow);
    }
    return known.value;
  }

  /** Takes what may start; each counts as running until `finished`. */
  takeStartable(): T[] {
    const taken: T[] = [];
    // first, lest later ones of other areas take the places of those that may start again
    this.book.wake();
    do for (const kind of PROBE_KINDS) this.takeOfKind(this.kinds[kind], taken);
    while (this.book.wake());
    return taken;
  }

  finished(key: string): void {
    const run = this.started.get(key);
    if (!run) return;
    this.started.delete(key);
    this.kinds[run.kind].running--;
    this.book.release(run.claims);
    const freed = run.occupies.flatMap((name) => this.engaged.get(name) ?? []);
    for (const name of run.occupies) this.engaged.delete(name);
    for (const queued of freed) if (this.isLive(queued)) this.enter(queued);
  }

  /** Runs that nobody should wait for any longer; routine runs are never given up. */
  takeExpired(nowMs: number): T[] {
    const expired: T[] = [];
    for (let top = this.nextToExpire(); top && top.deadlineMs <= nowMs; top = this.nextToExpire()) {
      this.remove(top.key);
      expired.push(top.value);
    }
    return expired;
  }

  nextExpiryMs(): number | undefined {
    return this.nextToExpire()?.deadlineMs;
  }

  values(): T[] {
    return Array.from(this.waiting.values(), ({ value }) => value);
  }

  queued(): Record<ProbeKind, number> {
    return perKind((kind) => this.kinds[kind].waiting);
  }

  running(): Record<ProbeKind, number> {
    return perKind((kind) => this.kinds[kind].running);
  }

  /** How many wait for an area or a carrier though their kind has room; by name, only where there are any. */
  heldBack(): Record<CapScope, Record<string, number>> {
    const counts: Record<CapScope, Map<string, number>> = { area: new Map(), carrier: new Map() };
    for (const { key, waiters } of this.book.held()) {
      let held = counts[key.scope].get(key.name) ?? 0;
      for (const flow of waiters) held += flow.size;
      counts[key.scope].set(key.name, held);
    }
    return { area: Object.fromEntries(counts.area), carrier: Object.fromEntries(counts.carrier) };
  }

  private takeOfKind(queue: KindQueue<T>, taken: T[]): void {
    for (let next = this.nextOf(queue); next && queue.running < queue.limit; next = this.nextOf(queue)) {
      next.flow.shown = null;
      if (this.stepsAside(next) || !this.book.admits(next.flow, next.deadlineMs)) continue;
      queue.turns.took(next.lane);
      this.begin(next);
      taken.push(next.value);
    }
  }

  private nextOf(queue: KindQueue<T>): Queued<T> | undefined {
    const heads = {} as Record<Lane, Queued<T> | undefined>;
    const lanes = LANES.filter((lane) => (heads[lane] = this.headOf(queue.lanes[lane].ready)));
    const lane = queue.turns.next(lanes);
    return lane && heads[lane];
  }

  /** The earliest run that may be tried, past what was removed, parked or overtaken within its own flow meanwhile. */
  private headOf(ready: BinaryHeap<Queued<T>>): Queued<T> | undefined {
    let top = ready.peek();
    while (top && !(top.flow.shown === top && this.isLive(top))) {
      ready.pop();
      if (top.flow.shown === top) {
        top.flow.shown = null;
        this.show(top.flow);
      }
      top = ready.peek();
    }
    return top;
  }

  /** The address is engaged: the run waits there, and its flow goes on with the next. */
  private stepsAside(run: Queued<T>): boolean {
    const engaged = run.occupies.find((name) => this.engaged.has(name));
    if (engaged === undefined) return false;
    this.engaged.get(engaged)?.push(run);
    run.aside = true;
    this.leaveFlow(run);
    return true;
  }

  private begin(run: Queued<T>): void {
    const { key, flow, occupies } = run;
    this.forget(run);
    this.started.set(key, { kind: flow.kind, claims: flow.claims, occupies });
    this.kinds[flow.kind].running++;
    for (const name of occupies) this.engaged.set(name, []);
    this.book.take(flow);
    this.leaveFlow(run);
  }

  private leaveFlow({ flow }: Queued<T>): void {
    flow.shift();
    if (flow.size === 0) this.drop(flow);
    else this.show(flow);
  }

  private enter(run: Queued<T>): void {
    if (run.aside) run.flow = this.flowOf(run);
    run.aside = false;
    run.flow.push(run);
    this.show(run.flow);
  }

  /** Puts the flow among those that may be tried, by its head. */
  private show(flow: Flow<T>): void {
    if (flow.parked) return;
    const head = flow.head((queued) => this.isLive(queued));
    if (!head || flow.shown === head) return;
    flow.shown = head;
    this.kinds[flow.kind].lanes[flow.lane].ready.push(head);
  }

  private flowOf({ lane, demand }: Waiting<T>): Flow<T> {
    const { flows } = this.kinds[demand.kind].lanes[lane];
    const id = flowIdOf(demand);
    let flow = flows.get(id);
    if (!flow) {
      flow = new Flow(id, demand.kind, lane, this.book.claimsOf(demand));
      flows.set(id, flow);
    }
    return flow;
  }

  private drop(flow: Flow<T>): void {
    flow.shown = null;
    this.kinds[flow.kind].lanes[flow.lane].flows.delete(flow.id);
    this.book.leave(flow);
  }

  private forget({ key, demand }: Queued<T>): void {
    this.waiting.delete(key);
    this.kinds[demand.kind].waiting--;
  }

  private nextToExpire(): Queued<T> | undefined {
    let top = this.expiries.peek();
    while (top && !this.isLive(top)) {
      this.expiries.pop();
      top = this.expiries.peek();
    }
    return top;
  }

  private isLive(queued: Queued<T>): boolean {
    return this.waiting.get(queued.key) === queued;
  }
}

export const perKind = <V>(of: (kind: ProbeKind) => V): Record<ProbeKind, V> =>
  Object.fromEntries(PROBE_KINDS.map((kind) => [kind, of(kind)])) as Record<ProbeKind, V>;
