import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { synchronousLookup } from '../endpoints/synchronous-lookup.js';

const FIRST_PORT = 16_384;
const PAIRS = 8192;
const MOST_ATTEMPTS = 40;
const RECEIVE_BUFFER_BYTES = 1 << 20;

/** node throws for others, and the number comes from the caller's SDP */
const isPort = (port: number): boolean => port > 0 && port <= 65_535;

/** RTP on an even port and RTCP on the next (RFC 3550 11), bound to the endpoint's own address for one call. */
export class PortPair {
  private closed = false;

  private constructor(
    readonly rtpPort: number,
    private readonly rtp: Socket,
    private readonly rtcp: Socket,
  ) {}

  get rtcpPort(): number {
    return this.rtpPort + 1;
  }

  /**
   * @param fraction where in the pool the search begins, so that a port is not used again at once by the next call
   * @throws when no pair of the pool can be bound: the machine is out of ports or descriptors
   */
  static async open(address: string, fraction: number): Promise<PortPair> {
    let cause: unknown;
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const port = FIRST_PORT + 2 * ((Math.floor(fraction * PAIRS) + attempt) % PAIRS);
      let rtp: Socket | undefined;
      try {
        rtp = await bind(address, port);
        return new PortPair(port, rtp, await bind(address, port + 1));
      } catch (error) {
        rtp?.close();
        cause = error;
      }
    }
    throw new Error(`no RTP port pair free on ${address}`, { cause });
  }

  onMessage(rtp: (bytes: Buffer, peer: RemoteInfo) => void, rtcp: (bytes: Buffer, peer: RemoteInfo) => void): void {
    this.rtp.on('message', rtp);
    this.rtcp.on('message', rtcp);
  }

  sendRtp(bytes: Uint8Array, length: number, port: number, address: string): void {
    if (!this.closed && isPort(port)) this.rtp.send(bytes, 0, length, port, address);
  }

  sendRtcp(bytes: Uint8Array, port: number, address: string): void {
    if (!this.closed && isPort(port)) this.rtcp.send(bytes, port, address);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.rtp.close();
    this.rtcp.close();
  }
}

function bind(address: string, port: number): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', lookup: synchronousLookup, recvBufferSize: RECEIVE_BUFFER_BYTES });
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind({ address, port, exclusive: true }, () => {
      socket.removeAllListeners('error');
      // a datagram that cannot be sent is a lost one
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}
