/** For specs: the product's call machine over real sockets against one simulated device, with a socket for each medium. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { systemScheduler } from '../../../common/clock.js';
import { systemRandom } from '../../../common/random.js';
import type { H245Target, H323Config, H323Event, H323Facts, H323Stream } from '../../../protocols/h323/call-types.js';
import { H323Call } from '../../../protocols/h323/h323-call.js';
import type { Medium } from '../../../protocols/h323/media-codecs.js';
import { writeRtp } from '../../../protocols/rtp/rtp-packet.js';

const CALLER = '127.0.0.1';
const RTCP_TYPES_FROM = 200;
const FRAME_MS = 20;

interface Heard {
  packets: number;
  payloadTypes: Set<number>;
  /** of receiver or sender reports that have a block about us */
  reportsAboutUs: number;
}

/** Octets as they went over one of the two connections. */
export interface Spoken {
  by: 'caller' | 'device';
  over: 'signalling' | 'h245';
  octets: Uint8Array;
}

export class RealCall {
  readonly events: H323Event[] = [];
  readonly spoken: Spoken[] = [];
  readonly heard: Record<Medium, Heard> = { audio: nothingHeard(), video: nothingHeard() };
  private readonly waiting: (() => void)[] = [];
  private readonly call: H323Call;
  private h245: Socket | undefined;
  private sending: NodeJS.Timeout | undefined;
  private sequenceNumber = 0;

  private constructor(
    private readonly signalling: Socket,
    private readonly sockets: Record<Medium, UdpSocket>,
    private readonly config: H323Config,
  ) {
    const wire = {
      sendSignalling: (octets: Uint8Array) => this.write(signalling, 'signalling', octets),
      openH245: (target: H245Target) => this.openH245(target),
      sendH245: (octets: Uint8Array) => this.write(this.h245, 'h245', octets),
      close: () => this.close(),
    };
    const onEvent = (event: H323Event): void => this.note(event);
    this.call = new H323Call(config, { wire, scheduler: systemScheduler, random: systemRandom, onEvent });
    signalling.on('data', (octets) => {
      this.spoken.push({ by: 'device', over: 'signalling', octets });
      this.call.receiveSignalling(octets);
    });
    signalling.on('close', () => this.call.signallingFailed('closed'));
    signalling.on('error', () => undefined);
    for (const medium of ['audio', 'video'] as const) {
      sockets[medium].on('message', (bytes) => this.hear(medium, bytes));
    }
    this.call.start();
  }

  static async to(address: string, options: Partial<H323Config> = {}): Promise<RealCall> {
    const sockets = { audio: await bound(), video: await bound() };
    const signalling = connect(1720, address);
    await once(signalling, 'connect');
    return new RealCall(signalling, sockets, {
      localAddress: CALLER,
      localPort: (signalling.address() as AddressInfo).port,
      remoteAddress: address,
      remotePort: 1720,
      displayName: 'monitor',
      ports: { audio: portsOf(sockets.audio), video: portsOf(sockets.video) },
      audioCodecs: ['PCMA', 'PCMU'],
      videoCodecs: ['H264'],
      callRateKbps: 384,
      tunnelling: true,
      fastStart: false,
      ringMs: 300,
      ...options,
    });
  }

  get facts(): H323Facts {
    return this.call.facts;
  }

  get ports(): Required<H323Config['ports']> {
    const { audio, video = audio } = this.config.ports;
    return { audio, video };
  }

  get streams(): H323Stream[] {
    return this.events.findLast((event) => event.type === 'media')?.streams ?? [];
  }

  /** `send audio`, `receive video` ... as they are now */
  get ways(): string[] {
    return this.streams.map(({ direction, medium }) => `${direction} ${medium}`).sort();
  }

  event<T extends H323Event['type']>(type: T): Extract<H323Event, { type: T }> | undefined {
    return this.events.find((event): event is Extract<H323Event, { type: T }> => event.type === type);
  }

  hangUp(): void {
    this.call.hangUp();
  }

  /** Resolves when it holds; each event and each datagram is looked at. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private note(event: H323Event): void {
    this.events.push(event);
    if (event.type === 'media' && !this.sending) this.sending = setInterval(() => this.sendFrame(), FRAME_MS);
    this.wake();
  }

  private sendFrame(): void {
    this.sequenceNumber++;
    for (const stream of this.streams) {
      if (stream.direction !== 'send' || !stream.target) continue;
      const buffer = Buffer.alloc(200);
      const { payloadType, medium, target } = stream;
      const timestamp = this.sequenceNumber * 160;
      const fields = { marker: false, payloadType, sequenceNumber: this.sequenceNumber, timestamp, ssrc: OUR_SSRC };
      const length = writeRtp(buffer, fields, new Uint8Array(160));
      this.sockets[medium].send(buffer, 0, length, target.rtpPort, target.address);
    }
  }

  private hear(medium: Medium, bytes: Buffer): void {
    const heard = this.heard[medium];
    const type = bytes[1] ?? 0;
    // reports come to the same socket here: the caller names its RTP port for both
    if (type >= RTCP_TYPES_FROM && type < 205) heard.reportsAboutUs += bytes.includes(SSRC_OCTETS) ? 1 : 0;
    else {
      heard.packets++;
      heard.payloadTypes.add(type & 0x7f);
    }
    this.wake();
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  private write(socket: Socket | undefined, over: Spoken['over'], octets: Uint8Array): void {
    this.spoken.push({ by: 'caller', over, octets });
    socket?.write(octets);
  }

  private openH245({ address, port }: H245Target): void {
    const socket = connect(port, address);
    this.h245 = socket;
    socket.on('connect', () => this.call.h245Opened());
    socket.on('data', (octets) => {
      this.spoken.push({ by: 'device', over: 'h245', octets });
      this.call.receiveH245(octets);
    });
    socket.on('error', () => this.call.h245Failed('refused'));
  }

  private close(): void {
    clearInterval(this.sending);
    this.h245?.end();
    this.signalling.end();
    for (const socket of Object.values(this.sockets)) socket.close();
  }
}

const OUR_SSRC = 0x0a0b0c0d;
const SSRC_OCTETS = Buffer.from('0a0b0c0d', 'hex');

const nothingHeard = (): Heard => ({ packets: 0, payloadTypes: new Set(), reportsAboutUs: 0 });

async function bound(): Promise<UdpSocket> {
  const socket = createSocket('udp4');
  socket.bind(0, CALLER);
  await once(socket, 'listening');
  return socket;
}

const portsOf = (socket: UdpSocket): { rtp: number; rtcp: number } => {
  const { port } = socket.address();
  return { rtp: port, rtcp: port };
};
