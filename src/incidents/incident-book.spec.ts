import fc from 'fast-check';
import { ManualScheduler } from '../common/manual-scheduler.js';
import type { Reason } from '../common/reasons.js';
import type { HealthState } from '../common/states.js';
import { HealthBoard } from '../health/health-board.js';
import type { MaintenanceScope } from '../health/maintenance/maintenance-window.js';
import { endpointOf } from '../inventory/testing/endpoint.js';
import type { Observation } from '../probes/contract.js';
import { correlate } from './correlator.js';
import { factsOf } from './facts.js';
import type { AuditEntry, Incident } from './incident.js';
import { IncidentBook } from './incident-book.js';
import { severityOf } from './severity.js';

const MINUTE_MS = 60_000;
const FLOWING = { audioOut: 'flowing', audioIn: 'flowing', videoOut: 'flowing', videoIn: 'flowing' } as const;
/** 30 sites, one of them with a backup; two areas, three carriers. */
const RECORDS = Array.from({ length: 31 }, (_, index) => {
  const siteCode = `0${Math.min(index, 29)}`;
  const ordinal = index === 30 ? 2 : 1;
  const groups = { area: `area ${index % 2}`, carrier: `carrier ${index % 3}`, address: `10.0.0.${index}` };
  return endpointOf({ id: `${siteCode}-${ordinal}`, siteCode, siteName: siteCode, ordinal, ...groups });
});
const INTERVALS = { icmp: 2 * MINUTE_MS, 'sip-options': 2 * MINUTE_MS, 'sip-call': 30 * MINUTE_MS };
const IN_TROUBLE: ReadonlySet<HealthState> = new Set<HealthState>(['down', 'degraded', 'unverified', 'unknown']);

/** Outcomes in, incidents out, as in the daemon but for the wires. */
class World {
  readonly clock = new ManualScheduler();
  readonly audit: AuditEntry[] = [];
  private readonly board = new HealthBoard(this.clock, {
    ...{ failures: 2, of: 3, confirmWithinMs: MINUTE_MS, recoverAfter: 2 },
    flapping: { startRatio: 0.2, endRatio: 0.05 },
  });
  private book = this.newBook();
  private ids = 0;

  constructor() {
    this.board.setEndpoints(RECORDS, () => INTERVALS);
  }

  /** @param which of the records, by what they have in common */
  hear(kind: 'icmp' | 'sip-options' | 'sip-call', reason: Reason, which: (index: number) => boolean): void {
    const result = reason === 'ok' ? 'pass' : reason === 'busy' ? 'inconclusive' : 'fail';
    const outcomes = RECORDS.filter((_, index) => which(index)).map(({ id, address }): Observation => ({
      ...{ endpointId: id, kind, vantage: 'here', target: address, durationMs: 0, result, reason, selfLagMs: 0 },
      startedAt: new Date(this.clock.wallMs()).toISOString(),
      ...(kind === 'sip-call' && reason === 'ok' ? { signals: FLOWING } : {}),
    }));
    this.board.apply(outcomes);
  }

  maintain(scope: MaintenanceScope, target: string, lastsMs: number): void {
    const fromMs = this.clock.wallMs();
    this.board.setMaintenance([{ id: 'w', scope, target, fromMs, toMs: fromMs + lastsMs, repeat: null, note: '' }]);
  }

  doubt(isDoubted: boolean): void {
    this.board.setDoubt(isDoubted ? { why: 'references', sinceMs: this.clock.wallMs(), targets: [] } : null);
  }

  /** The monitor dies, and finds the incidents as they were written down. */
  restart(): void {
    const kept = structuredClone(this.open());
    this.book = this.newBook();
    this.book.restore(kept);
  }

  look(afterMs: number): void {
    this.clock.advance(afterMs);
    this.board.decay();
    const facts = factsOf(this.views(), {
      ping: (id) => this.board.freshOutcome(id, 'icmp'),
      call: (id) => this.board.latestOutcome(id, 'sip-call'),
    });
    const changes = this.book.apply(correlate(facts, this.book.openCauses(), 'here'), this.clock.wallMs());
    this.audit.push(...changes.map(({ entry }) => entry));
  }

  views = () => this.board.views();
  open = (): Incident[] => this.book.openIncidents();

  private newBook(): IncidentBook {
    return new IncidentBook({
      newId: () => `i${this.ids++}`,
      siteOf: (id) => this.board.view(id)?.siteCode ?? id,
      severityOf: (cause, members) =>
        severityOf(
          cause,
          members.flatMap((id) => this.board.view(id) ?? []),
        ),
      evidenceOf: (endpointId) => ({ endpointId, siteName: endpointId, reason: null, since: null }),
    });
  }
}

type Step = (world: World) => void;
const some = fc.oneof(
  fc.integer({ min: 0, max: 30 }).map((one) => (index: number) => index === one),
  fc.integer({ min: 0, max: 1 }).map((area) => (index: number) => index % 2 === area),
  fc.integer({ min: 0, max: 2 }).map((carrier) => (index: number) => index % 3 === carrier),
  fc.constant(() => true),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.constantFrom('icmp' as const, 'sip-options' as const, 'sip-call' as const),
        fc.constantFrom<Reason>('ok', 'no-answer', 'busy', 'one-way-in', 'refused'),
        some,
      )
      .map(
        ([kind, reason, which]): Step =>
          (world) =>
            world.hear(kind, reason, which),
      ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom(['area', 'area 0'] as const, ['carrier', 'carrier 1'] as const, ['site', '04'] as const),
        fc.integer({ min: 1, max: 90 }),
      )
      .map(
        ([[scope, target], minutes]): Step =>
          (world) =>
            world.maintain(scope, target, minutes * MINUTE_MS),
      ),
  },
  {
    weight: 1,
    arbitrary: fc.boolean().map(
      (isDoubted): Step =>
        (world) =>
          world.doubt(isDoubted),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Step>((world) => world.restart()) },
);

/** Who is in it, by its own audit. */
function membersByAudit(audit: readonly AuditEntry[], incidentId: string): string[] {
  const members = new Set<string>();
  for (const { joined, left } of audit.filter((entry) => entry.incidentId === incidentId)) {
    for (const id of left) members.delete(id);
    for (const id of joined) members.add(id);
  }
  return [...members].sort();
}

describe(IncidentBook.name, () => {
  it('has every endpoint that is in trouble in exactly one open incident and no other, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.integer({ min: 0, max: 40 })), { minLength: 1, maxLength: 40 }), (steps) => {
        const world = new World();
        for (const [act, minutes] of steps) {
          act(world);
          world.look(minutes * MINUTE_MS + 1_000);
          const held = world.open().flatMap(({ members }) => members);
          const troubled = world.views().filter(({ state }) => IN_TROUBLE.has(state));
          expect(held.sort()).toEqual(troubled.map(({ id }) => id).sort());
        }
      }),
      { numRuns: 150 },
    );
  });

  it('writes down every step: who joined and left adds up to who is in it, and lost time only grows', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.integer({ min: 0, max: 40 })), { minLength: 1, maxLength: 40 }), (steps) => {
        const world = new World();
        const lostMs = new Map<string, number>();
        for (const [act, minutes] of steps) {
          act(world);
          world.look(minutes * MINUTE_MS + 1_000);
          for (const { id, members, sites, lostSiteMs, everMembers } of world.open()) {
            expect(membersByAudit(world.audit, id)).toEqual([...members].sort());
            expect(everMembers).toEqual(expect.arrayContaining(members));
            expect(sites.length).toBeGreaterThan(0);
            expect(lostSiteMs).toBeGreaterThanOrEqual(lostMs.get(id) ?? 0);
            lostMs.set(id, lostSiteMs);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  const book = () => {
    let ids = 0;
    return new IncidentBook({
      newId: () => `i${ids++}`,
      siteOf: (id) => id,
      severityOf: () => 'info',
      evidenceOf: (endpointId) => ({ endpointId, siteName: endpointId, reason: null, since: null }),
    });
  };
  const carrier = { trouble: 'failing', kind: 'carrier', name: 'VNPT' } as const;
  const alone = { trouble: 'failing', kind: 'endpoint', name: 'a' } as const;

  it('says of a group that it is over when one of its members goes on alone', () => {
    const sut = book();
    sut.apply([{ cause: carrier, members: ['a', 'b', 'c'] }], 0);
    const changes = sut.apply([{ cause: alone, members: ['a'] }], MINUTE_MS);
    expect(changes.map(({ type, incident }) => [type, incident.cause.kind, incident.state])).toEqual([
      ['opened', 'endpoint', 'open'],
      ['resolved', 'carrier', 'resolved'],
    ]);
  });

  it('lets a single failure merge into the wider cause that takes it over', () => {
    const sut = book();
    sut.apply([{ cause: alone, members: ['a'] }], 0);
    const changes = sut.apply([{ cause: carrier, members: ['a', 'b', 'c'] }], MINUTE_MS);
    expect(changes.at(-1)).toMatchObject({ type: 'merged', incident: { cause: alone, mergedInto: sut.openIncidents()[0]?.id } });
  });
});
