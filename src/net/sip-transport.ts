import type { Result } from '../common/result.js';
import type { StopSignal } from '../common/stop-switch.js';
import type { SipMessage } from '../protocols/sip/message.js';
import type { SipTransport, TransportFailure } from '../protocols/sip/transport.js';
import { ERRNO } from './kernel/libc.js';
import type { SocketFailure } from './socket-failure.js';

/** Where to open a path to, and who hears what comes back. */
export interface SipPath {
  address: string;
  port: number;
  /** local address to send from */
  source?: string;
  /** UDP: the local port to take when it is free; otherwise, and by default, any */
  localPort?: number;
  /** for the set-up of a connection */
  timeoutMs: number;
  signal?: StopSignal;
  /** `arrivalMs`: when it came, on the monotonic clock, where the kernel stamped it */
  onMessage(message: SipMessage, arrivalMs?: number): void;
  onFailure(failure: TransportFailure): void;
}

/** A transport with one peer. Closing it is the owner's duty, when its last transaction is finished. */
export interface OpenSipTransport extends SipTransport {
  /** what came in and was not a SIP message */
  readonly malformed: number;
  /** UDP: the port that responses came from, where it is not the one we addressed */
  readonly answeredFromPort?: number;
  /** From now on the path no longer keeps the process alive: it only waits for what may come late. */
  unref(): void;
  close(): void;
}

export type OpenedSipTransport = Result<OpenSipTransport, SocketFailure>;

/** RFC 5626 3.5.1: a pair of line ends, or one, keeps a path open and is not a message. */
export const isKeepAlive = (bytes: Uint8Array): boolean => bytes.length <= 4 && bytes.every((byte) => byte === 13 || byte === 10);

export const transportFailureOf = (errno: number): TransportFailure =>
  errno === ERRNO.ECONNREFUSED ? 'refused' : errno === ERRNO.EHOSTUNREACH || errno === ERRNO.ENETUNREACH ? 'no-route' : 'closed';

/** A time-out of an established connection is the peer's silence: to the transaction layer the path is gone. */
export const asTransportFailure = (failure: SocketFailure): TransportFailure =>
  failure === 'timeout' || failure === 'aborted' ? 'closed' : failure;
