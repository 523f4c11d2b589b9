import type { MediaNetwork, MediaSocket } from '../../net/media-sockets.js';

const FIRST_PORT = 16_384;
const PAIRS = 8192;
const MOST_ATTEMPTS = 40;

/** the number comes from the caller's SDP */
const isPort = (port: number): boolean => port > 0 && port <= 65_535;

type Hear = (bytes: Buffer) => void;

/** RTP on an even port and RTCP on the next (RFC 3550 11), bound to the endpoint's own address for one call. */
export class PortPair {
  private closed = false;
  private readonly hear: { rtp: Hear; rtcp: Hear } = { rtp: () => undefined, rtcp: () => undefined };
  private sockets: { rtp: MediaSocket; rtcp: MediaSocket } | undefined;

  private constructor(readonly rtpPort: number) {}

  get rtcpPort(): number {
    return this.rtpPort + 1;
  }

  /**
   * @param fraction where in the pool the search begins, so that a port is not used again at once by the next call
   * @throws when no pair of the pool can be bound: the machine is out of ports or descriptors
   */
  static async open(network: MediaNetwork, address: string, fraction: number): Promise<PortPair> {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const pair = new PortPair(FIRST_PORT + 2 * ((Math.floor(fraction * PAIRS) + attempt) % PAIRS));
      if (await pair.bind(network, address)) return pair;
    }
    throw new Error(`no RTP port pair free on ${address}`);
  }

  /** The bytes are valid during the call only. */
  onMessage(rtp: Hear, rtcp: Hear): void {
    this.hear.rtp = rtp;
    this.hear.rtcp = rtcp;
  }

  /** A datagram that cannot be sent is a lost one. */
  sendRtp(bytes: Buffer, length: number, port: number, address: string): void {
    if (!this.closed && isPort(port)) this.sockets?.rtp.send(bytes, length, address, port);
  }

  sendRtcp(bytes: Buffer, port: number, address: string): void {
    if (!this.closed && isPort(port)) this.sockets?.rtcp.send(bytes, bytes.length, address, port);
  }

  close(): void {
    this.closed = true;
    this.sockets?.rtp.close();
    this.sockets?.rtcp.close();
    this.sockets = undefined;
  }

  private async bind(network: MediaNetwork, address: string): Promise<boolean> {
    const rtp = await network.bind(address, this.rtpPort, this.events('rtp'));
    if (!rtp) return false;
    const rtcp = await network.bind(address, this.rtcpPort, this.events('rtcp'));
    if (!rtcp) rtp.close();
    else this.sockets = { rtp, rtcp };
    return rtcp !== null;
  }

  private events(kind: 'rtp' | 'rtcp') {
    return {
      datagram: ({ data }: { data: Buffer }) => this.hear[kind](data),
      unreachable: () => undefined,
      dropped: () => undefined,
    };
  }
}
