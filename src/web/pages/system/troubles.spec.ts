import type { SelfReport } from '../../../live/self/self-report.js';
import { troublesOf } from './troubles.js';

const well: SelfReport = {
  ...{ at: '2026-11-23T12:00:00.000Z', version: '1', node: 'v20', vantage: 'province' },
  core: { startedAt: '2026-11-22T00:00:00.000Z', loopLagP99Ms: 1, memoryBytes: 1e8, feedClients: 2 },
  prober: {
    ...{ status: 'up', pid: 7, upSince: '2026-11-22T00:00:00.000Z', restarts: 0 },
    figures: {
      ...{ planRevision: 1, queued: 0, running: 2, startDelayP99Ms: 3, loopLagP99Ms: 1, skippedRounds: 0, icmpEngine: 'kernel' },
    },
  },
  spool: { waiting: 0, sizeBytes: 1e6, dropped: {}, waitingInCore: 0, setAside: 0 },
  database: {
    ...{ up: true, writer: true, lastError: null },
    figures: {
      ...{ latencyMs: 0.4, sizeBytes: 1e9, lastRollupHour: '2026-11-23T11:00:00.000Z' },
      partitions: { count: 4, first: '2026-11-20', last: '2026-11-26' },
    },
  },
  clock: { steps: 0, discipline: { synchronised: true, offsetMs: 0.1, maxErrorMs: 20 } },
  ...{ doubt: null, references: [], notices: { unstored: 0, dropped: 0, receivers: [] }, settings: [] },
};

it('says nothing of a monitor that is well, or of what nobody knows', () => {
  expect(troublesOf(well)).toEqual([]);
  expect(troublesOf({ ...well, clock: { steps: null, discipline: null } })).toEqual([]);
});

it.each<[string, Partial<SelfReport>]>([
  ['prober', { prober: { ...well.prober, status: 'restarting' } }],
  ['database', { database: { ...well.database, up: false, figures: null } }],
  ['writer', { database: { ...well.database, writer: false } }],
  ['doubt', { doubt: { since: well.at, why: 'overload', targets: [] } }],
  ['dropped', { spool: { ...well.spool, dropped: { disk: 1 } } }],
  ['waiting', { spool: { ...well.spool, waiting: 1_001 } }],
  ['setAside', { spool: { ...well.spool, setAside: 1 } }],
  ['coreLag', { core: { ...well.core, loopLagP99Ms: 21 } }],
  ['clock', { clock: { steps: 0, discipline: { synchronised: false, offsetMs: 0, maxErrorMs: 16_000 } } }],
  ['rollup', { at: '2026-11-23T15:00:00.000Z' }],
])('tells of trouble: %s', (name, part) => expect(troublesOf({ ...well, ...part })).toEqual([`system.trouble.${name}`]));

it('waits for the first rollups of a core that has just begun', () =>
  expect(
    troublesOf({ ...well, at: '2026-11-23T15:00:00.000Z', core: { ...well.core, startedAt: '2026-11-23T14:00:00.000Z' } }),
  ).toEqual([]));
