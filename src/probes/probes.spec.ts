import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type Scheduler, systemClock } from '../common/clock.js';
import { systemRandom } from '../common/random.js';
import type { IcmpBurst, IcmpFacts } from '../net/icmp-engine.js';
import { isSupported } from '../net/kernel/libc.js';
import { SipUdpHub } from '../net/sip-udp-hub.js';
import { createResponse, parseSipMessage, serializeSipMessage } from '../protocols/sip/message.js';
import type { Outcome, ProbeContext, ProbeKind } from './contract.js';
import { parseProbeOptions, probeOf } from './registry.js';

/** Timers that do not keep the run alive: a call that was given up keeps its dialog for 32 s, on purpose. */
const scheduler: Scheduler = {
  ...systemClock,
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

const contextOf = (more: Partial<ProbeContext> = {}): ProbeContext => ({
  scheduler,
  random: systemRandom,
  media: { open: () => Promise.reject(new Error('every port is taken')), close: () => Promise.resolve() },
  icmp: { name: 'none', clock: 'user', burst: () => Promise.reject(new Error('not here')), close: () => undefined },
  signal: new AbortController().signal,
  loopLagMs: () => 0.5,
  ...more,
});

function run(kind: ProbeKind, target: string, options: object = {}, more: Partial<ProbeContext> = {}): Promise<Outcome> {
  const parsed = parseProbeOptions(kind, options);
  if (!parsed.ok) throw new Error(parsed.error);
  return probeOf(kind).run({ runId: 'run', endpointId: 'e1', target, vantage: 'v', options: parsed.value }, contextOf(more));
}

async function udpPeer(onMessage?: (bytes: Buffer, port: number, socket: Socket) => void): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.on('message', (bytes, from) => onMessage?.(bytes, from.port, socket));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

async function closedPort(): Promise<number> {
  const socket = await udpPeer();
  const { port } = socket.address();
  socket.close();
  return port;
}

describe('every probe', () => {
  it.each<[ProbeKind]>([['icmp'], ['tcp'], ['sip-options'], ['sip-call']])(
    '%s should call a name without address resolve-failed',
    async (kind) => {
      expect(await run(kind, 'no-such-room.invalid')).toMatchObject({
        runId: 'run',
        endpointId: 'e1',
        kind,
        vantage: 'v',
        target: 'no-such-room.invalid',
        result: 'fail',
        reason: 'resolve-failed',
        selfLagMs: 0.5,
      });
    },
  );

  it.each<[ProbeKind]>([['icmp'], ['tcp'], ['sip-options'], ['sip-call']])('%s should send nothing to a crowd', async (kind) => {
    expect(await run(kind, '224.0.0.1')).toMatchObject({ result: 'inconclusive', reason: 'target-not-allowed' });
  });

  it.each<[ProbeKind]>([['icmp'], ['tcp'], ['sip-options'], ['sip-call']])(
    '%s should hold a target that it cannot read against nobody',
    async (kind) => {
      expect(await run(kind, 'two words')).toMatchObject({ result: 'inconclusive', reason: 'unavailable-here' });
    },
  );
});

describe('icmp', () => {
  it('should hand its options to the engine and publish what that saw', async () => {
    const asked: IcmpBurst[] = [];
    const facts: IcmpFacts = { sent: 3, rttMs: [1, 2, 3], ttl: 61, clock: 'kernel' };
    const icmp = {
      name: 'fixed',
      clock: 'kernel' as const,
      close: () => undefined,
      burst: (burst: IcmpBurst) => Promise.resolve((asked.push(burst), facts)),
    };
    const outcome = await run('icmp', '127.0.0.1', { count: 3, timeoutS: 1.5 }, { icmp });
    expect(asked).toMatchObject([{ address: '127.0.0.1', count: 3, spacingMs: 200, timeoutMs: 1500, payloadBytes: 56 }]);
    expect(outcome).toMatchObject({
      result: 'pass',
      rttMs: 2,
      clock: 'kernel',
      measures: { sent: 3, received: 3, lossRatio: 0 },
      detail: { engine: 'fixed', ttl: 61 },
    });
  });
});

describe('tcp', () => {
  it('should tell a listening port from a closed one', async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await run('tcp', '127.0.0.1', { port })).toMatchObject({ result: 'pass', detail: { port } });
    await new Promise((resolve) => server.close(resolve));
    expect(await run('tcp', `127.0.0.1:${port}`)).toMatchObject({ result: 'fail', reason: 'refused', detail: { port } });
  });
});

/** answers every request with 200 */
const answerer = (): Promise<Socket> =>
  udpPeer((bytes, port, socket) => {
    const request = parseSipMessage(bytes);
    if (!request.ok || request.value.kind !== 'request') return;
    socket.send(serializeSipMessage(createResponse(request.value, 200, 'OK', { toTag: 't' })), port, '127.0.0.1');
  });

/** The same over the machine's kernel-stamped socket, where it has one, and over one of Node's. */
describe.each([
  ['kernel' as const, isSupported ? it : it.skip],
  ['user' as const, it],
])('sip-options on a socket of clock %s', (clock, itHere) => {
  const withHub = async (check: (more: Partial<ProbeContext>) => Promise<void>): Promise<void> => {
    const sipHub = clock === 'kernel' ? SipUdpHub.whereSupported() : undefined;
    await check({ sipHub });
    sipHub?.close();
  };

  itHere('should tell the round trip, and who took it', () =>
    withHub(async (more) => {
      const peer = await answerer();
      const outcome = await run('sip-options', `127.0.0.1:${peer.address().port}`, {}, more);
      peer.close();
      expect(outcome).toMatchObject({ result: 'pass', clock, detail: { status: 200, sends: 1, transport: 'UDP' } });
      expect(outcome.rttMs).toBeGreaterThan(0);
      expect(outcome.rttMs).toBeLessThanOrEqual(outcome.durationMs);
    }),
  );

  itHere('should hold a closed port against the target alone', () =>
    withHub(async (more) => {
      const peer = await answerer();
      const targets = [`127.0.0.1:${await closedPort()}`, `127.0.0.1:${peer.address().port}`];
      const outcomes = await Promise.all(targets.map((target) => run('sip-options', target, {}, more)));
      peer.close();
      expect(outcomes.map(({ reason }) => reason)).toEqual(['refused', 'ok']);
      expect(outcomes[0]).not.toHaveProperty('clock', expect.any(String));
    }),
  );
});

it('sip-options should ask everybody from one port where there is a hub', async () => {
  const sipHub = SipUdpHub.whereSupported();
  const ports = new Set<number>();
  const peers = await Promise.all([1, 2, 3].map(() => udpPeer((_bytes, port) => ports.add(port))));
  const asked = peers.map((peer) => run('sip-options', `127.0.0.1:${peer.address().port}`, { timeoutS: 0.2 }, { sipHub }));
  expect((await Promise.all(asked)).map(({ reason }) => reason)).toEqual(['no-answer', 'no-answer', 'no-answer']);
  for (const peer of peers) peer.close();
  sipHub?.close();
  expect(ports.size).toBe(isSupported ? 1 : 3);
});

describe('sip-options', () => {
  it('should ask again when the first request is lost', async () => {
    let copies = 0;
    const peer = await udpPeer((bytes, port, socket) => {
      const request = parseSipMessage(bytes);
      if (++copies < 2 || !request.ok || request.value.kind !== 'request') return;
      socket.send(serializeSipMessage(createResponse(request.value, 486, 'Busy Here', { toTag: 't' })), port, '127.0.0.1');
    });
    const outcome = await run('sip-options', `127.0.0.1:${peer.address().port}`);
    peer.close();
    expect(outcome).toMatchObject({ result: 'pass', reason: 'ok', detail: { status: 486, sends: 2, note: 'alive; busy' } });
    expect(outcome).not.toHaveProperty('rttMs', expect.any(Number));
  });

  it('should tell a closed port from one that swallows everything, and keep what was said', async () => {
    expect(await run('sip-options', `127.0.0.1:${await closedPort()}`)).toMatchObject({ result: 'fail', reason: 'refused' });
    const peer = await udpPeer();
    const outcome = await run('sip-options', `127.0.0.1:${peer.address().port}`, { timeoutS: 0.2 });
    peer.close();
    expect(outcome).toMatchObject({ result: 'fail', reason: 'no-answer', detail: { sends: 1 } });
    expect(outcome.evidence?.ladder).toMatchObject([
      { direction: 'sent', summary: expect.stringContaining('OPTIONS') as string },
    ]);
  });

  it('should stop when it is told to', async () => {
    const peer = await udpPeer();
    const stop = new AbortController();
    const running = run('sip-options', `127.0.0.1:${peer.address().port}`, {}, { signal: stop.signal });
    await once(peer, 'message');
    stop.abort();
    expect(await running).toMatchObject({ result: 'inconclusive', reason: 'aborted' });
    peer.close();
  });
});

describe('sip-call', () => {
  it('should not ring anybody when it has no media ports or no password', async () => {
    let heard = 0;
    const peer = await udpPeer(() => heard++);
    const target = `127.0.0.1:${peer.address().port}`;
    expect(await run('sip-call', target)).toMatchObject({
      result: 'inconclusive',
      reason: 'unavailable-here',
      detail: { message: expect.stringContaining('every port is taken') as string },
    });
    expect(await run('sip-call', target, { user: 'u', passwordFile: '/nowhere' })).toMatchObject({
      result: 'inconclusive',
      reason: 'unavailable-here',
    });
    const stopped = AbortSignal.abort();
    expect(await run('sip-call', target, {}, { signal: stopped })).toMatchObject({ result: 'inconclusive', reason: 'aborted' });
    peer.close();
    expect(heard).toBe(0);
  });
});
