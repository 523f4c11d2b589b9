/** Admission and disengagement of H.225.0 (sections 7.11 and 7.13), and the gatekeeper's questions (section 7.15). */
import { choice } from '../per/choice.js';
import { boolean, integer, nothing } from '../per/primitives.js';
import type { Infer } from '../per/schema.js';
import { optional, sequence, skip } from '../per/sequence.js';
import {
  CallIdentifier,
  CallReferenceValue,
  ConferenceIdentifier,
  NonStandardParameter,
  TransportAddress,
} from '../messages/h225-address.js';
import { CallType, QseriesOptions } from '../messages/h225-call.js';
import { EndpointType } from '../messages/h225-endpoint.js';
import {
  Addresses,
  Aliases,
  AlternateGatekeeperInfo,
  BandWidth,
  CallModel,
  EndpointIdentifier,
  GatekeeperIdentifier,
  RequestSeqNum,
} from './ras-common.js';

export const AdmissionRequest = sequence(
  {
    requestSeqNum: RequestSeqNum,
    callType: CallType,
    callModel: optional(CallModel),
    endpointIdentifier: EndpointIdentifier,
    destinationInfo: optional(Aliases),
    destCallSignalAddress: optional(TransportAddress),
    destExtraCallInfo: optional(Aliases),
    srcInfo: Aliases,
    srcCallSignalAddress: optional(TransportAddress),
    bandWidth: BandWidth,
    callReferenceValue: CallReferenceValue,
    nonStandardData: optional(NonStandardParameter),
    callServices: optional(QseriesOptions),
    conferenceID: ConferenceIdentifier,
    activeMC: boolean,
    answerCall: boolean,
  },
  {
    canMapAlias: boolean,
    callIdentifier: CallIdentifier,
    srcAlternatives: skip,
    destAlternatives: skip,
    gatekeeperIdentifier: GatekeeperIdentifier,
    tokens: skip,
    cryptoTokens: skip,
    integrityCheckValue: skip,
    transportQOS: skip,
    willSupplyUUIEs: boolean,
  },
);

export const AdmissionConfirm = sequence(
  {
    requestSeqNum: RequestSeqNum,
    bandWidth: BandWidth,
    callModel: CallModel,
    destCallSignalAddress: TransportAddress,
    irrFrequency: optional(integer(1, 65_535)),
    nonStandardData: optional(NonStandardParameter),
  },
  { destinationInfo: Aliases, destExtraCallInfo: Aliases, destinationType: EndpointType },
);

export const AdmissionRejectReason = choice(
  {
    calledPartyNotRegistered: nothing,
    invalidPermission: nothing,
    requestDenied: nothing,
    undefinedReason: nothing,
    callerNotRegistered: nothing,
    routeCallToGatekeeper: nothing,
    invalidEndpointIdentifier: nothing,
    resourceUnavailable: nothing,
  },
  {
    securityDenial: nothing,
    qosControlNotSupported: nothing,
    incompleteAddress: nothing,
    aliasesInconsistent: nothing,
    routeCallToSCN: skip,
    exceedsCallCapacity: nothing,
    collectDestination: nothing,
    collectPIN: nothing,
    genericDataReason: nothing,
    neededFeatureNotSupported: nothing,
    securityError: skip,
    securityDHmismatch: nothing,
    noRouteToDestination: nothing,
    unallocatedNumber: nothing,
    registerWithAssignedGK: nothing,
  },
);

export const AdmissionReject = sequence(
  { requestSeqNum: RequestSeqNum, rejectReason: AdmissionRejectReason, nonStandardData: optional(NonStandardParameter) },
  { altGKInfo: AlternateGatekeeperInfo, tokens: skip, cryptoTokens: skip, callSignalAddress: Addresses },
);

export const DisengageReason = choice({ forcedDrop: nothing, normalDrop: nothing, undefinedReason: nothing }, {});

export const DisengageRequest = sequence(
  {
    requestSeqNum: RequestSeqNum,
    endpointIdentifier: EndpointIdentifier,
    conferenceID: ConferenceIdentifier,
    callReferenceValue: CallReferenceValue,
    disengageReason: DisengageReason,
    nonStandardData: optional(NonStandardParameter),
  },
  {
    callIdentifier: CallIdentifier,
    gatekeeperIdentifier: GatekeeperIdentifier,
    tokens: skip,
    cryptoTokens: skip,
    integrityCheckValue: skip,
    answeredCall: boolean,
  },
);

export const DisengageConfirm = sequence({ requestSeqNum: RequestSeqNum, nonStandardData: optional(NonStandardParameter) }, {});

export const DisengageRejectReason = choice(
  { notRegistered: nothing, requestToDropOther: nothing },
  { securityDenial: nothing, securityError: skip },
);

export const DisengageReject = sequence(
  { requestSeqNum: RequestSeqNum, rejectReason: DisengageRejectReason, nonStandardData: optional(NonStandardParameter) },
  { altGKInfo: AlternateGatekeeperInfo },
);

export const InfoRequest = sequence(
  {
    requestSeqNum: RequestSeqNum,
    callReferenceValue: CallReferenceValue,
    nonStandardData: optional(NonStandardParameter),
    replyAddress: optional(TransportAddress),
  },
  { callIdentifier: CallIdentifier },
);

export const InfoRequestResponse = sequence(
  {
    nonStandardData: optional(NonStandardParameter),
    requestSeqNum: RequestSeqNum,
    endpointType: EndpointType,
    endpointIdentifier: EndpointIdentifier,
    rasAddress: TransportAddress,
    callSignalAddress: Addresses,
    endpointAlias: optional(Aliases),
    /** of calls; we tell of none */
    perCallInfo: optional(skip),
  },
  {
    tokens: skip,
    cryptoTokens: skip,
    integrityCheckValue: skip,
    needResponse: boolean,
    capacity: skip,
    irrStatus: skip,
    unsolicited: boolean,
  },
);

export type AdmissionRejectReason = Infer<typeof AdmissionRejectReason>;
