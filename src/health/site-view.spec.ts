import type { EndpointView } from './endpoint-view.js';
import { rollUp, sitesOf } from './site-view.js';

const device = (ordinal: number, state: EndpointView['state'], since: string | null = null, siteCode = '04792'): EndpointView =>
  ({ id: `${siteCode}-${ordinal}`, siteCode, ordinal, state, reason: null, since, carrier: 'VNPT' }) as EndpointView;

describe(rollUp.name, () => {
  it.each([
    ['main and backup ready: the main one', ['ready', 'ready'], 'ready', '04792-1', false],
    ['the backup stands in', ['down', 'ready'], 'ready', '04792-2', true],
    ['a call goes on in the main one', ['in-use', 'down'], 'in-use', null, false],
    ['both down: the main one is to be mended', ['down', 'down'], 'down', null, false],
    ['planned work on the main one does not excuse a backup that is down', ['maintenance', 'down'], 'down', null, true],
    ['planned work on both', ['maintenance', 'maintenance'], 'maintenance', null, false],
    ['the worst is not what counts', ['degraded', 'unverified'], 'degraded', null, false],
  ] as const)('%s', (_, [main, backup], state, readyEndpointId, usesBackup) => {
    expect(rollUp([device(2, backup), device(1, main)])).toMatchObject({
      state,
      readyEndpointId,
      usesBackup,
      endpoints: ['04792-1', '04792-2'],
    });
  });

  it('has been not ready since the last of its devices went, and ready since the one that is', () => {
    const [early, late] = ['2026-11-23T00:00:00.000Z', '2026-11-23T00:10:00.000Z'];
    expect(rollUp([device(1, 'down', early), device(2, 'down', late)]).since).toBe(late);
    expect(rollUp([device(1, 'ready', early), device(2, 'down', late)]).since).toBe(early);
  });
});

describe(sitesOf.name, () => {
  it('gathers the devices of a site wherever they stand', () => {
    const views = [device(1, 'ready'), device(1, 'down', null, '05128'), device(2, 'ready')];
    expect(sitesOf(views).map(({ siteCode, endpoints }) => [siteCode, endpoints])).toEqual([
      ['04792', ['04792-1', '04792-2']],
      ['05128', ['05128-1']],
    ]);
  });
});
