import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { ManualScheduler } from '../common/manual-scheduler.js';
import { isSupported } from './kernel/libc.js';
import type { OpenSipTransport, SipPath } from './sip-transport.js';
import { SipUdpHub } from './sip-udp-hub.js';

const RESPONSE = [
  'SIP/2.0 200 OK',
  'Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1',
  'Call-ID: a',
  'CSeq: 1 OPTIONS',
  'From: <sip:a@b>;tag=1',
];
const response = (name: string): Buffer =>
  Buffer.from([...RESPONSE, `To: <sip:${name}@b>;tag=2`, 'Content-Length: 0', '', ''].join('\r\n'));

const endOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

(isSupported ? describe : describe.skip)(`${SipUdpHub.name} (needs 64-bit Linux)`, () => {
  let hub: SipUdpHub;
  const servers: Socket[] = [];
  beforeEach(() => (hub = new SipUdpHub()));
  afterEach(async () => {
    hub.close();
    await Promise.all(servers.splice(0).map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  });

  /** answers everything with its own address as the user part */
  const serverAt = async (address: string): Promise<number> => {
    const server = createSocket('udp4').bind(0, address);
    servers.push(server);
    await once(server, 'listening');
    server.on('message', (_bytes, from) => server.send(response(address), from.port, from.address));
    return server.address().port;
  };
  const open = async (address: string, port: number, on: Partial<SipPath>): Promise<OpenSipTransport> => {
    const path = await hub.open({
      address,
      port,
      timeoutMs: 1000,
      onMessage: () => undefined,
      onFailure: () => undefined,
      ...on,
    });
    if (!path.ok) throw new Error(path.error);
    return path.value;
  };

  it('leads answers to the path of the address that was asked, all over one socket', async () => {
    const addresses = ['127.31.0.1', '127.31.0.2', '127.31.0.3'];
    const ports = await Promise.all(addresses.map(serverAt));
    const localPorts = new Set<number>();
    const answers = addresses.map(
      (address, i) =>
        new Promise<{ to: string | undefined; arrivalMs: number | undefined }>((resolve) => {
          void open(address, ports[i] as number, {
            onMessage: (message, arrivalMs) => resolve({ to: message.headers.get('To'), arrivalMs }),
          }).then((path) => {
            localPorts.add(path.localPort);
            path.send(Buffer.from('OPTIONS sip:x SIP/2.0\r\n\r\n'));
          });
        }),
    );
    const seen = await Promise.all(answers);
    expect(seen.map(({ to }) => to)).toEqual(addresses.map((address) => `<sip:${address}@b>;tag=2`));
    for (const { arrivalMs } of seen) expect(arrivalMs).toBeLessThanOrEqual(performance.now());
    expect(localPorts.size).toBe(1);
  });

  it('hears a device that answers from another port of its own, and no other path of that address does', async () => {
    const [asked, other] = [createSocket('udp4').bind(0, '127.31.0.7'), createSocket('udp4').bind(0, '127.31.0.7')];
    servers.push(asked, other);
    await Promise.all([once(asked, 'listening'), once(other, 'listening')]);
    asked.on('message', (_bytes, from) => other.send(response('other port'), from.port, from.address));
    const heard: string[] = [];
    const bystander = await open('127.31.0.7', 5060, { onMessage: () => heard.push('bystander') });
    bystander.send(Buffer.from('OPTIONS sip:x SIP/2.0\r\nCall-ID: another\r\n\r\n'));
    const path = await new Promise<OpenSipTransport>((resolve) => {
      const opening = open('127.31.0.7', asked.address().port, { onMessage: () => void opening.then(resolve) });
      void opening.then((opened) => opened.send(Buffer.from('OPTIONS sip:x SIP/2.0\r\nCall-ID: a\r\n\r\n')));
    });
    expect(path.answeredFromPort).toBe(other.address().port);
    expect(bystander.answeredFromPort).toBeUndefined();
    expect(heard).toEqual([]);
  });

  it('tells the path whose port is closed, and nobody else', async () => {
    const living = await serverAt('127.31.0.4');
    const closed = createSocket('udp4').bind(0, '127.31.0.5');
    await once(closed, 'listening');
    const { port } = closed.address();
    closed.close();
    const others: string[] = [];
    const bystander = await open('127.31.0.4', living, { onFailure: (failure) => others.push(failure) });
    const failure = await new Promise((resolve) => {
      void open('127.31.0.5', port, { onFailure: resolve }).then((path) => path.send(Buffer.from('OPTIONS\r\n\r\n')));
    });
    bystander.send(Buffer.from('OPTIONS\r\n\r\n'));
    expect(failure).toBe('refused');
    expect(others).toEqual([]);
  });

  it('tells a send that the kernel refuses afterwards, not while sending, and not to a path that is closed', async () => {
    const failures: string[] = [];
    // broadcast without SO_BROADCAST: EACCES at once
    const path = await open('127.255.255.255', 5060, { source: '127.0.0.1', onFailure: (failure) => failures.push(failure) });
    path.send(Buffer.from('OPTIONS'));
    expect(failures).toEqual([]);
    await endOfTurn();
    expect(failures).toEqual(['closed']);
    path.send(Buffer.from('OPTIONS'));
    path.close();
    await endOfTurn();
    expect(failures).toEqual(['closed']);
  });

  it('sends the others of a turn although the kernel refuses one of them', async () => {
    const addresses = Array.from({ length: 150 }, (_, i) => `127.31.1.${i + 1}`);
    const server = createSocket('udp4').bind(0, '0.0.0.0');
    servers.push(server);
    await once(server, 'listening');
    const heard = new Set<string>();
    const all = new Promise<void>((resolve) => {
      server.on('message', (bytes) => void (heard.add(bytes.toString()).size === addresses.length && resolve()));
    });
    const failed = new Promise((resolve) => {
      void open('127.255.255.255', 5060, { source: '127.0.0.1', onFailure: resolve }).then((path) => path.send(Buffer.from('x')));
    });
    const paths = await Promise.all(addresses.map((address) => open(address, server.address().port, { source: '127.0.0.1' })));
    paths.forEach((path, i) => path.send(Buffer.from(addresses[i] as string)));
    await all;
    expect(await failed).toBe('closed');
    expect([...heard].sort()).toEqual([...addresses].sort());
    for (const path of paths) expect(path.leftMs).toBeLessThanOrEqual(performance.now());
  });

  it('knows a peer by its address, however that was spelled', async () => {
    const server = createSocket('udp6').bind(0, '::1');
    servers.push(server);
    await once(server, 'listening');
    server.on('message', (_bytes, from) => server.send(response('v6'), from.port, from.address));
    const heard = new Promise((resolve) => {
      void open('0:0::0:1', server.address().port, { onMessage: resolve }).then((path) =>
        path.send(Buffer.from('OPTIONS\r\n\r\n')),
      );
    });
    expect(await heard).toMatchObject({ status: 200 });
  });

  it('opens no more paths a second than it may, and none that is no longer wanted', async () => {
    const scheduler = new ManualScheduler();
    hub = new SipUdpHub({ maxPerSecond: 1_000, scheduler });
    const stop = new AbortController();
    let opened = 0;
    const paths = Array.from({ length: 10 }, () =>
      open('127.0.0.1', 5060, { signal: stop.signal }).then(
        () => opened++,
        (error: unknown) => error,
      ),
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(opened).toBe(2);
    scheduler.advance(3);
    await new Promise((resolve) => setImmediate(resolve));
    expect(opened).toBe(5);
    stop.abort();
    scheduler.advance(100);
    expect((await Promise.all(paths)).slice(5)).toEqual(Array(5).fill(new Error('aborted')));
  });

  it('counts and drops what strangers send', async () => {
    const port = await serverAt('127.31.0.6');
    const path = await open('127.31.0.6', port, { onMessage: () => undefined });
    const stranger = createSocket('udp4');
    servers.push(stranger);
    stranger.send(response('stranger'), path.localPort, '127.0.0.1');
    while (hub.unknownSource === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(hub.unknownSource).toBe(1);
  });
});
