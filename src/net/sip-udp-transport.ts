import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { err, ok } from '../common/result.js';
import { parseSipMessage } from '../protocols/sip/message.js';
import { asTransportFailure, type OpenedSipTransport, type OpenSipTransport, type SipPath } from './sip-transport.js';
import { errorCode, socketFailureOf } from './socket-failure.js';

/** RFC 5626 3.5.1: a pair of line ends, or one, keeps a path open and is not a message. */
const isKeepAlive = (bytes: Buffer): boolean => bytes.length <= 4 && bytes.every((byte) => byte === 13 || byte === 10);

/**
 * SIP over UDP with one peer (RFC 3261 18). The socket is connected: only so does the kernel tell us of "port unreachable",
 * and only so can nothing be sent to, or heard from, any address but the one under test.
 */
export async function openSipUdp(path: SipPath): Promise<OpenedSipTransport> {
  const socket = createSocket({ type: isIPv6(path.address) ? 'udp6' : 'udp4' });
  try {
    await bindAndConnect(socket, path);
  } catch (error) {
    socket.close();
    if (path.localPort !== undefined && errorCode(error) === 'EADDRINUSE') return openSipUdp({ ...path, localPort: undefined });
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
  malformed = 0;
  private open = true;

  constructor(
    private readonly socket: Socket,
    private readonly path: SipPath,
  ) {
    const local = socket.address();
    this.localAddress = local.address;
    this.localPort = local.port;
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
