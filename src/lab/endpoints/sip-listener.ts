import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import type { Socket as TcpSocket } from 'node:net';
import { parseSipMessage, type SipMessage } from '../../protocols/sip/message.js';
import { SipStreamFramer } from '../../protocols/sip/stream-framer.js';
import type { SipTransport } from '../../protocols/sip/transport.js';
import type { Behaviour } from '../faults/behaviour.js';
import { TcpFlow } from '../signalling/tcp-flow.js';
import { UdpFlow } from '../signalling/udp-flow.js';
import { markSource } from '../../protocols/sip/via-source.js';
import { synchronousLookup } from './synchronous-lookup.js';
import { TcpListener } from './tcp-listener.js';

type OnMessage = (message: SipMessage, flow: SipTransport) => void;

const MOST_MALFORMED = 20;

/** The SIP port of one endpoint, UDP and TCP, bound to that endpoint's own address and never to all of them. */
export class SipListener {
  private udp: UdpSocket | undefined;
  private swallowing = false;
  private readonly tcp: TcpListener;

  constructor(
    private readonly address: string,
    private readonly port: number,
    private readonly onMessage: OnMessage,
  ) {
    this.tcp = new TcpListener(address, port, (socket) => this.serve(socket));
  }

  async become(state: Behaviour['sip']): Promise<void> {
    this.swallowing = state === 'swallow';
    if (state === 'closed') return this.close();
    await this.openUdp();
    if (state === 'open') await this.tcp.open();
    else this.tcp.shut();
  }

  close(): Promise<void> {
    this.tcp.close();
    const { udp } = this;
    this.udp = undefined;
    // the port can be bound again only after the event
    return udp ? new Promise((resolve) => udp.close(() => resolve())) : Promise.resolve();
  }

  private openUdp(): Promise<void> {
    if (this.udp) return Promise.resolve();
    const socket = createSocket({ type: 'udp4', lookup: synchronousLookup });
    socket.on('message', (bytes, peer) => this.receiveDatagram(socket, bytes, peer));
    this.udp = socket;
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.bind({ address: this.address, port: this.port, exclusive: true }, () => {
        socket.removeListener('error', reject);
        // an unsendable answer is a lost datagram, which the peer's retransmission repairs
        socket.on('error', () => undefined);
        resolve();
      });
    });
  }

  private receiveDatagram(socket: UdpSocket, bytes: Buffer, peer: RemoteInfo): void {
    if (this.swallowing) return;
    const parsed = parseSipMessage(bytes);
    if (!parsed.ok) return;
    const replyPort = parsed.value.kind === 'request' ? markSource(parsed.value, peer) : peer.port;
    this.onMessage(parsed.value, new UdpFlow(socket, this.address, this.port, peer.address, replyPort));
  }

  private serve(socket: TcpSocket): void {
    const framer = new SipStreamFramer();
    const flow = new TcpFlow(socket);
    let malformed = 0;
    socket.on('data', (chunk) => {
      if (this.swallowing) return;
      for (const message of framer.push(chunk)) {
        if (message.ok) this.onMessage(message.value, flow);
        else if (++malformed > MOST_MALFORMED) return void socket.destroy();
      }
    });
  }
}
