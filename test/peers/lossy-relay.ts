import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

export interface RelayOptions {
  /** what gets lost, either way */
  loses?: (datagram: string) => boolean;
  /** what is late, and by how much */
  delayMs?: (datagram: string) => number;
  /** what comes from the device leaves by another port than the one that is called */
  answersElsewhere?: boolean;
}

/**
 * Stands between caller and peer on 127.0.0.1 as a device of its own: the Contact of the peer becomes the relay's, and is the
 * peer's again in what the caller sends there. For one caller.
 */
export class LossyRelay {
  private caller?: number;

  private constructor(
    private readonly near: Socket,
    private readonly far: Socket,
    private readonly answers: Socket,
    peerPort: number,
    { loses = () => false, delayMs = () => 0 }: RelayOptions,
  ) {
    const [peer, relay] = [`@127.0.0.1:${peerPort}`, `@127.0.0.1:${answers.address().port}`];
    for (const socket of new Set([near, answers])) {
      socket.on('message', (datagram, { port }) => {
        this.caller = port;
        const text = datagram.toString();
        const pass = (): void => far.send(text.replaceAll(relay, peer), peerPort, '127.0.0.1');
        if (!loses(text)) setTimeout(pass, delayMs(text));
      });
    }
    far.on('message', (datagram) => {
      const text = datagram.toString();
      if (this.caller !== undefined && !loses(text)) answers.send(text.replaceAll(peer, relay), this.caller, '127.0.0.1');
    });
  }

  static async start(peerPort: number, options: RelayOptions): Promise<LossyRelay> {
    const [near, far] = [await boundSocket(), await boundSocket()];
    return new LossyRelay(near, far, options.answersElsewhere ? await boundSocket() : near, peerPort, options);
  }

  get port(): number {
    return this.near.address().port;
  }

  stop(): void {
    for (const socket of new Set([this.near, this.far, this.answers])) socket.close();
  }
}

async function boundSocket(): Promise<Socket> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

/** Loses the first so many datagrams that begin with these words. */
export const losesFirst = (count: number, beginning: string) => (): RelayOptions => {
  let left = count;
  return { loses: (datagram) => datagram.startsWith(beginning) && left-- > 0 };
};
