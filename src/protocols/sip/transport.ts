/** What the protocol sees of the network: one way to one peer. Sockets live in `net`. */
export interface SipTransport {
  readonly protocol: 'UDP' | 'TCP' | 'TLS';
  /** TCP and TLS: no retransmissions of ours (RFC 3261 section 17.1) */
  readonly reliable: boolean;
  readonly localAddress: string;
  readonly localPort: number;
  /** of the peer: nothing is ever sent to another one */
  readonly remoteAddress: string;
  /**
   * When the last message left, on the scheduler's monotonic clock, where the transport knows better than its user; to be asked
   * when the answer has come, since it may be sent, and be known to have been, a moment after `send`.
   */
  readonly leftMs?: number;
  /** @param port of the peer, where it is not the one that the transport was opened to; over a connection it means nothing */
  send(message: Uint8Array, port?: number): void;
}

/** Why bytes do not reach the peer: ICMP or RST, no way there, connection broken, connection ended, certificate trouble. */
export type TransportFailure = 'refused' | 'no-route' | 'reset' | 'closed' | 'tls';
