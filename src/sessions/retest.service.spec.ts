import type { ChecksService } from '../health/checks.service.js';
import { NO_CAPS } from '../prober/caps.js';
import type { CheckNow } from '../prober/messages.js';
import { perKind } from '../prober/pacing.js';
import type { ExpectedRun } from '../prober/predict-finish.js';
import type { RunsOf } from './check-plan.js';
import { type Readiness, readinessOf } from './readiness.js';
import type { ReadinessService } from './readiness.service.js';
import { type RetestOf, RetestService } from './retest.service.js';
import { factsOf, MINUTE_MS, sessionOf, START_MS } from './testing/readiness-facts.js';

const session = sessionOf();
const SITES = [
  factsOf('ready'),
  factsOf('down', { state: 'down', reason: 'no-answer' }),
  factsOf('rings', { state: 'unverified', reason: 'not-auto-answering' }),
  factsOf('meets', { state: 'in-use', reason: 'busy' }),
  factsOf('off', { state: 'maintenance', reason: null }),
];

const run = (siteCode: string, kind: 'icmp' | 'sip-call'): ExpectedRun => ({
  item: { endpointId: `${siteCode}-1`, kind, target: siteCode, options: {}, intervalMs: 60_000, area: '', carrier: '' },
  ...{ durationMs: 1_000, lane: 'sweep', atMs: 0 },
});

/** What is ordered for a request so long before the start. */
function ordersOf(of: RetestOf, minutesBefore = 60): { orders: CheckNow[]; suite: string } {
  const nowMs = START_MS - minutesBefore * MINUTE_MS;
  const orders: CheckNow[] = [];
  const readiness = {
    readiness: (): Readiness => readinessOf(session, SITES, nowMs),
    runsOf: (_session: unknown, sites: ReadonlySet<string>): RunsOf => {
      const light = [...sites].map((code) => run(code, 'icmp'));
      return { light, full: [...light, ...[...sites].map((code) => run(code, 'sip-call'))] };
    },
    limits: () => ({ concurrency: perKind(() => 10), caps: NO_CAPS }),
  } as unknown as ReadinessService;
  const checks = { order: (given: CheckNow[]) => void orders.push(...given) } as unknown as ChecksService;
  const { suite } = new RetestService(readiness, checks, { wallMs: () => nowMs } as never).retest(session, of);
  return { orders, suite };
}

describe(RetestService.name, () => {
  it('tests all that are red, and disturbs no meeting', () => {
    const { orders } = ordersOf({ red: true });
    expect(new Set(orders.map(({ endpointId }) => endpointId))).toEqual(new Set(['down-1', 'rings-1']));
    expect(orders.every(({ override }) => override === false)).toBe(true);
  });

  it('calls a room in spite of its pause when a person says that it is free', () => {
    const { orders } = ordersOf({ sites: ['rings'], override: true });
    expect(orders.map(({ kind, override, lane }) => [kind, override, lane])).toEqual([
      ['icmp', true, 'check'],
      ['sip-call', true, 'check'],
    ]);
    expect(ordersOf({ sites: ['rings'], override: false }).orders[0]?.override).toBe(false);
  });

  it('makes no calls once they have stopped', () => {
    const { orders, suite } = ordersOf({ sites: ['down'], override: true }, 5);
    expect([suite, orders.map(({ kind }) => kind)]).toEqual(['light', ['icmp']]);
  });

  it('refuses sites that take no part', () => {
    expect(() => ordersOf({ sites: ['down', 'elsewhere'], override: false })).toThrow('elsewhere take no part');
  });
});
