import type { Result } from '../common/result.js';
import type { SipMessage } from '../protocols/sip/message.js';
import type { SipTransport, TransportFailure } from '../protocols/sip/transport.js';
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
  signal?: AbortSignal;
  /** `arrivalMs`: when it came, on the monotonic clock, where the kernel stamped it */
  onMessage(message: SipMessage, arrivalMs?: number): void;
  onFailure(failure: TransportFailure): void;
}

/** A transport with one peer. Closing it is the owner's duty, when its last transaction is finished. */
export interface OpenSipTransport extends SipTransport {
  /** what came in and was not a SIP message */
  readonly malformed: number;
  /** From now on the path no longer keeps the process alive: it only waits for what may come late. */
  unref(): void;
  close(): void;
}

export type OpenedSipTransport = Result<OpenSipTransport, SocketFailure>;

/** A time-out of an established connection is the peer's silence: to the transaction layer the path is gone. */
export const asTransportFailure = (failure: SocketFailure): TransportFailure =>
  failure === 'timeout' || failure === 'aborted' ? 'closed' : failure;
