import { execFileSync, spawnSync } from 'node:child_process';
import { io } from 'socket.io-client';
import type { Delta, EndpointView, Snapshot } from '../../src/live/feed-events.js';
import { Daemon } from '../fixtures/daemon.js';

/** The built daemon with its lab: the main job, end to end, as `npm run up` shows it. */
describe('daemon with the lab', () => {
  let daemon: Daemon;
  beforeAll(async () => {
    daemon = await Daemon.start();
  }, 120_000);
  afterAll(() => daemon.stop());

  const endpoints = async (): Promise<EndpointView[]> =>
    ((await daemon.json('/api/v1/endpoints')) as { items: EndpointView[] }).items;

  it('shows every site of the example inventory and is ready', async () => {
    expect(await endpoints()).toHaveLength(150);
    await daemon.until('ready', async () => (await daemon.get('/readyz')).status === 200);
  });

  it('finds most sites ready by their four signals and names the injected faults', async () => {
    const named = [
      'no-answer',
      'busy',
      'not-auto-answering',
      'audio-only',
      'one-way-in',
      'one-way-out',
      'poor-quality',
      'silent',
    ];
    await daemon.until('ready sites and named faults', async () => {
      const views = await endpoints();
      const reasons = new Set(views.map((view) => view.reason));
      return views.filter((view) => view.state === 'ready').length > 100 && named.every((reason) => reasons.has(reason as never));
    });
    for (const view of (await endpoints()).filter(({ state }) => state === 'ready')) {
      expect(view.signals).toEqual({ audioOut: 'flowing', audioIn: 'flowing', videoOut: 'flowing', videoIn: 'flowing' });
    }
  }, 180_000);

  it('has the outcomes in Postgres', async () => {
    const ready = (await endpoints()).find((view) => view.state === 'ready');
    const results = (await daemon.json(`/api/v1/endpoints/${ready?.id}/results?probe=sip-call&limit=1`)) as {
      items: { reason: string }[];
    };
    expect(results.items[0]).toMatchObject({ kind: 'sip-call', result: 'pass', reason: 'ok' });
  });

  it('feeds a snapshot, then deltas whose seq rises by one, and heartbeats', async () => {
    const socket = io(`${daemon.url}/live`, { transports: ['websocket'] });
    try {
      const snapshot = await new Promise<Snapshot>((resolve) => socket.once('snapshot', resolve));
      expect(snapshot).toMatchObject({ simulated: true, sessions: [], incidents: expect.any(Array) });
      expect(snapshot.endpoints).toHaveLength(150);
      const seqs: number[] = [];
      const deltas = new Promise<void>((resolve) => {
        socket.on('delta', (delta: Delta) => {
          if (delta.seq > snapshot.seq) seqs.push(delta.seq);
          if (seqs.length === 3) resolve();
        });
      });
      await Promise.all([deltas, new Promise((resolve) => socket.once('heartbeat', resolve))]);
      expect(seqs.slice(0, 3)).toEqual([1, 2, 3].map((step) => snapshot.seq + step));
    } finally {
      socket.disconnect();
    }
  });

  it.each([
    ['http://example.org', 'requests from a foreign origin are refused'],
    ['null', 'requests from a foreign origin are refused'],
  ])('refuses the feed to a page from %s, and says why', async (origin, refusal) => {
    const socket = io(`${daemon.url}/live`, { transports: ['websocket'], extraHeaders: { origin }, reconnection: false });
    try {
      const error = await new Promise<Error>((resolve) => socket.once('connect_error', resolve));
      expect(error.message).toBe(refusal);
    } finally {
      socket.disconnect();
    }
  });

  it('checks an endpoint now and tells the outcome', async () => {
    const target = (await endpoints()).find((view) => view.state === 'ready');
    const { runIds } = (await daemon.json(`/api/v1/endpoints/${target?.id}/checks`, {
      method: 'POST',
      body: { probes: ['sip-options'] },
    })) as {
      runIds: string[];
    };
    expect(runIds).toHaveLength(1);
    await daemon.until('the check to be done', async () => {
      const check = (await daemon.json(`/api/v1/checks/${runIds[0]}`)) as { status: string; outcome?: { reason: string } };
      return check.status === 'done' && check.outcome?.reason === 'ok';
    });
  });

  it.each([
    ['GET', '/api/v1/endpoints/none-1', undefined, 404],
    ['GET', '/api/v1/endpoints?state=broken', undefined, 400],
    ['POST', '/api/v1/endpoints/TW-1/checks', { probes: ['teapot'] }, 400],
    ['GET', '/api/v1/nothing', undefined, 404],
  ])('answers %s %s with a problem document', async (method, path, body, status) => {
    const response = await daemon.get(path, { method, body });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ status, type: 'about:blank' });
  });

  it('describes its API', async () => {
    const document = (await daemon.json('/api/openapi.json')) as { paths: Record<string, unknown> };
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/api/v1/endpoints', '/api/v1/endpoints/{id}/checks', '/api/v1/inventory/import']),
    );
  });

  it('refuses what a proxy forwards and what a foreign page asks', async () => {
    const foreign: Record<string, string>[] = [{ 'X-Forwarded-For': '10.1.2.3' }, { Origin: 'http://example.org' }];
    for (const headers of foreign) {
      expect((await daemon.get('/api/v1/endpoints', { headers })).status).toBe(403);
      expect((await daemon.get('/', { headers })).status).toBe(403);
    }
  });

  const promtool = spawnSync('promtool', ['--version']).status === 0;
  (promtool ? it : it.skip)('exposes metrics that promtool accepts (needs promtool)', async () => {
    const text = await (await daemon.get('/metrics')).text();
    expect(text).toMatch(/^vc_endpoint_ready\{endpoint="[^"]+"\} 1$/m);
    expect(text).toMatch(/^vc_media_flowing\{endpoint="[^"]+",direction="to_endpoint",medium="video"\} 1$/m);
    execFileSync('promtool', ['check', 'metrics'], { input: text, stdio: ['pipe', 'pipe', 'pipe'] });
  });
});
