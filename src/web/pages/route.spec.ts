import { pathOf, readRoute, type Route } from './route.js';

const ROUTES: [string, Route][] = [
  ['/', { page: 'wall' }],
  ['/sessions', { page: 'sessions' }],
  ['/sessions/b7a1', { page: 'session', id: 'b7a1' }],
  ['/sites/PTO%2F01', { page: 'site', code: 'PTO/01' }],
  ['/incidents', { page: 'incidents', id: null }],
  ['/incidents/17', { page: 'incidents', id: '17' }],
  ['/inventory', { page: 'inventory' }],
  ['/system', { page: 'system' }],
];

it.each(ROUTES)('%s is read and written', (path, route) => {
  expect(readRoute(path)).toEqual(route);
  expect(pathOf(route)).toBe(path);
});

it.each(['/sites', '/system/x', '/nothing', '/sessions/a/b'])('%s is no page', (path) => {
  expect(readRoute(path)).toEqual({ page: 'unknown', path });
});

it('takes a stray percent sign for itself', () => {
  expect(readRoute('/sites/50%')).toEqual({ page: 'site', code: '50%' });
});
