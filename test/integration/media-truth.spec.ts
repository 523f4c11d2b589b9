import { madeEndpoints } from '../../src/lab/endpoints/endpoint-list.js';
import { seededFractions } from '../../src/lab/faults/seeded-random.js';
import { startLab, type Lab } from '../../src/lab/lab.js';
import type { MediaFacts, MediaPool } from '../../src/media/contract.js';
import type { Outcome } from '../../src/probes/contract.js';
import { ImpairedLine, type Impairments } from '../fixtures/impaired-line.js';
import { builtMediaPool } from '../peers/called-device.js';
import { runProbe } from '../peers/probe-context.js';

const CALLER = '127.0.0.1';
const SEED = 20_261_122;
const FLOWING = { audioIn: 'flowing', audioOut: 'flowing', videoIn: 'flowing', videoOut: 'flowing' };
const STREAMS = [
  ['in', 'audio'],
  ['in', 'video'],
  ['out', 'audio'],
  ['out', 'video'],
] as const;

const lossy = (lossRatio: number) => ({ audio: { lossRatio }, video: { lossRatio } });

const LINES = {
  clean: {},
  'in 1 %': { in: lossy(0.01) },
  'in 5 %': { in: lossy(0.05) },
  'in 20 %': { in: lossy(0.2) },
  'out 1 %': { out: lossy(0.01) },
  'out 5 %': { out: lossy(0.05) },
  'out 20 %': { out: lossy(0.2) },
  'both, unlike': { in: { audio: { lossRatio: 0.1 } }, out: { video: { lossRatio: 0.15 } } },
  'jitter 5 ms': { in: { audio: { jitterMs: 5 } } },
  'jitter 15 ms': { in: { audio: { jitterMs: 15 } } },
  'jitter 30 ms': { in: { audio: { jitterMs: 30 } } },
  'no audio in': { in: { audio: { lossRatio: 1 } } },
  'no audio out': { out: { audio: { lossRatio: 1 } } },
  'no video in': { in: { video: { lossRatio: 1 } } },
  'no video out': { out: { video: { lossRatio: 1 } } },
} satisfies Record<string, Impairments>;
type LineName = keyof typeof LINES;

interface Seen {
  outcome: Outcome;
  facts: MediaFacts;
  line: ImpairedLine;
}

/** The pool, with what its sessions saw: an outcome leaves out a jitter that a busy machine may have made. */
function watching(pool: MediaPool, seen: (facts: MediaFacts) => void): MediaPool {
  return {
    close: () => pool.close(),
    async open(request) {
      const session = await pool.open(request);
      return {
        ports: session.ports,
        start: (legs) => session.start(legs),
        onLost: (told) => session.onLost(told),
        onKeyframeMissing: (run) => session.onKeyframeMissing(run),
        async stop() {
          const facts = await session.stop();
          seen(facts);
          return facts;
        },
      };
    },
  };
}

describe('what a call measures, against what the line did', () => {
  let lab: Lab;
  let pool: MediaPool;
  let calls: Map<string, Seen> | undefined;

  beforeAll(async () => {
    const names = Object.keys(LINES) as LineName[];
    lab = await startLab({ endpoints: madeEndpoints(names.length, '127.44') });
    pool = builtMediaPool();
    calls = new Map(await Promise.all(names.map(async (name, i) => [name, await call(name, i)] as const)));
  }, 60_000);

  afterAll(async () => {
    for (const { line } of calls?.values() ?? []) line.close();
    await pool.close();
    await lab.stop();
  });

  async function call(name: LineName, i: number): Promise<Seen> {
    const { address } = lab.endpoints[i]!;
    const line = await ImpairedLine.start(address, CALLER, LINES[name], seededFractions(SEED + i));
    let facts: MediaFacts | undefined;
    const media = watching(pool, (some) => (facts = some));
    const outcome = await runProbe('sip-call', `sip:room@${address}:${line.sipPort}`, { source: CALLER }, { media });
    if (!facts) throw new Error(`${name}: no call: ${JSON.stringify(outcome)}`);
    return { outcome, facts, line };
  }

  const of = (name: LineName): Seen => {
    const seen = calls?.get(name);
    if (!seen) throw new Error(`${name} was not called`);
    return seen;
  };

  const reported = ({ outcome }: Seen, direction: 'in' | 'out', medium: 'audio' | 'video'): number | undefined =>
    outcome.media?.[`${medium}${direction === 'in' ? 'In' : 'Out'}`]?.lossRatio;

  it.each(['clean', 'in 1 %', 'in 5 %', 'in 20 %', 'out 1 %', 'out 5 %', 'out 20 %', 'both, unlike'] as const)(
    'should report the loss of each direction and medium within half a point: %s',
    (name) => {
      const seen = of(name);
      for (const [direction, medium] of STREAMS) {
        const truth = seen.line.truth[direction][medium];
        expect(truth.packets).toBeGreaterThan(200);
        const error = Math.abs((reported(seen, direction, medium) ?? NaN) - truth.lossRatio);
        // one packet more or less at either end is no error of measurement
        expect({ direction, medium, truth: truth.lossRatio, error, ok: error <= 0.005 + 1 / truth.packets }).toMatchObject({
          ok: true,
        });
        // and it was the loss that the line was told to make
        const { [direction]: told } = LINES[name] as Impairments;
        const wanted = told?.[medium]?.lossRatio ?? 0;
        expect(Math.abs(truth.lossRatio - wanted)).toBeLessThanOrEqual(3.5 * Math.sqrt((wanted * (1 - wanted)) / 200));
      }
    },
  );

  it.each(['clean', 'jitter 5 ms', 'jitter 15 ms', 'jitter 30 ms'] as const)(
    'should measure the jitter of the sound within 15 %% or half a millisecond: %s',
    (name) => {
      const { facts, line } = of(name);
      const { packets = 0, jitterMs = NaN } = facts.audio?.received ?? {};
      expect(packets).toBeGreaterThan(200);
      const truthMs = line.truth.in.audio.jitterMsOf(packets);
      const errorMs = Math.abs(jitterMs - truthMs);
      expect({ truthMs, errorMs, ok: errorMs <= Math.max(0.5, 0.15 * truthMs) }).toMatchObject({ ok: true });
    },
  );

  it.each([
    ['clean', FLOWING, 'ok'],
    ['in 20 %', { ...FLOWING, audioIn: 'poor', videoIn: 'poor' }, 'poor-quality'],
    ['out 20 %', { ...FLOWING, audioOut: 'poor', videoOut: 'poor' }, 'poor-quality'],
    ['both, unlike', { ...FLOWING, audioIn: 'poor', videoOut: 'poor' }, 'poor-quality'],
    ['no audio in', { ...FLOWING, audioIn: 'absent' }, 'one-way-out'],
    ['no audio out', { ...FLOWING, audioOut: 'absent' }, 'one-way-in'],
    ['no video in', { ...FLOWING, videoIn: 'absent' }, 'one-way-out'],
    ['no video out', { ...FLOWING, videoOut: 'absent' }, 'one-way-in'],
  ] as const)('should confuse neither directions nor media: %s', (name, signals, reason) => {
    const { outcome } = of(name);
    expect(outcome.signals).toEqual(signals);
    // on a machine that is too busy to measure, the reason is that
    expect([reason, 'self-overloaded']).toContain(outcome.reason);
  });
});
