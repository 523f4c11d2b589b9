import { connect, type Socket } from 'node:net';
import { err, ok, type Result } from '../common/result.js';
import type { StopSignal } from '../common/stop-switch.js';
import { socketFailureOf, type SocketFailure } from './socket-failure.js';

export interface TcpTarget {
  address: string;
  port: number;
  /** local address to connect from */
  source?: string;
  timeoutMs: number;
  signal?: StopSignal;
}

/** A connected socket, or why there is none. Never rejects; the caller owns the socket. */
export function connectTcp(target: TcpTarget): Promise<Result<Socket, SocketFailure>> {
  if (target.signal?.aborted) return Promise.resolve(err<SocketFailure>('aborted'));
  return new Promise((resolve) => {
    const socket = connect({ host: target.address, port: target.port, localAddress: target.source, noDelay: true });
    const settle = (result: Result<Socket, SocketFailure>): void => {
      clearTimeout(timer);
      target.signal?.removeEventListener('abort', onAbort);
      socket.removeAllListeners('connect');
      socket.removeListener('error', onError);
      if (!result.ok) {
        // a late error of a socket that nobody owns any more must not end the process
        socket.on('error', () => undefined);
        socket.destroy();
      }
      resolve(result);
    };
    const onError = (error: Error): void => settle(err(socketFailureOf(error)));
    const onAbort = (): void => settle(err('aborted'));
    const timer = setTimeout(() => settle(err('timeout')), target.timeoutMs);
    target.signal?.addEventListener('abort', onAbort, { once: true });
    socket.once('error', onError);
    socket.once('connect', () => settle(ok(socket)));
  });
}
