import type { SiteReadiness } from './api-types.js';
import { notReady, stepFrom, stillChosen, toggled } from './worklist-rows.js';

const row = (siteCode: string, part: Partial<SiteReadiness> = {}): SiteReadiness =>
  ({ siteCode, class: 'notReady', isProven: false, ...part }) as SiteReadiness;
const ROWS = [row('A'), row('B'), row('C')];

it('leaves out who is ready, also in a call after having been proven', () => {
  const sites = [row('A', { class: 'ready' }), row('B', { class: 'inUse', isProven: true }), row('C', { class: 'inUse' })];
  expect(notReady(sites).map(({ siteCode }) => siteCode)).toEqual(['C']);
});

it('walks from row to row and stops at both ends', () => {
  expect([stepFrom(ROWS, 'A', 1), stepFrom(ROWS, 'A', -1), stepFrom(ROWS, 'C', 1)]).toEqual(['B', 'A', 'C']);
  expect([stepFrom(ROWS, null, 0), stepFrom([], 'A', 1)]).toEqual(['A', null]);
});

it('goes on where a row was that has become ready', () => {
  const left = [row('A'), row('C')];
  expect([stepFrom(left, 'B', 0, 1), stepFrom([row('A')], 'C', 0, 2)]).toEqual(['C', 'A']);
});

it('tests what is ticked and still not ready, and disturbs no meeting', () => {
  const chosen = toggled(toggled(toggled(new Set(), 'A'), 'B'), 'X');
  expect(stillChosen(chosen, [row('A'), row('B', { class: 'inUse' })])).toEqual(['A']);
  expect(stillChosen(toggled(chosen, 'A'), [row('A')])).toEqual([]);
});
