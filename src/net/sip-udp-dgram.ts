import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { err, ok } from '../common/result.js';
import { parseSipMessage } from '../protocols/sip/message.js';
import {
  asTransportFailure,
  isKeepAlive,
  type OpenedSipTransport,
  type OpenSipTransport,
  type SipPath,
} from './sip-transport.js';
import { errorCode, socketFailureOf } from './socket-failure.js';

/**
 * SIP over UDP with one peer, with nothing but what Node has: for machines without kernel-stamped sockets. The socket is
 * connected, since only so Node hears of "port unreachable"; a device that answers from another port is not heard.
 */
export async function openDgramSipUdp(path: SipPath): Promise<OpenedSipTransport> {
  const socket = createSocket({ type: isIPv6(path.address) ? 'udp6' : 'udp4' });
  try {
    await bindAndConnect(socket, path);
  } catch (error) {
    socket.close();
    if (path.localPort !== undefined && errorCode(error) === 'EADDRINUSE')
      return openDgramSipUdp({ ...path, localPort: undefined });
    return err(socketFailureOf(error));
  }
  return ok(new SipUdpTransport(socket, path));
}

function bindAndConnect(socket: Socket, path: SipPath): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ port: path.localPort ?? 0, address: path.source, exclusive: true }, () => {
      socket.connect(path.port, path.address, (error?: Error) => {
        socket.removeListener('error', reject);
        if (error) reject(error);
        else resolve();
      });
    });
  });
}

class SipUdpTransport implements OpenSipTransport {
  readonly protocol = 'UDP';
  readonly reliable = false;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  malformed = 0;
  private open = true;

  constructor(
    private readonly socket: Socket,
    private readonly path: SipPath,
  ) {
    const local = socket.address();
    this.localAddress = local.address;
    this.localPort = local.port;
    this.remoteAddress = path.address;
    socket.on('message', (bytes) => this.receive(bytes));
    socket.on('error', (error) => this.failed(error));
  }

  send(message: Uint8Array): void {
    if (!this.open) return;
    this.socket.send(message, (error) => {
      if (error) this.failed(error);
    });
  }

  unref(): void {
    this.socket.unref();
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.socket.close();
  }

  private receive(bytes: Buffer): void {
    if (!this.open || isKeepAlive(bytes)) return;
    const message = parseSipMessage(bytes);
    if (message.ok) this.path.onMessage(message.value);
    else this.malformed++;
  }

  private failed(error: Error): void {
    if (this.open) this.path.onFailure(asTransportFailure(socketFailureOf(error)));
  }
}
