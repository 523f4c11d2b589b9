/** The requests of a client, and its answers to those of a gatekeeper. */
import type { Place } from '../media-codecs.js';
import { aliasAddress, ipAddress, PROTOCOL_IDENTIFIER, VENDOR } from '../call-messages.js';
import type { RasMessage } from './ras-message.js';
import type { AdmissionWish, RasConfig } from './ras-types.js';

const TERMINAL = { vendor: VENDOR, terminal: {}, mc: false, undefinedNode: false };

/** What the gatekeeper called itself and us. */
export interface Registered {
  endpointIdentifier: string;
  gatekeeperIdentifier?: string;
}

const at = ({ address, port }: Place) => ipAddress(address, port);

export function gatekeeperRequest({ ras, alias }: RasConfig, requestSeqNum: number): RasMessage {
  return {
    gatekeeperRequest: {
      requestSeqNum,
      protocolIdentifier: PROTOCOL_IDENTIFIER,
      rasAddress: at(ras),
      endpointType: TERMINAL,
      endpointAlias: [aliasAddress(alias)],
    },
  };
}

/** @param known of a registration that is only kept alive: then it is a light one, without our names */
export function registrationRequest(
  { callSignal, ras, alias, timeToLiveS }: RasConfig,
  gatekeeperIdentifier: string | undefined,
  known: Registered | undefined,
  requestSeqNum: number,
): RasMessage {
  return {
    registrationRequest: {
      requestSeqNum,
      protocolIdentifier: PROTOCOL_IDENTIFIER,
      discoveryComplete: true,
      callSignalAddress: [at(callSignal)],
      rasAddress: [at(ras)],
      terminalType: TERMINAL,
      terminalAlias: known ? undefined : [aliasAddress(alias)],
      gatekeeperIdentifier,
      endpointVendor: VENDOR,
      timeToLive: timeToLiveS,
      keepAlive: known !== undefined,
      endpointIdentifier: known?.endpointIdentifier,
      willSupplyUUIEs: false,
      maintainConnection: false,
    },
  };
}

export function unregistrationRequest({ callSignal }: RasConfig, known: Registered, requestSeqNum: number): RasMessage {
  return { unregistrationRequest: { requestSeqNum, callSignalAddress: [at(callSignal)], ...known } };
}

export function admissionRequest(
  { callSignal, alias }: RasConfig,
  known: Registered,
  wish: AdmissionWish,
  requestSeqNum: number,
): RasMessage {
  return {
    admissionRequest: {
      requestSeqNum,
      callType: { pointToPoint: null },
      callModel: { direct: null },
      ...known,
      destinationInfo: [aliasAddress(wish.alias)],
      srcInfo: [aliasAddress(alias)],
      srcCallSignalAddress: at(callSignal),
      bandWidth: wish.bandwidthKbps * 10,
      callReferenceValue: wish.callReference,
      conferenceID: wish.conferenceID,
      activeMC: false,
      answerCall: false,
      canMapAlias: true,
      callIdentifier: { guid: wish.callIdentifier },
      willSupplyUUIEs: false,
    },
  };
}

export function disengageRequest(known: Registered, wish: AdmissionWish, requestSeqNum: number): RasMessage {
  return {
    disengageRequest: {
      requestSeqNum,
      ...known,
      conferenceID: wish.conferenceID,
      callReferenceValue: wish.callReference,
      disengageReason: { normalDrop: null },
      callIdentifier: { guid: wish.callIdentifier },
      answeredCall: false,
    },
  };
}

export function infoRequestResponse({ callSignal, ras, alias }: RasConfig, known: Registered, requestSeqNum: number): RasMessage {
  return {
    infoRequestResponse: {
      requestSeqNum,
      endpointType: TERMINAL,
      endpointIdentifier: known.endpointIdentifier,
      rasAddress: at(ras),
      callSignalAddress: [at(callSignal)],
      endpointAlias: [aliasAddress(alias)],
      needResponse: false,
      unsolicited: false,
    },
  };
}
