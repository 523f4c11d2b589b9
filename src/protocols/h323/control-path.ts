/**
 * How H.245 reaches the far end: in the tunnel of the signalling connection, or over a connection of its own (H.323 section
 * 8.2.1). The far end decides, with every message: h245Tunnelling TRUE opens the tunnel that we offered, FALSE ends it for
 * good, and an h245Address is the other way.
 */
import { formatTpkt, TpktFramer } from './tpkt-framer.js';
import type { H245Target, H323Config, H323Facts, H323TransportFailure, H323Wire } from './call-types.js';
import type { Place } from './media-codecs.js';
import { MultimediaSystemControlMessage } from './messages/h245-message.js';
import { decodePer, encodePer } from './per/schema.js';

export interface ControlPathDeps {
  wire: Pick<H323Wire, 'openH245' | 'sendH245'>;
  facts: H323Facts;
  /** into the tunnel */
  sendTunnelled(control: Uint8Array): void;
  onMessage(message: MultimediaSystemControlMessage): void;
  /** H.245 can be spoken from now on */
  onOpen(): void;
}

/** A far end that names one address after another is not followed for ever. */
const MAX_TARGETS = 3;

export class ControlPath {
  private tunnel: 'offered' | 'on' | 'off';
  private connection: 'none' | 'opening' | 'open' | 'lost' = 'none';
  private readonly framer = new TpktFramer();
  private readonly tried: number[] = [];
  private lastFailure?: H323TransportFailure;

  constructor(
    private readonly config: Pick<H323Config, 'remoteAddress' | 'tunnelling'>,
    private readonly deps: ControlPathDeps,
  ) {
    this.tunnel = config.tunnelling ? 'offered' : 'off';
  }

  get isOpen(): boolean {
    return this.tunnel === 'on' || this.connection === 'open';
  }

  /** What we say of tunnelling in our own messages. */
  get tunnels(): boolean {
    return this.tunnel !== 'off';
  }

  /** Why there is none, while no connection is on its way. */
  get blocked(): H323TransportFailure | 'not-offered' | undefined {
    if (this.isOpen || this.connection === 'opening') return undefined;
    return this.lastFailure ?? 'not-offered';
  }

  /** @param tunnelling of one message; undefined where it said nothing */
  learn(tunnelling: boolean | undefined, address: Place | undefined): void {
    if (tunnelling === false) this.tunnel = 'off';
    else if (tunnelling && this.tunnel === 'offered') {
      this.tunnel = 'on';
      if (this.connection === 'none') this.noteOpen('tunnelled');
    }
    if (address && this.tunnel !== 'on') this.connect(address);
  }

  send(message: MultimediaSystemControlMessage): void {
    const octets = encodePer(MultimediaSystemControlMessage, message);
    if (this.connection === 'open') this.deps.wire.sendH245(formatTpkt(octets));
    else if (this.tunnel === 'on') this.deps.sendTunnelled(octets);
  }

  /** h245Control of a signalling message, whatever its body. */
  receiveTunnelled(control: Uint8Array[]): void {
    for (const octets of control) this.read(octets);
  }

  receiveSeparate(chunk: Uint8Array): void {
    for (const packet of this.framer.push(chunk)) {
      if (packet.ok) this.read(packet.value);
      else this.deps.facts.unreadable++;
    }
  }

  opened(): void {
    this.connection = 'open';
    this.noteOpen('separate');
  }

  failed(failure: H323TransportFailure): void {
    this.connection = 'lost';
    this.lastFailure = failure;
  }

  private connect({ address, port }: Place): void {
    const isTaken = this.connection === 'opening' || this.connection === 'open';
    if (isTaken || this.tried.includes(port) || this.tried.length >= MAX_TARGETS) return;
    this.tried.push(port);
    this.connection = 'opening';
    if (address !== this.config.remoteAddress) this.deps.facts.controlElsewhere = address;
    const target: H245Target = { address: this.config.remoteAddress, port };
    this.deps.wire.openH245(target);
  }

  private noteOpen(control: NonNullable<H323Facts['control']>): void {
    this.deps.facts.control = control;
    this.deps.onOpen();
  }

  private read(octets: Uint8Array): void {
    const message = decodePer(MultimediaSystemControlMessage, octets);
    if (message.ok) this.deps.onMessage(message.value);
    else this.deps.facts.unreadable++;
  }
}
