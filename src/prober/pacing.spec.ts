import fc from 'fast-check';
import { PROBE_KINDS, type ProbeKind } from '../probes/contract.js';
import { CHECKS_PER_ROUTINE, type Lane, Pacing, perKind } from './pacing.js';

const add = (pacing: Pacing<string>, key: string, lane: Lane, deadlineMs: number, kind: ProbeKind = 'sip-call'): void =>
  pacing.add({ key, kind, lane, deadlineMs, value: key });
const always = (): boolean => true;

type Step =
  { do: 'add'; kind: ProbeKind; lane: Lane; deadlineMs: number } | { do: 'take' | 'finish' | 'remove' | 'promote'; pick: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('add' as const),
    kind: fc.constantFrom(...PROBE_KINDS),
    lane: fc.constantFrom<Lane>('check', 'routine'),
    deadlineMs: fc.nat(1_000),
  }),
  fc.record({
    do: fc.constantFrom('take' as const, 'finish' as const, 'remove' as const, 'promote' as const),
    pick: fc.nat(1_000),
  }),
);

describe(Pacing.name, () => {
  it('never has more in flight than the limit of a kind, and loses nobody', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 200 }),
        fc.tuple(...PROBE_KINDS.map(() => fc.integer({ min: 1, max: 4 }))),
        (steps, caps) => {
          const limits = perKind((kind) => caps[PROBE_KINDS.indexOf(kind)] ?? 1);
          const pacing = new Pacing<string>(limits);
          const waiting = new Map<string, ProbeKind>();
          const running: ProbeKind[] = [];
          const take = (): void => {
            for (const key of pacing.takeStartable(always)) {
              running.push(waiting.get(key) as ProbeKind);
              expect(waiting.delete(key)).toBe(true);
            }
          };
          steps.forEach((now, index) => {
            const picked = 'pick' in now ? [...waiting.keys()][now.pick % Math.max(1, waiting.size)] : undefined;
            if (now.do === 'add') {
              add(pacing, `run-${index}`, now.lane, now.deadlineMs, now.kind);
              waiting.set(`run-${index}`, now.kind);
            } else if (now.do === 'take') take();
            else if (now.do === 'finish' && running.length > 0)
              pacing.finished(running.splice(now.pick % running.length, 1)[0] as ProbeKind);
            else if (now.do === 'promote' && picked) pacing.promote(picked, now.pick);
            else if (now.do === 'remove' && picked) {
              expect(pacing.remove(picked)).toBe(picked);
              waiting.delete(picked);
            }
            for (const kind of PROBE_KINDS) {
              expect(running.filter((one) => one === kind).length).toBeLessThanOrEqual(limits[kind]);
              expect(pacing.running()[kind]).toBe(running.filter((one) => one === kind).length);
              expect(pacing.queued()[kind]).toBe([...waiting.values()].filter((one) => one === kind).length);
            }
          });
          while (waiting.size > 0) {
            running.splice(0).forEach((kind) => pacing.finished(kind));
            take();
            expect(running.length).toBeGreaterThan(0);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('starves no routine run, whatever checks keep coming', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 3 }), (routines, limit) => {
        const pacing = new Pacing<string>(perKind(() => limit));
        for (let index = 0; index < routines; index++) add(pacing, `routine-${index}`, 'routine', index);
        const started: string[] = [];
        for (let round = 0; started.filter((key) => key.startsWith('routine')).length < routines; round++) {
          for (let index = 0; index < limit + 1; index++) add(pacing, `check-${round}-${index}`, 'check', 0);
          const batch = pacing.takeStartable(always);
          started.push(...batch);
          batch.forEach(() => pacing.finished('sip-call'));
          expect(started.length).toBeLessThanOrEqual((routines + 1) * (CHECKS_PER_ROUTINE + 1) + limit);
        }
      }),
    );
  });

  it('starts checks before routine runs and the earliest deadline first', () => {
    const pacing = new Pacing<string>(perKind(() => 9));
    add(pacing, 'late', 'routine', 30);
    add(pacing, 'early', 'routine', 10);
    add(pacing, 'asked', 'check', 99);
    expect(pacing.takeStartable(always)).toEqual(['asked', 'early', 'late']);
  });

  it('moves a routine run into the check lane when somebody asks for it', () => {
    const pacing = new Pacing<string>(perKind(() => 1));
    add(pacing, 'first', 'routine', 1);
    add(pacing, 'second', 'routine', 2);
    pacing.promote('second', 50);
    expect(pacing.takeStartable(always)).toEqual(['second']);
    pacing.finished('sip-call');
    expect(pacing.takeStartable(always)).toEqual(['first']);
    pacing.finished('sip-call');
    expect(pacing.takeStartable(always)).toEqual([]);
  });

  it('passes over what may not start and keeps its place', () => {
    const pacing = new Pacing<string>(perKind(() => 2));
    add(pacing, 'engaged', 'routine', 1);
    add(pacing, 'free', 'routine', 2);
    add(pacing, 'also free', 'routine', 3);
    expect(pacing.takeStartable(({ key }) => key !== 'engaged')).toEqual(['free', 'also free']);
    pacing.finished('sip-call');
    expect(pacing.takeStartable(always)).toEqual(['engaged']);
  });

  it('gives up checks that waited too long, but no routine run', () => {
    const pacing = new Pacing<string>(perKind(() => 1));
    add(pacing, 'routine', 'routine', 5);
    add(pacing, 'check', 'check', 10);
    expect(pacing.nextExpiryMs()).toBe(10);
    expect(pacing.takeExpired(9)).toEqual([]);
    expect(pacing.takeExpired(10)).toEqual(['check']);
    expect(pacing.nextExpiryMs()).toBeUndefined();
    expect(pacing.queued()['sip-call']).toBe(1);
  });
});
