import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { systemScheduler } from '../common/clock.js';
import { systemRandom } from '../common/random.js';
import { CERTIFICATE, PRIVATE_KEY } from '../net/testing/certificates.js';
import { createResponse, serializeSipMessage, type SipRequest } from '../protocols/sip/message.js';
import { SipStreamFramer } from '../protocols/sip/stream-framer.js';
import type { Outcome } from './contract.js';
import { parseProbeOptions, probeOf } from './registry.js';

const PIN = new X509Certificate(CERTIFICATE).fingerprint256;

/** A peer that answers every request with 200 and remembers it. */
class StreamPeer {
  readonly requests: SipRequest[] = [];

  constructor(readonly server: Server) {
    server.on('tlsClientError', () => undefined);
  }

  async listen(): Promise<number> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  serve(socket: Socket): void {
    const framer = new SipStreamFramer();
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      for (const message of framer.push(chunk)) {
        if (!message.ok || message.value.kind !== 'request') continue;
        this.requests.push(message.value);
        socket.write(serializeSipMessage(createResponse(message.value, 200)));
      }
    });
  }
}

const peers: StreamPeer[] = [];
const peerOn = (make: (serve: (socket: Socket) => void) => Server): StreamPeer => {
  const peer: StreamPeer = new StreamPeer(make((socket) => peer.serve(socket)));
  peers.push(peer);
  return peer;
};
const tlsPeer = (): StreamPeer => peerOn((serve) => createTlsServer({ cert: CERTIFICATE, key: PRIVATE_KEY }, serve));
const tcpPeer = (): StreamPeer => peerOn((serve) => createServer(serve));

function ask(target: string, options: object): Promise<Outcome> {
  const parsed = parseProbeOptions('sip-options', options);
  if (!parsed.ok) throw new Error(parsed.error);
  const request = { runId: 'r', endpointId: null, target, vantage: 'v', options: parsed.value };
  return probeOf('sip-options').run(request, {
    scheduler: systemScheduler,
    random: systemRandom,
    media: { open: () => Promise.reject(new Error('none')), close: () => Promise.resolve() },
    icmp: { name: 'none', clock: 'user', burst: () => Promise.reject(new Error('none')), close: () => undefined },
    signal: new AbortController().signal,
    loopLagMs: () => 0,
  });
}

afterEach(() => Promise.all(peers.splice(0).map(({ server }) => new Promise((resolve) => server.close(resolve)))));

describe('the way to an endpoint', () => {
  it.each(['sips:room@127.0.0.1:PORT', 'sip:room@127.0.0.1:PORT;transport=tls'])('over TLS: %s', async (text) => {
    const peer = tlsPeer();
    const target = text.replace('PORT', String(await peer.listen()));
    expect(await ask(target, { certificateSha256: PIN })).toMatchObject({ result: 'pass', detail: { transport: 'TLS' } });
    const [request] = peer.requests;
    expect(request?.headers.get('Via')).toMatch(/^SIP\/2\.0\/TLS 127\.0\.0\.1:\d+;/);
    expect(request?.headers.get('Contact')).toMatch(target.startsWith('sips') ? /^<sips:/ : /;transport=tls>$/);
  });

  it("is not taken for the endpoint's fault where nobody told us its authority", async () => {
    const peer = tlsPeer();
    expect(await ask(`sips:room@127.0.0.1:${await peer.listen()}`, {})).toMatchObject({
      result: 'inconclusive',
      reason: 'unavailable-here',
      detail: { message: expect.stringContaining(PIN) as string },
    });
    expect(peer.requests).toEqual([]);
  });

  it('a port that speaks no TLS is an answer against the protocol', async () => {
    const peer = tcpPeer();
    const port = await peer.listen();
    peer.server.on('connection', (socket: Socket) => socket.write('SIP/2.0 400 Bad Request\r\n\r\n'));
    expect(await ask(`sips:room@127.0.0.1:${port}`, {})).toMatchObject({ result: 'fail', reason: 'protocol-error' });
  });

  it('transport and port of the options hold where the target names none', async () => {
    const peer = tlsPeer();
    const port = await peer.listen();
    const options = { transport: 'tls', port, certificateSha256: PIN };
    expect(await ask('127.0.0.1', options)).toMatchObject({ result: 'pass', detail: { transport: 'TLS', port } });
    expect(peer.requests[0]?.uri).toBe(`sip:127.0.0.1:${port}`);
  });

  it('leads over the outbound proxy, also to a name that only the proxy knows', async () => {
    const proxy = tcpPeer();
    const port = await proxy.listen();
    const options = { outboundProxy: `sip:127.0.0.1:${port};transport=tcp` };
    const outcome = await ask('sip:room@known-to-the-proxy.invalid', options);
    expect(outcome).toMatchObject({ result: 'pass', detail: { address: '127.0.0.1' } });
    expect(proxy.requests[0]?.uri).toBe('sip:room@known-to-the-proxy.invalid');
    expect(proxy.requests[0]?.headers.getAll('Route')).toEqual([`<sip:127.0.0.1:${port};transport=tcp;lr>`]);
  });

  it('a proxy that cannot be found is named', async () => {
    expect(await ask('127.0.0.1', { outboundProxy: 'no-proxy.invalid' })).toMatchObject({
      reason: 'resolve-failed',
      detail: { message: expect.stringContaining('outbound proxy') as string },
    });
  });
});
