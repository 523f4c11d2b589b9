import type { Socket } from 'node:net';
import { err, ok, type Result } from '../../common/result.js';
import type { StopSignal } from '../../common/stop-switch.js';
import type { H245Target, H323TransportFailure, H323Wire } from '../../protocols/h323/call-types.js';
import type { SocketFailure } from '../socket-failure.js';
import { connectTcp } from '../tcp-connect.js';
import { BoundedStream } from './bounded-stream.js';

/** Where call signalling is spoken. */
export interface H323Place {
  address: string;
  port: number;
  /** local address to connect from */
  source?: string;
  /** for each connection */
  timeoutMs: number;
  signal?: StopSignal;
}

/** Who hears what comes back. Nothing is told any more after `close()`. */
export interface H323Listener {
  onSignalling(octets: Uint8Array): void;
  onSignallingFailed(failure: H323TransportFailure): void;
  onH245Opened(): void;
  onH245(octets: Uint8Array): void;
  onH245Failed(failure: H323TransportFailure): void;
}

/**
 * The connections of one call over H.323: H.225.0 call signalling and, where the far end does not tunnel, one for H.245. The
 * second goes to the address of the first and to no other, whoever asks for what: a message of a peer must not make us
 * connect to a third party.
 */
export class H323Connections implements H323Wire {
  readonly localAddress: string;
  readonly localPort: number;
  private readonly signalling: BoundedStream;
  private control?: BoundedStream;
  private closed = false;

  private constructor(
    socket: Socket,
    private readonly place: H323Place,
    private readonly listener: H323Listener,
  ) {
    this.localAddress = socket.localAddress ?? '';
    this.localPort = socket.localPort ?? 0;
    this.signalling = new BoundedStream(socket, {
      onData: (chunk) => listener.onSignalling(chunk),
      onLost: (failure) => listener.onSignallingFailed(asTransportFailure(failure)),
    });
  }

  static async open(place: H323Place, listener: H323Listener): Promise<Result<H323Connections, SocketFailure>> {
    const connected = await connectTcp(place);
    return connected.ok ? ok(new H323Connections(connected.value, place, listener)) : err(connected.error);
  }

  sendSignalling(octets: Uint8Array): void {
    this.signalling.send(octets);
  }

  openH245({ port }: H245Target): void {
    void this.connectH245(port);
  }

  sendH245(octets: Uint8Array): void {
    this.control?.send(octets);
  }

  close(): void {
    this.closed = true;
    this.control?.close();
    this.signalling.close();
  }

  private async connectH245(port: number): Promise<void> {
    const { address, source, timeoutMs } = this.place;
    const connected = await connectTcp({ address, port, source, timeoutMs });
    if (this.closed) {
      if (connected.ok) connected.value.destroy();
      return;
    }
    if (!connected.ok) return this.listener.onH245Failed(asTransportFailure(connected.error));
    // a far end that names a second address gives up its first
    this.control?.close();
    this.control = new BoundedStream(connected.value, {
      onData: (chunk) => this.listener.onH245(chunk),
      onLost: (failure) => this.listener.onH245Failed(asTransportFailure(failure)),
    });
    this.listener.onH245Opened();
  }
}

const asTransportFailure = (failure: SocketFailure): H323TransportFailure => (failure === 'aborted' ? 'closed' : failure);
