import { createServer, type AddressInfo, type Server } from 'node:net';
import { formatTpkt } from '../../protocols/h323/tpkt-framer.js';
import { FramedConnection } from './framed-connection.js';

/** The port of one call for H.245 over a connection of its own (H.323 section 8.2): one connection, any free port. */
export class H245Port {
  private connection: FramedConnection | undefined;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /**
   * @param onOpen the caller is there
   * @throws when the machine has no port left
   */
  static open(address: string, onOpen: () => void, onMessage: (octets: Uint8Array) => void): Promise<H245Port> {
    const server = createServer();
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: address, port: 0 }, () => {
        const opened = new H245Port(server, (server.address() as AddressInfo).port);
        opened.await(onOpen, onMessage);
        resolve(opened);
      });
    });
  }

  send(messages: Uint8Array[]): void {
    this.connection?.send(...messages.map(formatTpkt));
  }

  /** Nobody listens any more, and the port is still the one that was named. */
  shut(): void {
    this.server.close();
  }

  close(): void {
    this.shut();
    this.connection?.end();
  }

  private await(onOpen: () => void, onMessage: (octets: Uint8Array) => void): void {
    this.server.on('error', () => undefined);
    this.server.on('connection', (socket) => {
      if (this.connection) return void socket.destroy();
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
      this.connection = new FramedConnection(socket, onMessage, () => undefined);
      onOpen();
    });
  }
}
