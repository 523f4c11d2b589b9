import fc from 'fast-check';
import { ManualScheduler } from '../../common/manual-scheduler.js';
import { startOutcome } from '../../probes/outcome.js';
import type { CallPause } from '../call-pause.js';
import type { HarmStore } from '../call-memory.js';
import type { QuietWindow, StopLevel } from '../messages.js';
import { bench, check, item, plan, type Run } from './engine-bench.js';

const ROOMS = ['a', 'bb', 'ccc'] as const;
type Room = (typeof ROOMS)[number];
const REASONS = ['ok', 'busy', 'declined', 'not-auto-answering', 'aborted'] as const;

export type Event =
  | { does: 'pass'; seconds: number }
  | { does: 'step'; byS: number }
  | { does: 'plan'; windows: { inS: number; lastsS: number; rooms: Room[]; forAll: boolean; why: QuietWindow['why'] }[] }
  | { does: 'answer'; room: Room; reason: (typeof REASONS)[number]; lastsS: number }
  | { does: 'check'; room: Room; override: boolean; sweep: boolean }
  | { does: 'stop'; level: StopLevel }
  | { does: 'restart' };

const room = fc.constantFrom(...ROOMS);
const window = fc.record({
  inS: fc.integer({ min: -900, max: 900 }),
  lastsS: fc.integer({ min: 5, max: 1_200 }),
  rooms: fc.subarray([...ROOMS]),
  forAll: fc.boolean(),
  why: fc.constantFrom('session' as const, 'calls-stopped' as const, 'quiet-hours' as const),
});
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 200 }) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('step' as const), byS: fc.integer({ min: -5_000, max: 5_000 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant('plan' as const), windows: fc.array(window, { maxLength: 3 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('answer' as const),
      room,
      reason: fc.constantFrom(...REASONS),
      lastsS: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 56, max: 71 })),
    }),
  },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('check' as const), room, override: fc.boolean(), sweep: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constant('stop' as const),
      level: fc.constantFrom('none' as const, 'calls' as const, 'everything' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('restart' as const) }) },
);
export const events = fc.array(event, { minLength: 3, maxLength: 25 });

/** What is told to end has hung up by then: it is looked at each second, and a probe is given up 2.5 s later. */
const TO_HANG_UP_MS = 4_000;
const LEAST_PAUSE_MS = 300_000;

/** Rooms, their sessions and an engine that is restarted now and then; whatever it does that it must not is written down. */
export class HarmWorld {
  readonly broken: string[] = [];
  readonly seen = { calls: 0, refused: 0, ended: 0, pauses: 0 };
  readonly asked: string[] = [];
  readonly answered: string[] = [];
  private readonly scheduler = new ManualScheduler();
  private readonly startMs = this.scheduler.wallMs();
  private readonly kept = new Map<string, CallPause>();
  private readonly answers = new Map<string, { reason: (typeof REASONS)[number]; lastsS: number }>();
  private readonly flying = new Set<string>();
  private readonly disturbedAtMs = new Map<string, number>();
  private readonly overridden = new Set<string>();
  private windows: QuietWindow[] = [];
  private level: StopLevel = 'none';
  private revision = 0;
  private changedAtMs = 0;
  private engine = this.start();

  async live(all: readonly Event[]): Promise<void> {
    for (const one of all) await this.happen(one);
    await this.end();
  }

  private async happen(event: Event): Promise<void> {
    switch (event.does) {
      case 'pass':
        return this.pass(event.seconds);
      case 'step':
        this.scheduler.stepWall(event.byS * 1_000);
        return this.changed();
      case 'plan':
        this.windows = event.windows.map(({ inS, lastsS, rooms, forAll, why }) => {
          const fromMs = this.scheduler.wallMs() + inS * 1_000;
          return { fromMs, toMs: fromMs + lastsS * 1_000, endpoints: forAll ? 'all' : rooms, kinds: ['sip-call'], why };
        });
        this.changed();
        return this.tellPlan();
      case 'answer':
        return void this.answers.set(event.room, event);
      case 'check':
        return this.check(event);
      case 'stop':
        this.level = event.level;
        this.changed();
        return this.engine.engine.setStop(event.level);
      case 'restart':
        await this.end();
        this.engine = this.start();
    }
  }

  private check({ room, override, sweep }: Extract<Event, { does: 'check' }>): void {
    const runId = `asked-${this.asked.length}`;
    this.asked.push(runId);
    if (override) this.overridden.add(room);
    this.engine.engine.checkNow([check(room, runId, { override, ...(sweep ? { lane: 'sweep' } : {}) })]);
  }

  private async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      await this.engine.advance(1_000);
      this.engine.engine.look();
      for (const id of this.flying) this.judge(id, 'is in a call', TO_HANG_UP_MS);
    }
  }

  private start(): ReturnType<typeof bench> {
    const world = bench((request, context, kind) => this.call(request, context, kind), this.scheduler, this.store());
    world.engine.setStop(this.level);
    this.engine = world;
    this.tellPlan();
    return world;
  }

  private async end(): Promise<void> {
    await this.engine.stop();
    for (const { outcome, requested } of this.engine.outcomes) {
      if (requested) this.answered.push(outcome.runId);
      if (outcome.detail?.refusedBy !== undefined) this.seen[outcome.durationMs === 0 ? 'refused' : 'ended']++;
      if (outcome.reason !== 'aborted' && outcome.detail?.refusedBy === outcome.reason) this.seen.pauses++;
    }
  }

  private tellPlan(): void {
    const rooms = ROOMS.map((id) => item(id, { intervalMs: 45_000 }));
    this.engine.engine.setPlan(plan(rooms, { revision: ++this.revision, quiet: this.windows }));
  }

  private changed(): void {
    this.changedAtMs = this.scheduler.monotonicMs();
  }

  private readonly call: Run = (request, context, kind) => {
    const id = request.endpointId ?? '';
    this.changedAtStart(id);
    const give = startOutcome(kind, request, context);
    const { reason, lastsS } = this.answers.get(id) ?? { reason: 'ok', lastsS: 8 };
    return new Promise((resolve) => {
      const end = (result: 'pass' | 'inconclusive', why: typeof reason): void => {
        this.flying.delete(id);
        if (why === 'busy' || why === 'declined' || why === 'not-auto-answering') this.disturb(id);
        resolve(give({ result, reason: why }));
      };
      const cancel = this.scheduler.after(lastsS * 1_000, () => end('pass', reason));
      context.signal.addEventListener('abort', () => {
        cancel();
        this.scheduler.after(1_500, () => end('inconclusive', 'aborted'));
      });
    });
  };

  private disturb(id: string): void {
    this.disturbedAtMs.set(id, this.scheduler.monotonicMs());
  }

  private changedAtStart(id: string): void {
    this.seen.calls++;
    this.flying.add(id);
    this.judge(id, 'is called', 0);
    const sinceMs = this.scheduler.monotonicMs() - (this.disturbedAtMs.get(id) ?? -Infinity);
    if (sinceMs < LEAST_PAUSE_MS && !this.overridden.delete(id))
      this.broken.push(`${id} is called ${sinceMs} ms after it was busy`);
  }

  /** By the wall clock, and by the one that never stepped. */
  private judge(id: string, what: string, patienceMs: number): void {
    const nowMs = this.scheduler.monotonicMs();
    if (patienceMs > 0 && nowMs - this.changedAtMs <= patienceMs) return;
    if (this.level !== 'none') this.broken.push(`${id} ${what} although all is stopped`);
    for (const readingMs of [this.scheduler.wallMs(), this.startMs + nowMs])
      for (const { fromMs, toMs, endpoints, why } of this.windows)
        if ((endpoints === 'all' || endpoints.includes(id)) && fromMs <= readingMs && readingMs < toMs)
          this.broken.push(`${id} ${what} in ${why}`);
  }

  /** As the file does: the steady reading goes on while no engine runs. */
  private store(): HarmStore {
    return {
      read: () => ({ pauses: [...this.kept], steadyMs: this.startMs + this.scheduler.monotonicMs() }),
      notePause: (id, pause) => void (pause ? this.kept.set(id, pause) : this.kept.delete(id)),
      noteClock: () => undefined,
    };
  }
}
