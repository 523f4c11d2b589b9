import fc from 'fast-check';
import { REASONS } from '../common/reasons.js';
import { HEALTH_STATES } from '../common/states.js';
import {
  countsAsReady,
  READINESS_CLASSES,
  type ReadinessCounts,
  readinessOf,
  type SiteStanding,
  verdictOf,
} from './readiness.js';
import { factsOf, MINUTE_MS, sessionOf, START_MS } from './testing/readiness-facts.js';

const at = (minutesBefore: number): number => START_MS - minutesBefore * MINUTE_MS;
const orderAt = (minutesBefore: number, facts: SiteStanding[], session = sessionOf()): string[] =>
  readinessOf(session, facts, at(minutesBefore)).sites.map(({ siteCode }) => siteCode);

const factsArbitrary = fc.uniqueArray(fc.integer({ min: 1, max: 400 }), { maxLength: 40 }).chain((codes) =>
  fc.tuple(
    ...codes.map((code) =>
      fc
        .record({
          state: fc.constantFrom(...HEALTH_STATES),
          reason: fc.option(fc.constantFrom(...REASONS)),
          isProven: fc.boolean(),
          area: fc.constantFrom('A', 'B', '__proto__'),
          carrier: fc.constantFrom('VNPT', 'Viettel'),
          sinceMs: fc.option(fc.integer({ min: at(2_000), max: START_MS })),
          incident: fc.option(fc.record({ id: fc.constant('i'), ofMany: fc.boolean() })),
        })
        .map((given) => factsOf(String(code), given)),
    ),
  ),
);

describe(readinessOf.name, () => {
  it.each([
    ['ready', 'ok', 'ready'],
    ['degraded', 'poor-quality', 'degraded'],
    ['degraded', 'audio-only', 'degraded'],
    ['down', 'no-answer', 'notReady'],
    ['in-use', 'busy', 'inUse'],
    ['unverified', 'declined', 'unverified'],
    ['untested', null, 'untested'],
    ['unknown', null, 'untested'],
    ['maintenance', null, 'maintenance'],
  ] as const)('%s (%s) is %s', (state, reason, expected) => {
    expect(readinessOf(sessionOf(), [factsOf('1', { state, reason })], START_MS).sites).toMatchObject([{ class: expected }]);
  });

  it('claims nothing of a picture that nobody needs', () => {
    const [site] = readinessOf(sessionOf(), [factsOf('1', { needs: ['audioOut', 'audioIn'] })], START_MS).sites;
    expect(site?.sentence.vi).toBe('Tiếng thông suốt hai chiều');
  });

  it('says who is not ready, why in both languages, since when and whom to phone', () => {
    const log = [{ at: '2026-11-23T00:12:00.000Z', by: 'trực kỹ thuật', note: 'mất điện, 8h30 có lại' }];
    const facts = [factsOf('08152', { state: 'down', reason: 'no-answer', sinceMs: at(30), contactLog: log }), factsOf('08155')];
    const readiness = readinessOf(sessionOf(), facts, at(20));
    expect(readiness).toMatchObject({ verdict: 'NO_GO', total: 2, ready: 1, notReady: 1, required: { total: 2, ready: 1 } });
    expect(readiness.sites[0]).toMatchObject({
      siteCode: '08152',
      class: 'notReady',
      sentence: {
        vi: 'Không phản hồi: thiết bị tắt hoặc đứt đường truyền',
        en: 'No answer: device off or line cut',
      },
      since: '2026-11-23T00:30:00.000Z',
      contact: { name: 'Nguyễn Văn An', phone: '0912345678' },
      contactLog: log,
      repair: { by: 'phone', minutes: 10 },
      fixableInTime: true,
    });
    expect(readiness.byCarrier).toEqual({ VNPT: expect.objectContaining({ total: 2, ready: 1, notReady: 1 }) });
  });

  it('puts first what can still be mended, the shortest repair before the longer', () => {
    const facts = [
      factsOf('ok'),
      factsOf('line', { state: 'down', reason: 'no-route' }),
      factsOf('quality', { state: 'degraded', reason: 'poor-quality' }),
      factsOf('hung', { state: 'down', reason: 'signalling-hung' }),
      factsOf('carrier', { state: 'down', reason: 'no-answer', incident: { id: 'i', ofMany: true } }),
      factsOf('declined', { state: 'unverified', reason: 'declined' }),
    ];
    expect(orderAt(90, facts)).toEqual(['declined', 'hung', 'quality', 'line', 'carrier', 'ok']);
    // a quarter of an hour is too short for the line, and what nobody can mend any more goes behind
    expect(readinessOf(sessionOf(), facts, at(15)).sites.map(({ siteCode, fixableInTime }) => [siteCode, fixableInTime])).toEqual(
      [
        ['declined', true],
        ['hung', true],
        ['quality', false],
        ['line', false],
        ['carrier', false],
        ['ok', null],
      ],
    );
  });

  it('puts who must be there before who is required, and who may stay away last', () => {
    const session = sessionOf({ rule: { goRatio: 1, noGoRatio: 0.5, mustHave: ['c'] } });
    const facts = ['a', 'b', 'c'].map((code) =>
      factsOf(code, { state: 'down', reason: code === 'a' ? 'declined' : 'refused', required: code !== 'a' }),
    );
    expect(orderAt(30, facts, session)).toEqual(['c', 'b', 'a']);
    // but nobody is phoned for who cannot be helped in time while another can
    const late = [factsOf('c', { state: 'down', reason: 'no-route' }), factsOf('b', { state: 'down', reason: 'refused' })];
    expect(orderAt(30, late, session)).toEqual(['b', 'c']);
  });

  it('puts each site in exactly one class, and every list and count agrees', () => {
    fc.assert(
      fc.property(factsArbitrary, fc.integer({ min: -10, max: 200 }), (facts, minutes) => {
        const readiness = readinessOf(sessionOf(), facts, at(minutes));
        const sum = (counts: Partial<ReadinessCounts>): number =>
          READINESS_CLASSES.reduce((total, one) => total + (counts[one] ?? 0), 0);
        expect(readiness.total).toBe(facts.length);
        expect(sum(readiness)).toBe(facts.length);
        expect(readiness.sites.map(({ siteCode }) => siteCode).sort()).toEqual(facts.map(({ siteCode }) => siteCode).sort());
        for (const groups of [readiness.byArea, readiness.byCarrier, readiness.byTier]) {
          expect(Object.values(groups).reduce((total, counts) => total + sum(counts), 0)).toBe(facts.length);
        }
        const isReady = readiness.sites.map(countsAsReady);
        expect(isReady).toEqual([...isReady].sort());
        const fixable = readiness.sites.filter((site) => !countsAsReady(site)).map(({ fixableInTime }) => fixableInTime === true);
        expect(fixable).toEqual([...fixable].sort().reverse());
      }),
    );
  });

  it('is the same whatever the order in which the sites are told', () => {
    fc.assert(
      fc.property(factsArbitrary, (facts) => {
        expect(readinessOf(sessionOf(), [...facts].reverse(), at(30)).sites).toEqual(
          readinessOf(sessionOf(), facts, at(30)).sites,
        );
      }),
    );
  });
});

describe(verdictOf.name, () => {
  const sites = (ready: number, notReady: number, more: Partial<SiteStanding> = {}) =>
    readinessOf(
      sessionOf({ rule: { goRatio: 0.98, noGoRatio: 0.9, mustHave: [] } }),
      [
        ...Array.from({ length: ready }, (_, index) => factsOf(`r${index}`)),
        ...Array.from({ length: notReady }, (_, index) => factsOf(`n${index}`, { state: 'down', reason: 'no-answer', ...more })),
      ],
      at(30),
    );

  it.each([
    [100, 0, 'GO'],
    [98, 2, 'GO'],
    [97, 3, 'AT_RISK'],
    [90, 10, 'AT_RISK'],
    [89, 11, 'NO_GO'],
    // nobody was asked for: nothing is proven
    [0, 0, 'NO_GO'],
  ] as const)('%d ready, %d not: %s', (ready, notReady, verdict) => expect(sites(ready, notReady).verdict).toBe(verdict));

  it('counts a device in a call as ready when it was proven before, and only then', () => {
    expect(sites(90, 10, { state: 'in-use', reason: 'busy', isProven: true }).verdict).toBe('GO');
    expect(sites(90, 10, { state: 'in-use', reason: 'busy', isProven: false }).verdict).toBe('AT_RISK');
  });

  it('is NO_GO without one that must be there, however many are ready', () => {
    const session = sessionOf({ rule: { goRatio: 0.5, noGoRatio: 0.1, mustHave: ['province'] } });
    const others = Array.from({ length: 50 }, (_, index) => factsOf(`r${index}`));
    const readiness = readinessOf(session, [...others, factsOf('province', { state: 'unverified', reason: 'declined' })], at(30));
    expect(readiness).toMatchObject({ verdict: 'NO_GO', missingMustHave: ['province'] });
    expect(readinessOf(session, others, at(30))).toMatchObject({ verdict: 'NO_GO', missingMustHave: ['province'] });
  });

  it('leaves out who may stay away', () => {
    const guest = factsOf('b', { state: 'down', reason: 'no-answer', required: false });
    const readiness = readinessOf(sessionOf(), [factsOf('a'), guest], at(30));
    expect(readiness).toMatchObject({ verdict: 'GO', total: 2, ready: 1, notReady: 1, required: { total: 1, ready: 1 } });
  });

  it('never becomes worse when one more site is ready', () => {
    const rank = { NO_GO: 0, AT_RISK: 1, GO: 2 };
    fc.assert(
      fc.property(factsArbitrary, fc.nat(), (facts, pick) => {
        fc.pre(facts.length > 0);
        const index = pick % facts.length;
        const better = facts.map((one, i) => (i === index ? { ...one, state: 'ready' as const, reason: 'ok' as const } : one));
        const rule = { goRatio: 0.9, noGoRatio: 0.5, mustHave: facts.slice(0, 1).map(({ siteCode }) => siteCode) };
        const verdict = (given: readonly SiteStanding[]) => rank[readinessOf(sessionOf({ rule }), given, at(30)).verdict];
        expect(verdict(better)).toBeGreaterThanOrEqual(verdict(facts));
      }),
    );
  });
});
