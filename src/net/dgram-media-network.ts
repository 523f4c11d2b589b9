import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { MediaNetwork, MediaSocket, MediaSocketEvents } from './media-sockets.js';

const RECEIVE_BUFFER_BYTES = 1024 * 1024;

/** Media over Node's own sockets, for machines without kernel stamps: what our loop adds shows in the figures. */
export class DgramMediaNetwork implements MediaNetwork {
  readonly clock = 'user';

  bind(address: string, port: number, events: MediaSocketEvents): Promise<MediaSocket | null> {
    const socket = createSocket({
      type: isIPv6(address) ? 'udp6' : 'udp4',
      // every address here is numeric; the default goes through dns.lookup and costs half the rate
      lookup: (host, _options, done) => done(null, host, isIPv6(host) ? 6 : 4),
    });
    let open = true;
    socket.on('message', (data, from) => {
      if (open) events.datagram({ data, source: from.address, sourcePort: from.port, arrivalMs: performance.now() });
    });
    return new Promise((resolve) => {
      socket.once('error', () => {
        socket.close();
        resolve(null);
      });
      socket.bind({ address, port, exclusive: true }, () => {
        socket.removeAllListeners('error').on('error', () => events.unreachable());
        socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
        resolve({
          port: socket.address().port,
          send(data, length, toAddress, toPort) {
            // a copy: the caller writes its next packet into the same memory before this one has left
            if (open) socket.send(Buffer.from(data.subarray(0, length)), toPort, toAddress);
            return open;
          },
          close() {
            if (!open) return;
            open = false;
            socket.close();
          },
        });
      });
    });
  }

  wait(untilMs: number): Promise<void> {
    const waitMs = untilMs - performance.now();
    return new Promise((resolve) => {
      if (waitMs < 1) setImmediate(resolve);
      else setTimeout(resolve, waitMs);
    });
  }

  close(): void {}
}
