import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type PeerCertificate, type TlsOptions } from 'node:tls';
import { createHash, X509Certificate } from 'node:crypto';
import { AUTHORITY, CERTIFICATE, EXPIRED_CERTIFICATE, PRIVATE_KEY } from './testing/certificates.js';
import { connectTls, type TlsFailure } from './tls-connect.js';
import { checkSipIdentity, type TlsTrust } from './tls-trust.js';

const PIN = new X509Certificate(CERTIFICATE).fingerprint256;
const OTHER_PIN = createHash('sha256').update('another').digest('hex');

describe(connectTls, () => {
  let directory: string;
  let caFile: string;
  const servers: Server[] = [];
  const sockets: Socket[] = [];

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'tls-'));
    caFile = join(directory, 'ca.pem');
    writeFileSync(caFile, AUTHORITY);
    writeFileSync(join(directory, 'rubbish.pem'), 'no certificate');
  });
  afterAll(() => rmSync(directory, { recursive: true }));
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  });

  async function listening(server: Server): Promise<number> {
    servers.push(server);
    server.on('connection', (socket) => sockets.push(socket.on('error', () => undefined)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }
  const tlsPeer = (options: TlsOptions = {}): Promise<number> => {
    const server = createTlsServer({ cert: CERTIFICATE, key: PRIVATE_KEY, ...options });
    server.on('tlsClientError', () => undefined);
    return listening(server);
  };
  /** what a handshake with the port comes to: 'connected', or why not */
  const outcomeOf = async (port: number, trust: Partial<TlsTrust>, timeoutMs = 5000): Promise<TlsFailure | 'connected'> => {
    const connected = await connectTls({ address: '127.0.0.1', port, timeoutMs }, { host: '127.0.0.1', ...trust });
    if (!connected.ok) return connected.error;
    connected.value.destroy();
    return 'connected';
  };

  it.each<[string, () => Partial<TlsTrust>]>([
    ['an authority of ours, by address', () => ({ caFile })],
    ['an authority of ours, by name', () => ({ caFile, host: 'room.example' })],
    ['an authority of ours, by SIP domain (RFC 5922)', () => ({ caFile, host: 'Province.example' })],
    ['a pin, under any name', () => ({ certificateSha256: PIN, host: 'elsewhere.example' })],
    ['a pin written otherwise', () => ({ certificateSha256: PIN.replaceAll(':', '').toLowerCase() })],
  ])('believes %s', async (_why, trust) => {
    expect(await outcomeOf(await tlsPeer(), trust())).toBe('connected');
  });

  it.each<[string, TlsFailure['failure'], RegExp, () => Partial<TlsTrust>, TlsOptions]>([
    [
      'an authority that nobody told us of',
      'untrusted',
      new RegExp(`caFile, or pin it: certificateSha256 ${PIN}`),
      () => ({}),
      {},
    ],
    ['another certificate than the pinned one', 'tls', /not the pinned/, () => ({ caFile, certificateSha256: OTHER_PIN }), {}],
    ['another name', 'tls', /for another name/, () => ({ caFile, host: 'other.example' }), {}],
    ['an expired one', 'tls', /has expired/, () => ({ caFile }), { cert: EXPIRED_CERTIFICATE }],
    [
      'a TLS that is too old',
      'tls',
      /TLS 1\.2/,
      () => ({ caFile }),
      { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' },
    ],
    [
      'an authority file that holds none',
      'untrusted',
      /caFile cannot be used/,
      () => ({ caFile: join(directory, 'rubbish.pem') }),
      {},
    ],
    [
      'an authority file that is not there',
      'untrusted',
      /caFile cannot be used/,
      () => ({ caFile: join(directory, 'none') }),
      {},
    ],
  ])('refuses %s, and says what to do', async (_what, failure, message, trust, options) => {
    expect(await outcomeOf(await tlsPeer(options), trust())).toEqual({ failure, message: expect.stringMatching(message) });
  });

  it('sends names alone as SNI', async () => {
    const asked: (string | false | undefined)[] = [];
    const server = createTlsServer({ cert: CERTIFICATE, key: PRIVATE_KEY }, (socket) =>
      asked.push((socket as { servername?: string | false }).servername),
    );
    const port = await listening(server);
    for (const host of ['127.0.0.1', 'room.example']) {
      const connected = await connectTls({ address: '127.0.0.1', port, timeoutMs: 5000 }, { host, caFile });
      if (connected.ok) sockets.push(connected.value);
      while (asked.length < sockets.length / 2) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(asked).toEqual([false, 'room.example']);
  });

  it.each<[string, (socket: Socket) => void, TlsFailure['failure'], RegExp]>([
    ['closes at once', (socket) => socket.end(), 'tls', /closed the connection/],
    ['resets', (socket) => socket.once('data', () => socket.resetAndDestroy()), 'tls', /closed the connection/],
    ['speaks plain SIP', (socket) => socket.write('SIP/2.0 400 Bad Request\r\n\r\n'), 'tls', /does not speak TLS/],
    ['says nothing', () => undefined, 'timeout', /never answered/],
  ])('names a port that %s', async (_what, onConnection, failure, message) => {
    const port = await listening(createServer(onConnection));
    expect(await outcomeOf(port, { caFile }, 300)).toEqual({ failure, message: expect.stringMatching(message) });
  });

  it('names a closed port, and stops when told to', async () => {
    const port = await listening(createServer());
    servers.pop()?.close();
    expect(await outcomeOf(port, { caFile })).toMatchObject({ failure: 'refused' });
    const silent = await listening(createServer());
    const stop = new AbortController();
    servers[0]?.once('connection', () => stop.abort());
    const target = { address: '127.0.0.1', port: silent, timeoutMs: 60_000, signal: stop.signal };
    expect(await connectTls(target, { host: '127.0.0.1', caFile })).toMatchObject({ error: { failure: 'aborted' } });
  });
});

describe(checkSipIdentity, () => {
  it('is not led by a name that holds the separator', () => {
    const certificate = { subject: { CN: 'x' }, subjectaltname: 'URI:"sip:a, URI:sip:room.example, b"' } as PeerCertificate;
    expect(checkSipIdentity('room.example', certificate)).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });
});
