import { ManualScheduler } from '../common/manual-scheduler.js';
import type { Reason } from '../common/reasons.js';
import { configSchema } from '../config/config-schema.js';
import { endpointOf } from '../inventory/testing/endpoint.js';
import type { ProberHost } from '../prober/host/prober-host.js';
import type { CheckNow } from '../prober/messages.js';
import type { Observation, Outcome } from '../probes/contract.js';
import { DoubtService } from './doubt.service.js';
import { FleetSuspicion } from './fleet-suspicion.js';
import { HealthBoard } from './health-board.js';
import type { HealthService } from './health.service.js';

const seen = (endpointId: string, reason: Reason, startedMs = 0, kind: Observation['kind'] = 'icmp'): Observation =>
  ({ endpointId, kind, reason, startedAt: new Date(startedMs).toISOString(), durationMs: 0 }) as Observation;
const many = (count: number, reason: Reason, startedMs = 0): Observation[] =>
  Array.from({ length: count }, (_, index) => seen(`${index}`, reason, startedMs));

describe(FleetSuspicion, () => {
  it('begins with many that begin to fail in one look, once, and says since when', () => {
    const sut = new FleetSuspicion();
    expect(sut.saw(many(4, 'no-answer', 700), 1_000)).toBe(false);
    expect(sut.saw([seen('x', 'refused', 900)], 2_000)).toBe(true);
    expect(sut.suspectedSince(2_000)).toBe(700);
    expect(sut.saw([seen('y', 'no-answer', 2_000)], 3_000)).toBe(false);
    expect(sut.suspectedSince(17_000)).toBeNull();
  });

  it.each<[string, Observation[], Observation[]]>([
    ['what fails all the time', many(9, 'no-answer'), many(9, 'no-answer')],
    [
      'a line that drops echo requests and carries calls',
      [...many(9, 'no-answer'), ...many(9, 'ok').map((one): Observation => ({ ...one, kind: 'sip-call' }))],
      many(9, 'no-answer'),
    ],
    [
      'a few of many',
      [],
      [...many(40, 'ok'), ...many(5, 'no-answer').map((one) => ({ ...one, endpointId: `x${one.endpointId}` }))],
    ],
    ['what our own lateness spoilt', [], many(9, 'self-overloaded')],
    ['rooms in a meeting', [], many(9, 'busy')],
  ])('is not made of %s', (_what, before, look) => {
    const sut = new FleetSuspicion();
    sut.saw(before, 0);
    expect(sut.saw(look, 60_000)).toBe(false);
    expect(sut.suspectedSince(60_000)).toBeNull();
  });
});

const FLEET = Array.from({ length: 40 }, (_, index) => endpointOf({ id: `${index}-1`, siteCode: `${index}` }));
const REFERENCE = 'reference:10.0.0.1';
/** Five echo requests in vain. */
const LOST_MS = 2_800;
const ANSWERED_MS = 810;
const STEP_MS = 100;
const { failures, ofLast: of, confirmWithinSeconds, recoverAfter, flapping } = configSchema.parse({}).health;

/** A fleet that is pinged every 30 s, a reference every 10 s, and a monitor whose own line is cut at `cutMs`. */
function simulate({ listens, cutMs, forMs }: { listens: boolean; cutMs: number; forMs: number }) {
  const clock = new ManualScheduler();
  const startMs = clock.wallMs();
  const board = new HealthBoard(clock, { failures, of, confirmWithinMs: confirmWithinSeconds * 1000, recoverAfter, flapping });
  board.setEndpoints(FLEET, () => ({ icmp: 30_000 }));
  const running: { endpointId: string; beganMs: number }[] = [];
  const begin = (endpointId: string): void => void running.push({ endpointId, beganMs: clock.wallMs() });
  const checkNow = (checks: CheckNow[]): boolean => {
    for (const { endpointId } of checks) if (listens || endpointId !== REFERENCE) begin(endpointId);
    return true;
  };
  const health = { doubt: () => board.doubt, setDoubt: (doubt: never) => board.setDoubt(doubt), intervals: () => ({}) };
  const config = configSchema.parse({ health: { references: ['10.0.0.1'] } });
  const doubt = new DoubtService(config, health as unknown as HealthService, { checkNow } as unknown as ProberHost, clock);
  const everDown = new Set<string>();
  let blindMs: number | null = null;
  const finished = (): Outcome[] => {
    const nowMs = clock.wallMs();
    const isLost = (beganMs: number): boolean => beganMs - startMs >= cutMs;
    const over = running.filter(({ beganMs }) => nowMs - beganMs >= (isLost(beganMs) ? LOST_MS : ANSWERED_MS));
    for (const one of over) running.splice(running.indexOf(one), 1);
    return over.map(({ endpointId, beganMs }) => {
      const [result, reason] = isLost(beganMs) ? (['fail', 'no-answer'] as const) : (['pass', 'ok'] as const);
      const when = { startedAt: new Date(beganMs).toISOString(), durationMs: nowMs - beganMs };
      return { runId: '', endpointId, kind: 'icmp', vantage: 'v', target: '', selfLagMs: 0, result, reason, ...when };
    });
  };
  for (let ms = 0; ms < forMs; ms += STEP_MS) {
    if (ms % 10_000 === 0) begin(REFERENCE);
    for (const [index, { id }] of FLEET.entries())
      if (ms % 30_000 === Math.floor((index * 300) / FLEET.length) * STEP_MS) begin(id);
    clock.advance(STEP_MS);
    const outcomes = finished();
    doubt.outcomesSeen(outcomes);
    board.apply(outcomes);
    board.decay();
    checkNow(board.takeConfirmations().map((one) => ({ ...one, runId: '', withinMs: 60_000 })));
    for (const { id, state } of board.views()) if (state === 'down') everDown.add(id);
    if (board.doubt) blindMs ??= ms - cutMs;
  }
  return { everDown, blindMs, sinceMs: board.doubt && board.doubt.sinceMs - startMs - cutMs };
}

describe('a monitor whose own line is cut', () => {
  // just after the reference was asked: the worst moment
  const cut = { cutMs: 60_200, forMs: 100_000 };

  it('knows of it before any but the first few of its fleet could be called down', () => {
    const { everDown, blindMs } = simulate({ ...cut, listens: true });
    expect(blindMs).toBeLessThan(10_000);
    expect(everDown.size).toBeLessThanOrEqual(5);
  });

  it('would have called many more down by the routine of its references alone', () => {
    const { everDown, blindMs } = simulate({ ...cut, listens: false });
    expect(blindMs).toBeGreaterThan(10_000);
    expect(everDown.size).toBeGreaterThan(5);
  });

  it('suspects nothing of the kind while its references answer', () => {
    expect(simulate({ cutMs: Infinity, forMs: 60_000, listens: true })).toMatchObject({ blindMs: null, everDown: new Set() });
  });
});
