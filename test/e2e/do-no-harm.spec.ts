import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Daemon } from '../fixtures/daemon.js';
import { SipRoom } from '../fixtures/sip-room.js';

interface Check {
  status: string;
  outcome?: { result: string; reason: string; detail?: Record<string, unknown> };
}

describe('a daemon that does no harm', () => {
  let folder: string;
  let room: SipRoom;
  let daemon: Daemon;

  const start = (): Promise<Daemon> => Daemon.start({ INVENTORY: join(folder, 'sites.csv'), DATA_DIR: join(folder, 'data') });
  const post = (path: string, body: unknown) => daemon.json(`/api/v1/${path}`, { method: 'POST', body });
  const called = (): number => room.methods.filter((method) => method === 'INVITE').length;
  const check = async (probe: string, override = false): Promise<Check> => {
    const { runIds } = (await post('endpoints/A-1/checks', { probes: [probe], override })) as { runIds: string[] };
    const follow = async (): Promise<Check> => (await daemon.json(`/api/v1/checks/${runIds[0]}`)) as Check;
    await daemon.until('the outcome of a check', async () => (await follow()).status === 'done');
    return follow();
  };

  beforeAll(async () => {
    room = await SipRoom.open(200);
    folder = mkdtempSync(join(tmpdir(), 'global-stop-'));
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'sites.csv'), `site_code,site_name,tier,address,sip_uri\nA,A,commune,127.31.9.3,${room.uri}\n`);
    daemon = await start();
  });
  afterAll(async () => {
    await daemon.stop();
    room.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('stopped, ends a call with BYE, makes no other, and lets light probes go on', async () => {
    await daemon.until('a call', () => Promise.resolve(room.methods.includes('ACK')));
    const stopped = await post('monitor/stop', { by: 'Lan', note: 'giao ban' });
    expect(stopped).toMatchObject({ calls: 'stopped', stop: { level: 'calls', by: 'Lan', note: 'giao ban' } });
    await daemon.until('BYE', () => Promise.resolve(room.methods.includes('BYE')));
    const calls = called();
    expect(await check('sip-call')).toMatchObject({
      outcome: { result: 'inconclusive', reason: 'aborted', detail: { refusedBy: 'global-stop', until: null } },
    });
    expect(await check('sip-options')).toMatchObject({ outcome: { result: 'pass' } });
    expect(called()).toBe(calls);
  });

  it('stays stopped over a restart of everything, until it is lifted', async () => {
    await daemon.stop();
    daemon = await start();
    expect(await daemon.json('/api/v1/monitor')).toMatchObject({ calls: 'stopped', stop: { by: 'Lan' } });
    await daemon.until('the prober', async () => ((await daemon.json('/healthz')) as { prober: string }).prober === 'up');
    const calls = called();
    expect(await check('sip-call')).toMatchObject({ outcome: { detail: { refusedBy: 'global-stop' } } });
    expect(called()).toBe(calls);
    expect(await post('monitor/resume', {})).toMatchObject({ calls: 'running', stop: null });
    await check('sip-call');
    expect(called()).toBeGreaterThan(calls);
  });

  it('is stopped by SIGUSR2', async () => {
    daemon.process.kill('SIGUSR2');
    const isStopped = async (): Promise<boolean> =>
      ((await daemon.json('/api/v1/monitor')) as { calls: string }).calls === 'stopped';
    await daemon.until('the stop', isStopped);
    expect(await daemon.json('/api/v1/monitor')).toMatchObject({ stop: { by: 'SIGUSR2' } });
    await post('monitor/resume', {});
  });

  it('calls nobody whose session is about to begin, whoever asks, until it is cancelled', async () => {
    const at = (inMinutes: number): string => new Date(Date.now() + inMinutes * 60_000).toISOString();
    const session = { title: 'Giao ban', startsAt: at(5), endsAt: at(65) };
    const { id } = (await post('sessions', session)) as { id: string };
    const calls = called();
    const refused = await check('sip-call', true);
    expect(refused).toMatchObject({
      outcome: { result: 'inconclusive', reason: 'aborted', detail: { refusedBy: 'calls-stopped', sessionId: id } },
    });
    // counted from now on by the steady clock, and a millisecond off
    expect(Math.abs(Date.parse(String(refused.outcome?.detail?.until)) - Date.parse(session.endsAt))).toBeLessThan(100);
    expect(await check('sip-options')).toMatchObject({ outcome: { result: 'pass' } });
    expect(called()).toBe(calls);
    await daemon.get(`/api/v1/sessions/${id}`, { method: 'DELETE' });
    await check('sip-call', true);
    expect(called()).toBeGreaterThan(calls);
  });
});
