import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** Stands between caller and peer on 127.0.0.1 and loses what it is told to lose. For one caller. */
export class LossyRelay {
  private caller?: number;

  private constructor(
    private readonly near: Socket,
    private readonly far: Socket,
    peerPort: number,
    loses: (datagram: string) => boolean,
  ) {
    near.on('message', (datagram, { port }) => {
      this.caller = port;
      if (!loses(datagram.toString())) far.send(datagram, peerPort, '127.0.0.1');
    });
    far.on('message', (datagram) => {
      if (this.caller !== undefined && !loses(datagram.toString())) near.send(datagram, this.caller, '127.0.0.1');
    });
  }

  static async start(peerPort: number, loses: (datagram: string) => boolean): Promise<LossyRelay> {
    const sockets = [createSocket('udp4'), createSocket('udp4')] as const;
    for (const socket of sockets) {
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
    }
    return new LossyRelay(...sockets, peerPort, loses);
  }

  get port(): number {
    return this.near.address().port;
  }

  stop(): void {
    this.near.close();
    this.far.close();
  }
}

/** Loses the first so many datagrams that begin with these words. */
export const firstOf = (count: number, beginning: string) => (): ((datagram: string) => boolean) => {
  let left = count;
  return (datagram) => datagram.startsWith(beginning) && left-- > 0;
};
