import { type StateChange, summarizeChanges } from './state-changes.js';

const minute = 60_000;
const change = (siteCode: string, atMs: number, to: StateChange['to'] = 'down'): StateChange => ({
  atMs,
  siteCode,
  siteName: siteCode,
  from: 'ready',
  to,
  reason: null,
});

describe(summarizeChanges.name, () => {
  it('makes one line of many sites that went the same way in the same minute', () => {
    const lines = summarizeChanges([change('a', 10), change('b', 20), change('c', 30), change('d', 40, 'ready')], minute);
    expect(lines.map((line) => [line.to, line.changes.length])).toEqual([
      ['ready', 1],
      ['down', 3],
    ]);
  });

  it('keeps a line each for few, newest first', () => {
    const lines = summarizeChanges([change('a', 10), change('b', minute + 1)], 2 * minute);
    expect(lines.map((line) => line.changes[0]?.siteCode)).toEqual(['b', 'a']);
  });

  it('forgets what is older than ten minutes', () => {
    expect(summarizeChanges([change('a', 0)], 10 * minute)).toHaveLength(1);
    expect(summarizeChanges([change('a', 0)], 10 * minute + 1)).toEqual([]);
  });
});
