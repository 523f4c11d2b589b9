/** The messages that a caller sends (H.225.0 section 7.3), and what it reads of those that come. */
import type { CallIds } from './call-ids.js';
import type { H323Config } from './call-types.js';
import { ipv4Octets, ipv4Text, type Place } from './media-codecs.js';
import type { AliasAddress, TransportAddress } from './messages/h225-address.js';
import type { H323UuPdu, MessageBody } from './messages/h225-call.js';
import type { EndpointType } from './messages/h225-endpoint.js';
import {
  bearerElement,
  calledPartyElement,
  causeElement,
  displayElement,
  Q931_TYPES,
  trimNul,
  type InformationElement,
} from './q931.js';
import { formatSignalling } from './signalling-message.js';

/** H.225.0 version 4: a peer may expect every addition of the version that we announce. */
export const PROTOCOL_IDENTIFIER = '0.0.8.2250.0.4';
/** T.35 country code of Viet Nam; no number of a manufacturer is ours. */
export const VENDOR = {
  vendor: { t35CountryCode: 0xbc, t35Extension: 0, manufacturerCode: 0 },
  productId: new Uint8Array(Buffer.from('Thong Suot')),
};
const DIGITS = /^[0-9#*,]{1,128}$/;

export function setupMessage(config: H323Config, ids: CallIds, fastStart: Uint8Array[]): Uint8Array {
  const { alias, remoteAddress, remotePort, localAddress, localPort, displayName } = config;
  const setup = {
    protocolIdentifier: PROTOCOL_IDENTIFIER,
    sourceAddress: [{ 'h323-ID': displayName }],
    sourceInfo: { vendor: VENDOR, terminal: {}, mc: false, undefinedNode: false },
    destinationAddress: alias === undefined ? undefined : [aliasAddress(alias)],
    destCallSignalAddress: ipAddress(remoteAddress, remotePort),
    activeMC: false,
    conferenceID: ids.conferenceID,
    conferenceGoal: { create: null },
    callType: { pointToPoint: null },
    sourceCallSignalAddress: ipAddress(localAddress, localPort),
    callIdentifier: { guid: ids.callIdentifier },
    fastStart: fastStart.length > 0 ? fastStart : undefined,
    mediaWaitForConnect: false,
    canOverlapSend: false,
  };
  const elements = [bearerElement(config.callRateKbps), displayElement(displayName)];
  if (alias !== undefined && DIGITS.test(alias)) elements.push(calledPartyElement(alias));
  const pdu = { 'h323-message-body': { setup }, h245Tunnelling: config.tunnelling };
  return message(ids, Q931_TYPES.setup, elements, pdu);
}

/** H.245 in the tunnel: FACILITY without a body of its own (H.225.0 section 8.1). */
export function tunnelMessage(ids: CallIds, control: Uint8Array[]): Uint8Array {
  const pdu: H323UuPdu = { 'h323-message-body': { empty: null }, h245Tunnelling: true, h245Control: control };
  return message(ids, Q931_TYPES.facility, [], pdu);
}

/** @param cause of Q.850: 16 for normal clearing */
export function releaseMessage(ids: CallIds, cause: number, tunnelling: boolean): Uint8Array {
  const releaseComplete = { protocolIdentifier: PROTOCOL_IDENTIFIER, callIdentifier: { guid: ids.callIdentifier } };
  const pdu = { 'h323-message-body': { releaseComplete }, h245Tunnelling: tunnelling };
  return message(ids, Q931_TYPES.releaseComplete, [causeElement(cause)], pdu);
}

function message({ callReference }: CallIds, type: number, elements: InformationElement[], pdu: H323UuPdu): Uint8Array {
  return formatSignalling({ callReference, fromDestination: false, type, elements }, pdu);
}

export const aliasAddress = (alias: string): AliasAddress =>
  DIGITS.test(alias) ? { dialledDigits: alias } : { 'h323-ID': alias };

export const ipAddress = (address: string, port: number): TransportAddress => ({ ipAddress: { ip: ipv4Octets(address), port } });

export function signalPlaceOf(address: TransportAddress | undefined): Place | undefined {
  if (!address || !('ipAddress' in address) || address.ipAddress.port === 0) return undefined;
  return { address: ipv4Text(address.ipAddress.ip), port: address.ipAddress.port };
}

/** The first name or number in a list, for people. */
export function aliasText(aliases: AliasAddress[] | undefined): string | undefined {
  const [first] = aliases ?? [];
  if (!first || 'otherAddition' in first || 'transportID' in first) return undefined;
  return trimNul(Object.values(first)[0] ?? '').slice(0, 256);
}

/** What the messages of a call have in common, whichever of them it is. */
export interface News {
  h245Address?: Place;
  fastStart?: Uint8Array[];
  destinationInfo?: EndpointType;
  conferenceID?: Uint8Array;
}

export function newsOf(body: MessageBody): News {
  if ('connect' in body) {
    const { h245Address, fastStart, destinationInfo, conferenceID } = body.connect;
    return { h245Address: signalPlaceOf(h245Address), fastStart, destinationInfo, conferenceID };
  }
  if ('facility' in body) {
    const { h245Address, fastStart } = body.facility;
    return { h245Address: signalPlaceOf(h245Address), fastStart };
  }
  const early =
    'callProceeding' in body
      ? body.callProceeding
      : 'alerting' in body
        ? body.alerting
        : 'progress' in body
          ? body.progress
          : undefined;
  if (!early) return {};
  const { h245Address, fastStart, destinationInfo } = early;
  return { h245Address: signalPlaceOf(h245Address), fastStart, destinationInfo };
}

/** What stands in the room, as it says. */
export function productOf({ vendor }: EndpointType): { product?: string; version?: string } {
  const text = (octets: Uint8Array | undefined): string | undefined =>
    octets && trimNul(Buffer.from(octets).toString('latin1')).replace(/[^\x20-\x7e]/g, '?');
  return { product: text(vendor?.productId), version: text(vendor?.versionId) };
}
