import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { z } from 'zod';
import { ManualScheduler } from '../../common/manual-scheduler.js';
import { systemRandom } from '../../common/random.js';
import type { Outcome, Probe, ProbeKind } from '../../probes/contract.js';
import { pass, startOutcome } from '../../probes/outcome.js';
import type { ProberLink } from '../link/prober-link.js';
import { LINK_VERSION, type Plan, type ToProber } from '../messages.js';
import { NO_STORE } from '../call-memory.js';
import { perKind } from '../pacing.js';
import { ProberAgent } from '../prober-agent.js';
import { SpoolOutbox } from './spool-outbox.js';
import { SpoolService } from './spool-service.js';

const HOUR_MS = 3_600_000;
const PROBE_MS = 200;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const plan: Plan = {
  revision: 1,
  vantage: 'test',
  items: Array.from({ length: 5 }, (_, index) => ({
    endpointId: `site-${index}`,
    kind: 'tcp' as const,
    target: '127.0.0.1',
    options: {},
    intervalMs: 1_000,
    area: '',
    carrier: '',
  })),
  concurrency: perKind(() => 10),
  firstRoundMs: 0,
  orphanStopMs: 1e9,
};

describe('a wall clock that steps', () => {
  let directory: string;
  let scheduler: ManualScheduler;
  let produced: Outcome[];
  let told: Outcome[];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'clock-step-'));
    scheduler = new ManualScheduler();
    [produced, told] = [[], []];
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const probe = (kind: ProbeKind): Probe<ProbeKind> => ({
    kind,
    options: z.strictObject({}),
    run(request, context) {
      const outcome = startOutcome(kind, request, context);
      return new Promise((resolve) => {
        context.scheduler.after(PROBE_MS, () => {
          produced.push(outcome(pass));
          resolve(produced.at(-1) as Outcome);
        });
      });
    },
  });

  /** A prober on the spool of this test; its core acknowledges, or reads and forgets. */
  const start = (acknowledges: boolean) => {
    const service = new SpoolService(directory);
    const port = {
      request: service.handle.bind(service),
      close: async () => void (await service.handle({ op: 'close' })),
    };
    const log = pino({ level: 'silent' });
    let say: (message: ToProber) => void = () => undefined;
    const link: ProberLink = {
      congested: false,
      send(message) {
        if (message.type !== 'outcomes' || !acknowledges) return;
        told.push(...message.outcomes);
        say({ v: LINK_VERSION, type: 'ack', runIds: message.outcomes.map(({ runId }) => runId) });
      },
      onMessage: (listener) => (say = listener),
      onClose: () => undefined,
      close: () => undefined,
    };
    const agent = new ProberAgent({
      probes: perKind(probe),
      context: {
        scheduler,
        random: systemRandom,
        media: { open: () => Promise.reject(new Error('no media here')), close: () => Promise.resolve() },
        icmp: { name: 'none', clock: 'user', burst: () => Promise.reject(new Error('no icmp here')), close: () => undefined },
        loopLagMs: () => 0,
      },
      outbox: new SpoolOutbox({ port, directory, scheduler, log }),
      harm: NO_STORE,
      link,
      log,
      pid: 1,
      onStopWanted: () => undefined,
    });
    agent.start();
    say({ v: LINK_VERSION, type: 'plan', plan });
    return agent;
  };
  const advance = async (byMs: number): Promise<void> => {
    for (let doneMs = 0; doneMs < byMs; doneMs += 50) {
      scheduler.advance(50);
      for (let turns = 0; turns < 3; turns++) await turn();
    }
  };
  const end = async (agent: ProberAgent): Promise<void> => {
    let ended = false;
    const stopped = agent.stop().then(() => (ended = true));
    while (!ended) await advance(50);
    await stopped;
  };

  it.each([
    ['forward and back', [HOUR_MS, -2 * HOUR_MS]],
    ['back and forward', [-2 * HOUR_MS, HOUR_MS]],
  ])('%s, also between two probers: nothing lost, double or of negative duration', async (_name, steps) => {
    const first = start(false);
    for (const stepMs of steps) {
      await advance(2_100);
      scheduler.stepWall(stepMs);
    }
    await advance(2_100);
    expect(first.stats().clockSteps).toBe(2);
    await end(first);
    scheduler.stepWall(steps[0] as number);
    const second = start(true);
    scheduler.stepWall(-(steps[0] as number));
    await advance(3_000);
    await end(second);
    expect(produced.length).toBeGreaterThan(30);
    const keys = (outcomes: Outcome[]): string[] => outcomes.map(({ runId, startedAt }) => `${runId} ${startedAt}`).sort();
    const ended = told.filter(({ reason }) => reason !== 'aborted');
    expect(keys(ended)).toEqual(keys(produced));
    expect(new Set(told.map(({ runId }) => runId)).size).toBe(told.length);
    expect(told.filter(({ durationMs }) => durationMs < 0 || durationMs > 2 * PROBE_MS)).toEqual([]);
  });
});
