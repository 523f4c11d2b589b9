/** H.225.0 messages of a simulated device: the captured ones with the names and places of the call in hand, and their like. */
import type { Facility, H323UuPdu, MessageBody } from '../../protocols/h323/messages/h225-call.js';
import type { TransportAddress } from '../../protocols/h323/messages/h225-address.js';
import type { EndpointType } from '../../protocols/h323/messages/h225-endpoint.js';
import { causeElement, ELEMENT_IDS, Q931_TYPES, type InformationElement } from '../../protocols/h323/q931.js';
import { formatSignalling, parseSignalling } from '../../protocols/h323/signalling-message.js';
import { formatTpkt } from '../../protocols/h323/tpkt-framer.js';
import type { ReleaseReason } from '../faults/fault.js';
import type { CapturedStack } from './captured.js';

export interface CallNames {
  callReference: number;
  callIdentifier: Uint8Array;
  conferenceID: Uint8Array;
}

export interface Place {
  address: string;
  port: number;
}

/** What a message may bring beside its own contents. */
export interface Extras {
  h245Address?: TransportAddress;
  fastStart?: Uint8Array[];
  conferenceID?: Uint8Array;
  destinationInfo?: EndpointType;
  /** H.245 in the tunnel */
  control?: Uint8Array[];
}

export interface Release {
  cause?: number;
  reason?: ReleaseReason;
  control?: Uint8Array[];
}

export const transportAddressOf = ({ address, port }: Place): TransportAddress => ({
  ipAddress: { ip: Uint8Array.from(address.split('.').map(Number)), port },
});

/** Each returns a whole TPKT. */
export class DeviceMessages {
  private readonly proceeding: Captured;

  constructor(
    private readonly stack: CapturedStack,
    private readonly names: CallNames,
    private readonly tunnelling: boolean,
  ) {
    this.proceeding = captured(stack.callProceeding);
  }

  get destinationInfo(): EndpointType {
    const { body } = this.proceeding;
    if (!('callProceeding' in body)) throw new Error('the captured CALL PROCEEDING is another message');
    return body.callProceeding.destinationInfo;
  }

  callProceeding(extras: Extras = {}): Uint8Array {
    return this.repeat(this.proceeding, extras);
  }

  alerting(extras: Extras = {}): Uint8Array {
    if (this.stack.alerting !== undefined) return this.repeat(captured(this.stack.alerting), extras);
    // of H323Plus no ALERTING was kept: like its CALL PROCEEDING, which has the same components
    const { elements, body } = this.proceeding;
    if (!('callProceeding' in body)) throw new Error('the captured CALL PROCEEDING is another message');
    return this.repeat({ type: Q931_TYPES.alerting, elements, body: { alerting: body.callProceeding } }, extras);
  }

  /** A message that this stack was not seen sending goes out as nothing. */
  progress(): Uint8Array | undefined {
    return this.stack.progress === undefined ? undefined : this.repeat(captured(this.stack.progress), {});
  }

  connect(extras: Extras = {}): Uint8Array {
    return this.repeat(captured(this.stack.connect), { conferenceID: this.names.conferenceID, ...extras });
  }

  tunnel(control: Uint8Array[]): Uint8Array {
    const body = this.stack.tunnel === 'empty' ? { empty: null } : this.facility({ transportedInformation: null });
    return this.message(Q931_TYPES.facility, [], body, control);
  }

  startH245(place: Place): Uint8Array {
    return this.message(Q931_TYPES.facility, [], this.facility({ startH245: null }, { h245Address: transportAddressOf(place) }));
  }

  forward(reason: 'callForwarded' | 'routeCallToGatekeeper' | 'routeCallToMC', place: Place): Uint8Array {
    const alternativeAddress = transportAddressOf(place);
    const body = this.facility({ [reason]: null } as Facility['reason'], { alternativeAddress });
    return this.message(Q931_TYPES.facility, [], body);
  }

  release({ cause, reason, control }: Release): Uint8Array {
    const releaseComplete = {
      protocolIdentifier: this.protocolIdentifier,
      // one name out of a list of the very names
      reason: reason && ({ [reason]: null } as Extract<MessageBody, { releaseComplete: unknown }>['releaseComplete']['reason']),
      callIdentifier: { guid: this.names.callIdentifier },
    };
    const elements = cause === undefined ? [] : [causeElement(cause)];
    return this.message(Q931_TYPES.releaseComplete, elements, { releaseComplete }, control);
  }

  private get protocolIdentifier(): string {
    const [fields] = Object.values(this.proceeding.body) as [{ protocolIdentifier: string }];
    return fields.protocolIdentifier;
  }

  private facility(
    reason: Facility['reason'],
    places: { alternativeAddress?: TransportAddress; h245Address?: TransportAddress } = {},
  ) {
    const { protocolIdentifier } = this;
    return { facility: { protocolIdentifier, reason, callIdentifier: { guid: this.names.callIdentifier }, ...places } };
  }

  private repeat({ type, elements, body }: Captured, { control, ...extras }: Extras): Uint8Array {
    const [[name, contents] = []] = Object.entries(body);
    const callIdentifier = { guid: this.names.callIdentifier };
    // the address in a capture was for the call in the capture
    const ours = { ...(contents as object), h245Address: undefined, callIdentifier, ...extras };
    return this.message(type, elements, { [name as string]: ours } as MessageBody, control);
  }

  private message(type: number, elements: InformationElement[], body: MessageBody, control?: Uint8Array[]): Uint8Array {
    const h245Control = control && control.length > 0 ? control : undefined;
    const pdu: H323UuPdu = { 'h323-message-body': body, h245Tunnelling: this.tunnelling, h245Control };
    return formatTpkt(formatSignalling({ callReference: this.names.callReference, fromDestination: true, type, elements }, pdu));
  }
}

interface Captured {
  type: number;
  elements: InformationElement[];
  body: MessageBody;
}

function captured(hex: string): Captured {
  const message = parseSignalling(Buffer.from(hex, 'hex'));
  if (!message.ok || !message.value.pdu?.ok) throw new Error('a captured message cannot be read');
  const { type, elements, pdu } = message.value;
  const others = elements.filter(({ id }) => id !== ELEMENT_IDS.userUser);
  return { type, elements: others, body: pdu.value['h323-message-body'] };
}
