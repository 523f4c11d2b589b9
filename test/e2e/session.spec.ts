import type { SiteReadiness } from '../../src/sessions/readiness.js';
import type { CheckpointView, ReadinessView } from '../../src/sessions/readiness-view.js';
import type { SessionView } from '../../src/sessions/session-view.js';
import type { Snapshot } from '../../src/sessions/snapshots.service.js';
import { Daemon } from '../fixtures/daemon.js';

/** no call begins that might outlast the stop 5 s before the start: 52 s earlier than that, by its options */
const START_IN_MS = 90_000;
/** of config/lab-faults.yml: who is wrong, and what an operator is to be told */
const FAULTY = {
  '08545': { class: 'notReady', reason: 'no-answer', by: 'phone' },
  '05329': { class: 'notReady', reason: 'refused', by: 'phone' },
  '05191': { class: 'unverified', reason: 'not-auto-answering', by: 'phone' },
  '08236': { class: 'inUse', reason: 'busy', by: 'phone' },
} as const;
const SITES = ['TW', 'PT-TINH', ...Object.keys(FAULTY)];

/** A session on the built daemon with its lab, in real time: it tests itself, names who is not ready, and is frozen at its start. */
describe('a session with the lab', () => {
  let daemon: Daemon;
  let session: SessionView;
  beforeAll(async () => {
    daemon = await Daemon.start();
    await daemon.until('the prober', async () => (await daemon.get('/readyz')).status === 200);
    const body = {
      title: 'Thử trước phiên họp',
      startsAt: new Date(Date.now() + START_IN_MS).toISOString(),
      endsAt: new Date(Date.now() + START_IN_MS + 600_000).toISOString(),
      participants: { sites: SITES },
      checkpoints: ['PT80S', 'PT10S'],
      callsStopBefore: 'PT5S',
      rule: { goRatio: 1, noGoRatio: 0.2 },
      rehearsal: true,
    };
    session = (await daemon.json('/api/v1/sessions', { method: 'POST', body })) as SessionView;
  }, 180_000);
  afterAll(() => daemon.stop());

  const readiness = async (): Promise<ReadinessView> =>
    (await daemon.json(`/api/v1/sessions/${session.id}/readiness`)) as ReadinessView;
  const checkpoints = async (): Promise<CheckpointView[]> =>
    ((await daemon.json(`/api/v1/sessions/${session.id}/checkpoints`)) as { items: CheckpointView[] }).items;

  it('plans its checkpoints: calls in the one before they stop, and when each will be done', async () => {
    const planned = await checkpoints();
    expect(planned.map(({ checkpoint, suite }) => [checkpoint, suite])).toEqual([
      ['PT80S', 'full'],
      ['PT10S', 'light'],
    ]);
    for (const { plannedAt, predictedFinish } of planned) {
      expect(Date.parse(predictedFinish ?? '')).toBeGreaterThan(Date.parse(plannedAt) - START_IN_MS);
    }
    const { total, sites, predictedFinish } = await readiness();
    expect([total, sites.map(({ siteCode }) => siteCode).sort()]).toEqual([SITES.length, [...SITES].sort()]);
    expect(predictedFinish).toEqual(expect.any(String));
  });

  it('runs them by itself, all probes of all its sites', async () => {
    await daemon.until('the first checkpoint', async () => (await checkpoints())[0]?.state === 'done', 110_000);
    const [first] = await checkpoints();
    // each of the six is pinged, connected to, asked and called
    expect(first).toMatchObject({ state: 'done', late: false, total: 24, done: 24, verdict: 'AT_RISK' });
    expect(first?.counts).toMatchObject({ total: 6, ready: 2, notReady: 2, unverified: 1, inUse: 1 });
  }, 120_000);

  it('names the faulty sites with the reason in words and whom to phone, first who can be helped', async () => {
    const { sites, verdict } = await readiness();
    expect(verdict).toBe('AT_RISK');
    for (const [siteCode, { by, ...expected }] of Object.entries(FAULTY)) {
      const site = sites.find((one) => one.siteCode === siteCode);
      expect(site).toMatchObject({ ...expected, repair: { by } });
      expect(site?.contact.phone).toMatch(/^0900/);
      expect([site?.sentence.vi, site?.sentence.en]).not.toContain('');
      expect(site?.since).toEqual(expect.any(String));
    }
    expect(sites.slice(-2).map((site: SiteReadiness) => site.class)).toEqual(['ready', 'ready']);
  });

  it('tests all red ones again with one call, without calls once they have stopped', async () => {
    const path = `/api/v1/sessions/${session.id}/retest`;
    const again = (await daemon.json(path, { method: 'POST', body: { red: true } })) as { sites: string[]; runIds: string[] };
    expect(again.sites.sort()).toEqual(['05191', '05329', '08545']);
    expect(again.runIds.length).toBeGreaterThanOrEqual(9);
    await daemon.until('the last of them', async () => {
      const checks = await Promise.all(again.runIds.map((runId) => daemon.json(`/api/v1/checks/${runId}`)));
      return checks.every((check) => (check as { status: string }).status === 'done');
    });
    expect((await daemon.get(path, { method: 'POST', body: { sites: ['04792'] } })).status).toBe(422);
    expect((await daemon.get(path, { method: 'POST', body: {} })).status).toBe(400);
  });

  it('is frozen at its start, with a picture that proves itself', async () => {
    const path = `/api/v1/sessions/${session.id}/snapshot`;
    await daemon.until('the picture', async () => (await daemon.get(path)).status === 200);
    const snapshot = (await daemon.json(path)) as Snapshot & { picture: { readiness: ReadinessView } };
    expect(snapshot.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(Date.parse(snapshot.takenAt)).toBeGreaterThanOrEqual(Date.parse(session.startsAt));
    expect(snapshot.picture.readiness).toMatchObject({ sessionId: session.id, verdict: 'AT_RISK', total: 6 });
    expect((await checkpoints()).map(({ state }) => state)).toEqual(['done', 'done']);
    expect(await daemon.json(path)).toEqual(snapshot);
  }, 180_000);
});
