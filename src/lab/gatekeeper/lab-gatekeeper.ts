/**
 * A gatekeeper for tests and trials, as GNU Gatekeeper behaves in direct and in routed mode: it takes every registration, knows
 * the endpoints of the lab by their codes, and admits calls of those who are registered.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { decodePer, encodePer } from '../../protocols/h323/per/schema.js';
import { RasMessage } from '../../protocols/h323/ras/ras-message.js';

export const RAS_PORT = 1719;
const CALL_SIGNAL_PORT = 1720;
const PROTOCOL_IDENTIFIER = '0.0.8.2250.0.4';
const IDENTIFIER = 'lab';
const TIME_TO_LIVE_S = 60;

/** What is odd about it. */
export type GatekeeperFault = 'silent' | 'no-discovery' | 'no-registration' | 'no-permission' | 'forgets-registrations' | 'busy';

export interface GatekeeperOptions {
  address: string;
  /** alias to the address of an endpoint */
  find(alias: string): string | undefined;
  timeToLiveS?: number;
}

type AliasList = NonNullable<Extract<RasMessage, { admissionRequest: unknown }>['admissionRequest']['destinationInfo']>;

export class LabGatekeeper {
  fault: GatekeeperFault | undefined;
  /** names of the messages that came, in their order */
  readonly heard: string[] = [];
  /** calls that were admitted and not yet disengaged */
  readonly standing = new Set<number>();
  private readonly registrations = new Map<string, RemoteInfo>();
  private lastEndpoint = 0;

  private constructor(
    private readonly socket: Socket,
    private readonly options: GatekeeperOptions,
  ) {
    socket.on('message', (octets, peer) => this.receive(octets, peer));
    socket.on('error', () => undefined);
  }

  /** @throws when the port is taken */
  static open(options: GatekeeperOptions): Promise<LabGatekeeper> {
    const socket = createSocket('udp4');
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.bind({ address: options.address, port: RAS_PORT, exclusive: true }, () => {
        socket.removeListener('error', reject);
        resolve(new LabGatekeeper(socket, options));
      });
    });
  }

  get registered(): number {
    return this.registrations.size;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.socket.close(() => resolve()));
  }

  private receive(octets: Uint8Array, peer: RemoteInfo): void {
    const message = decodePer(RasMessage, octets);
    if (!message.ok) return;
    this.heard.push(Object.keys(message.value)[0] ?? '');
    const answer = this.fault === 'silent' ? undefined : this.answerTo(message.value, peer);
    if (answer) this.socket.send(encodePer(RasMessage, answer), peer.port, peer.address);
  }

  private answerTo(message: RasMessage, peer: RemoteInfo): RasMessage | undefined {
    if ('gatekeeperRequest' in message) return this.discovered(message.gatekeeperRequest);
    if ('registrationRequest' in message) return this.register(message.registrationRequest, peer);
    if ('admissionRequest' in message) return this.admit(message.admissionRequest);
    if ('disengageRequest' in message) {
      const { requestSeqNum, callReferenceValue } = message.disengageRequest;
      this.standing.delete(callReferenceValue);
      return { disengageConfirm: { requestSeqNum } };
    }
    if ('unregistrationRequest' in message) {
      const { requestSeqNum, endpointIdentifier } = message.unregistrationRequest;
      this.registrations.delete(endpointIdentifier ?? '');
      return { unregistrationConfirm: { requestSeqNum } };
    }
    return undefined;
  }

  private discovered({ requestSeqNum }: { requestSeqNum: number }): RasMessage {
    const common = { requestSeqNum, protocolIdentifier: PROTOCOL_IDENTIFIER, gatekeeperIdentifier: IDENTIFIER };
    if (this.fault === 'no-discovery') return { gatekeeperReject: { ...common, rejectReason: { terminalExcluded: null } } };
    return { gatekeeperConfirm: { ...common, rasAddress: place(this.options.address, RAS_PORT) } };
  }

  private register(
    request: Extract<RasMessage, { registrationRequest: unknown }>['registrationRequest'],
    peer: RemoteInfo,
  ): RasMessage {
    const { requestSeqNum, keepAlive, endpointIdentifier: known } = request;
    const common = { requestSeqNum, protocolIdentifier: PROTOCOL_IDENTIFIER, gatekeeperIdentifier: IDENTIFIER };
    const reject = (rejectReason: { securityDenial: null } | { fullRegistrationRequired: null }): RasMessage => ({
      registrationReject: { ...common, rejectReason },
    });
    if (this.fault === 'no-registration') return reject({ securityDenial: null });
    const isKept = keepAlive === true && known !== undefined && this.registrations.has(known);
    if (keepAlive === true && (!isKept || this.fault === 'forgets-registrations'))
      return reject({ fullRegistrationRequired: null });
    const endpointIdentifier = isKept ? known : `${++this.lastEndpoint}_lab`;
    this.registrations.set(endpointIdentifier, peer);
    const timeToLive = this.options.timeToLiveS ?? TIME_TO_LIVE_S;
    const callSignalAddress = [place(this.options.address, CALL_SIGNAL_PORT)];
    return { registrationConfirm: { ...common, callSignalAddress, endpointIdentifier, timeToLive, willRespondToIRR: false } };
  }

  private admit(request: Extract<RasMessage, { admissionRequest: unknown }>['admissionRequest']): RasMessage {
    const { requestSeqNum, endpointIdentifier, destinationInfo, callReferenceValue, bandWidth } = request;
    const reject = (rejectReason: RejectReason): RasMessage => ({ admissionReject: { requestSeqNum, rejectReason } });
    if (!this.registrations.has(endpointIdentifier)) return reject({ callerNotRegistered: null });
    if (this.fault === 'no-permission') return reject({ requestDenied: null });
    if (this.fault === 'busy') return reject({ resourceUnavailable: null });
    const address = this.options.find(aliasOf(destinationInfo));
    if (address === undefined) return reject({ calledPartyNotRegistered: null });
    this.standing.add(callReferenceValue);
    const destCallSignalAddress = place(address, CALL_SIGNAL_PORT);
    return { admissionConfirm: { requestSeqNum, bandWidth, callModel: { direct: null }, destCallSignalAddress } };
  }
}

type RejectReason = Extract<RasMessage, { admissionReject: unknown }>['admissionReject']['rejectReason'];

const place = (address: string, port: number) => ({
  ipAddress: { ip: Uint8Array.from(address.split('.').map(Number)), port },
});

function aliasOf(aliases: AliasList | undefined): string {
  const [first] = aliases ?? [];
  if (!first) return '';
  if ('dialledDigits' in first) return first.dialledDigits;
  return 'h323-ID' in first ? first['h323-ID'] : '';
}
