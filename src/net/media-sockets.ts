/** One bound UDP socket of a call. What comes is told with its arrival on the monotonic clock. */
export interface MediaSocket {
  readonly port: number;
  /** false: the kernel did not take it, which is our loss and not the line's */
  send(data: Buffer, length: number, address: string, port: number): boolean;
  close(): void;
}

export interface MediaDatagram {
  /** valid during the call only */
  data: Buffer;
  source: string;
  sourcePort: number;
  arrivalMs: number;
}

export interface MediaSocketEvents {
  datagram(datagram: MediaDatagram): void;
  /** the network said that what we sent could not be delivered */
  unreachable(): void;
  /** the kernel threw datagrams away because we were too slow to read: total since the socket was made */
  dropped(total: number): void;
}

/** Who stamps and who waits: the kernel engine and Node's dgram look the same from here. */
export interface MediaNetwork {
  readonly clock: 'kernel' | 'user';
  /** Binds one port. @returns null when it is taken */
  bind(address: string, port: number, events: MediaSocketEvents): Promise<MediaSocket | null>;
  /**
   * Reads what has come, and waits for more until `untilMs` (monotonic) when nothing has. Some networks read by themselves
   * and only wait here.
   */
  wait(untilMs: number): Promise<void>;
  close(): void;
}

export interface SocketPair {
  rtp: MediaSocket;
  rtcp: MediaSocket;
}

const FIRST_PORT = 20_000;
const LAST_PORT = 59_998;
const TRIES = 64;

/** RTP on an even port, RTCP on the next (RFC 3550 section 11). @returns null when none was free in 64 tries */
export async function bindPair(
  network: MediaNetwork,
  address: string,
  random: () => number,
  events: { rtp: MediaSocketEvents; rtcp: MediaSocketEvents },
): Promise<SocketPair | null> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = FIRST_PORT + 2 * (random() % ((LAST_PORT - FIRST_PORT) / 2));
    const rtp = await network.bind(address, port, events.rtp);
    if (!rtp) continue;
    const rtcp = await network.bind(address, port + 1, events.rtcp);
    if (rtcp) return { rtp, rtcp };
    rtp.close();
  }
  return null;
}
