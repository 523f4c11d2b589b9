import { differencesFrom } from './readiness-differences.js';

const picture = (sessionId: string, classes: Record<string, 'ready' | 'notReady' | 'unverified'>) => ({
  sessionId,
  at: '2026-11-16T01:00:00.000Z',
  sites: Object.entries(classes).map(([siteCode, siteClass]) => ({ siteCode, class: siteClass })),
});

describe(differencesFrom.name, () => {
  it('names who was ready last time and is not, the other way round, and who is new', () => {
    const before = picture('last', { a: 'ready', b: 'notReady', c: 'ready', d: 'unverified', gone: 'ready' });
    const now = picture('now', { a: 'notReady', b: 'ready', c: 'ready', d: 'notReady', fresh: 'notReady' });
    expect(differencesFrom(before, now)).toEqual({
      since: { sessionId: 'last', at: '2026-11-16T01:00:00.000Z' },
      worse: [{ siteCode: 'a', was: 'ready', is: 'notReady' }],
      better: [{ siteCode: 'b', was: 'notReady', is: 'ready' }],
      joined: ['fresh'],
      left: ['gone'],
    });
  });
});
