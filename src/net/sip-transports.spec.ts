import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { SipMessage } from '../protocols/sip/message.js';
import type { TransportFailure } from '../protocols/sip/transport.js';
import { openSipTcp } from './sip-tcp-transport.js';
import type { OpenedSipTransport, OpenSipTransport, SipPath } from './sip-transport.js';
import { isSupported } from './kernel/libc.js';
import { openDgramSipUdp } from './sip-udp-dgram.js';
import { openSipUdp } from './sip-udp-transport.js';

const RINGING = [
  'SIP/2.0 180 Ringing',
  'Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK1',
  'From: <sip:a@127.0.0.1>;tag=1',
  'To: <sip:b@127.0.0.1>;tag=2',
  'Call-ID: 1',
  'CSeq: 1 INVITE',
  'Content-Length: 0',
  '',
  '',
].join('\r\n');

/** Collects what a transport says and lets a test wait for the next of it. */
class Ear {
  readonly messages: SipMessage[] = [];
  readonly failures: TransportFailure[] = [];
  private wake: () => void = () => undefined;

  path(port: number, extra: Partial<SipPath> = {}): SipPath {
    return {
      address: '127.0.0.1',
      port,
      timeoutMs: 5000,
      onMessage: (message) => this.heard(() => this.messages.push(message)),
      onFailure: (failure) => this.heard(() => this.failures.push(failure)),
      ...extra,
    };
  }

  next(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }

  private heard(note: () => void): void {
    note();
    this.wake();
  }
}

const opened = (result: OpenedSipTransport): OpenSipTransport => {
  if (!result.ok) throw new Error(result.error);
  return result.value;
};

async function udpPeer(): Promise<UdpSocket> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

describe.each([
  ['openSipUdp', openSipUdp],
  ['openDgramSipUdp', openDgramSipUdp],
])('%s', (_name, openSipUdp) => {
  it('should carry a message there and back, and tell rubbish and keep-alives from messages', async () => {
    const peer = await udpPeer();
    const ear = new Ear();
    const transport = opened(await openSipUdp(ear.path(peer.address().port)));
    transport.send(Buffer.from('OPTIONS sip:b@127.0.0.1 SIP/2.0\r\n\r\n'));
    const [bytes, from] = (await once(peer, 'message')) as [Buffer, { port: number; address: string }];
    expect(bytes.toString()).toContain('OPTIONS');
    expect(from).toMatchObject({ address: transport.localAddress, port: transport.localPort });

    for (const text of ['\r\n\r\n', 'rubbish', RINGING]) peer.send(text, from.port, from.address);
    await ear.next();
    expect(ear.messages).toMatchObject([{ kind: 'response', status: 180 }]);
    expect(transport.malformed).toBe(1);
    transport.close();
    transport.close();
    peer.close();
  });

  it('should not hear another address than that of its peer', async () => {
    const peer = await udpPeer();
    const stranger = createSocket('udp4').bind(0, '127.31.0.9');
    await once(stranger, 'listening');
    const ear = new Ear();
    const transport = opened(await openSipUdp(ear.path(peer.address().port)));
    await new Promise((resolve) => stranger.send(RINGING, transport.localPort, '127.0.0.1', resolve));
    peer.send(RINGING.replace('180 Ringing', '200 OK'), transport.localPort, '127.0.0.1');
    await ear.next();
    expect(ear.messages).toMatchObject([{ status: 200 }]);
    for (const socket of [transport, peer, stranger]) socket.close();
  });

  it('should report a closed port, which only the kernel can tell', async () => {
    const peer = await udpPeer();
    const { port } = peer.address();
    peer.close();
    const ear = new Ear();
    const transport = opened(await openSipUdp(ear.path(port)));
    transport.send(Buffer.from('OPTIONS'));
    await ear.next();
    expect(ear.failures).toEqual(['refused']);
    transport.close();
  });

  it('should take another local port where the one it wants is taken', async () => {
    const peer = await udpPeer();
    const { port } = peer.address();
    const transport = opened(await openSipUdp(new Ear().path(port, { localPort: port })));
    expect(transport.localPort).not.toBe(port);
    for (const socket of [transport, peer]) socket.close();
  });

  it('should say no-route for a source address that is not ours', async () => {
    expect(await openSipUdp(new Ear().path(5060, { source: '198.51.100.7' }))).toEqual({ ok: false, error: 'no-route' });
  });
});

(isSupported ? describe : describe.skip)('a device with several ports of its own (needs 64-bit Linux)', () => {
  it('should be heard from whichever it answers, and told of at the one it names', async () => {
    const [asked, other] = [await udpPeer(), await udpPeer()];
    const ear = new Ear();
    const transport = opened(await openSipUdp(ear.path(asked.address().port)));
    expect(transport.answeredFromPort).toBeUndefined();
    other.send(RINGING, transport.localPort, '127.0.0.1');
    await ear.next();
    expect(ear.messages).toMatchObject([{ status: 180 }]);
    expect(transport.answeredFromPort).toBe(other.address().port);

    const [heardThere, heardHere] = [once(other, 'message'), once(asked, 'message')];
    transport.send(Buffer.from('BYE'), other.address().port);
    transport.send(Buffer.from('ACK'));
    expect(String((await heardThere)[0])).toBe('BYE');
    expect(String((await heardHere)[0])).toBe('ACK');
    for (const socket of [transport, asked, other]) socket.close();
  });

  it('should write into its requests where they came from, so that they are answered there', async () => {
    const [asked, other] = [await udpPeer(), await udpPeer()];
    const ear = new Ear();
    const transport = opened(await openSipUdp(ear.path(asked.address().port)));
    const bye = RINGING.replace('SIP/2.0 180 Ringing', 'BYE sip:a@127.0.0.1 SIP/2.0').replace('1 INVITE', '1 BYE');
    other.send(bye.replace('branch=', 'rport;branch='), transport.localPort, '127.0.0.1');
    await ear.next();
    expect(ear.messages[0]?.headers.get('Via')).toContain(`rport=${other.address().port}`);
    expect(transport.answeredFromPort).toBeUndefined();
    for (const socket of [transport, asked, other]) socket.close();
  });

  it('should not be taken for one that refuses when only another of its ports is closed', async () => {
    const [asked, other] = [await udpPeer(), await udpPeer()];
    const closedPort = other.address().port;
    other.close();
    const ear = new Ear();
    const transport = opened(await openSipUdp(ear.path(asked.address().port)));
    transport.send(Buffer.from('BYE'), closedPort);
    asked.send(RINGING, transport.localPort, '127.0.0.1');
    await ear.next();
    // the kernel tells errors before datagrams: the port unreachable was there first
    expect(ear.failures).toEqual([]);
    for (const socket of [transport, asked]) socket.close();
  });
});

describe(openSipTcp, () => {
  let server: Server;
  let port: number;
  let accepted: Promise<Socket>;

  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    accepted = once(server, 'connection').then(([socket]) => socket as Socket);
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it('should put together messages that come in pieces and take apart those that come at once', async () => {
    const ear = new Ear();
    const transport = opened(await openSipTcp(ear.path(port)));
    const peer = await accepted;
    const text = RINGING + RINGING.replace('180 Ringing', '200 OK');
    peer.write(text.slice(0, 40));
    await new Promise((resolve) => setImmediate(resolve));
    peer.write(text.slice(40));
    while (ear.messages.length < 2) await ear.next();
    expect(ear.messages).toMatchObject([{ status: 180 }, { status: 200 }]);
    transport.close();
    peer.destroy();
  });

  it('should report a connection that the peer closes or resets, once', async () => {
    const ear = new Ear();
    opened(await openSipTcp(ear.path(port)));
    const peer = await accepted;
    peer.resetAndDestroy();
    await ear.next();
    expect(ear.failures).toEqual(['reset']);
  });

  it('should cut off a peer that sends nothing but rubbish', async () => {
    const ear = new Ear();
    opened(await openSipTcp(ear.path(port)));
    const peer = await accepted;
    peer.on('error', () => undefined);
    peer.write('x: y\r\nContent-Length: 0\r\n\r\n'.repeat(40));
    await ear.next();
    expect(ear.failures).toEqual(['closed']);
    expect(ear.messages).toEqual([]);
    peer.destroy();
  });
});
