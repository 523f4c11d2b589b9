import { createServer, type Server, type Socket } from 'node:net';

const MOST_CONNECTIONS = 64;
const IDLE_MS = 120_000;

/** One TCP port of one endpoint, which faults open and close while the lab runs. */
export class TcpListener {
  private server: Server | undefined;
  private readonly connections = new Set<Socket>();

  constructor(
    private readonly address: string,
    private readonly port: number,
    private readonly onConnection: (socket: Socket) => void,
  ) {}

  open(): Promise<void> {
    if (this.server) return Promise.resolve();
    const server = createServer((socket) => this.accept(socket));
    server.maxConnections = MOST_CONNECTIONS;
    this.server = server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: this.address, port: this.port }, () => {
        server.removeListener('error', reject);
        // what can fail later is one accept (no descriptor left): that peer sees a time-out, the lab goes on
        server.on('error', () => undefined);
        resolve();
      });
    });
  }

  /** Stops to listen at once. Connections that exist stay, since a device that dies sends no RST. */
  shut(): void {
    this.server?.close();
    this.server = undefined;
  }

  close(): void {
    this.shut();
    for (const socket of this.connections) socket.destroy();
    this.connections.clear();
  }

  private accept(socket: Socket): void {
    this.connections.add(socket);
    socket.setNoDelay(true);
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.connections.delete(socket));
    this.onConnection(socket);
  }
}
