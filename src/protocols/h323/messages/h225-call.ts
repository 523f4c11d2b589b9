/** The call signalling messages of H.225.0 (section 7.3), as they stand in the User-User information element of Q.931. */
import { choice } from '../per/choice.js';
import { boolean, integer, nothing, octets } from '../per/primitives.js';
import type { Infer } from '../per/schema.js';
import { listOf, optional, sequence, skip } from '../per/sequence.js';
import {
  AliasAddress,
  CallIdentifier,
  CallReferenceValue,
  ConferenceIdentifier,
  NonStandardParameter,
  ProtocolIdentifier,
  TransportAddress,
} from './h225-address.js';
import { EndpointType } from './h225-endpoint.js';
import { H245Security } from './h225-security.js';

export const Q954Details = sequence({ conferenceCalling: boolean, threePartyService: boolean }, {});

export const QseriesOptions = sequence(
  {
    q932Full: boolean,
    q951Full: boolean,
    q952Full: boolean,
    q953Full: boolean,
    q955Full: boolean,
    q956Full: boolean,
    q957Full: boolean,
    q954Info: Q954Details,
  },
  {},
);

export const CallType = choice({ pointToPoint: nothing, oneToN: nothing, nToOne: nothing, nToN: nothing }, {});

export const FacilityReason = choice(
  { routeCallToGatekeeper: nothing, callForwarded: nothing, routeCallToMC: nothing, undefinedReason: nothing },
  {
    conferenceListChoice: nothing,
    startH245: nothing,
    noH245: nothing,
    newTokens: nothing,
    featureSetUpdate: nothing,
    forwardedElements: nothing,
    transportedInformation: nothing,
  },
);

/** Three of the additions have contents, which are passed over: that they came is what counts. */
export const ReleaseCompleteReason = choice(
  {
    noBandwidth: nothing,
    gatekeeperResources: nothing,
    unreachableDestination: nothing,
    destinationRejection: nothing,
    invalidRevision: nothing,
    noPermission: nothing,
    unreachableGatekeeper: nothing,
    gatewayResources: nothing,
    badFormatAddress: nothing,
    adaptiveBusy: nothing,
    inConf: nothing,
    undefinedReason: nothing,
  },
  {
    facilityCallDeflection: nothing,
    securityDenied: nothing,
    calledPartyNotRegistered: nothing,
    callerNotRegistered: nothing,
    newConnectionNeeded: nothing,
    nonStandardReason: nothing,
    replaceWithConferenceInvite: nothing,
    genericDataReason: nothing,
    neededFeatureNotSupported: nothing,
    tunnelledSignallingRejected: nothing,
    invalidCID: nothing,
    securityError: nothing,
    hopCountExceeded: nothing,
  },
);

export const Setup = sequence(
  {
    protocolIdentifier: ProtocolIdentifier,
    h245Address: optional(TransportAddress),
    sourceAddress: optional(listOf(AliasAddress)),
    sourceInfo: EndpointType,
    destinationAddress: optional(listOf(AliasAddress)),
    destCallSignalAddress: optional(TransportAddress),
    destExtraCallInfo: optional(listOf(AliasAddress)),
    destExtraCRV: optional(listOf(CallReferenceValue)),
    activeMC: boolean,
    conferenceID: ConferenceIdentifier,
    conferenceGoal: choice(
      { create: nothing, join: nothing, invite: nothing },
      { 'capability-negotiation': nothing, callIndependentSupplementaryService: nothing },
    ),
    callServices: optional(QseriesOptions),
    callType: CallType,
  },
  {
    sourceCallSignalAddress: TransportAddress,
    remoteExtensionAddress: skip,
    callIdentifier: CallIdentifier,
    h245SecurityCapability: skip,
    tokens: skip,
    cryptoTokens: skip,
    fastStart: listOf(octets()),
    mediaWaitForConnect: boolean,
    canOverlapSend: boolean,
    endpointIdentifier: skip,
    multipleCalls: boolean,
    maintainConnection: boolean,
    connectionParameters: skip,
    language: skip,
    presentationIndicator: skip,
    screeningIndicator: skip,
    serviceControl: skip,
    symmetricOperationRequired: skip,
    capacity: skip,
    circuitInfo: skip,
    desiredProtocols: skip,
    neededFeatures: skip,
    desiredFeatures: skip,
    supportedFeatures: skip,
    parallelH245Control: skip,
    additionalSourceAddresses: skip,
    hopCount: skip,
    displayName: skip,
  },
);

export const CallProceeding = sequence(
  { protocolIdentifier: ProtocolIdentifier, destinationInfo: EndpointType, h245Address: optional(TransportAddress) },
  {
    callIdentifier: CallIdentifier,
    h245SecurityMode: skip,
    tokens: skip,
    cryptoTokens: skip,
    fastStart: listOf(octets()),
    multipleCalls: boolean,
    maintainConnection: boolean,
    fastConnectRefused: nothing,
  },
);

export const Alerting = sequence(
  { protocolIdentifier: ProtocolIdentifier, destinationInfo: EndpointType, h245Address: optional(TransportAddress) },
  {
    callIdentifier: CallIdentifier,
    h245SecurityMode: skip,
    tokens: skip,
    cryptoTokens: skip,
    fastStart: listOf(octets()),
    multipleCalls: boolean,
    maintainConnection: boolean,
    alertingAddress: skip,
    presentationIndicator: skip,
    screeningIndicator: skip,
    fastConnectRefused: nothing,
  },
);

export const Progress = sequence(
  {
    protocolIdentifier: ProtocolIdentifier,
    destinationInfo: EndpointType,
    h245Address: optional(TransportAddress),
    callIdentifier: CallIdentifier,
    h245SecurityMode: optional(H245Security),
    tokens: optional(skip),
    cryptoTokens: optional(skip),
    fastStart: optional(listOf(octets())),
  },
  { multipleCalls: boolean, maintainConnection: boolean, fastConnectRefused: nothing },
);

export const Connect = sequence(
  {
    protocolIdentifier: ProtocolIdentifier,
    h245Address: optional(TransportAddress),
    destinationInfo: EndpointType,
    conferenceID: ConferenceIdentifier,
  },
  {
    callIdentifier: CallIdentifier,
    h245SecurityMode: skip,
    tokens: skip,
    cryptoTokens: skip,
    fastStart: listOf(octets()),
    multipleCalls: boolean,
    maintainConnection: boolean,
    language: skip,
    connectedAddress: skip,
    presentationIndicator: skip,
    screeningIndicator: skip,
    fastConnectRefused: nothing,
  },
);

export const Facility = sequence(
  {
    protocolIdentifier: ProtocolIdentifier,
    alternativeAddress: optional(TransportAddress),
    alternativeAliasAddress: optional(listOf(AliasAddress)),
    conferenceID: optional(ConferenceIdentifier),
    reason: FacilityReason,
  },
  {
    callIdentifier: CallIdentifier,
    destExtraCallInfo: skip,
    remoteExtensionAddress: skip,
    tokens: skip,
    cryptoTokens: skip,
    conferences: skip,
    h245Address: TransportAddress,
    fastStart: listOf(octets()),
    multipleCalls: boolean,
    maintainConnection: boolean,
    fastConnectRefused: nothing,
  },
);

export const ReleaseComplete = sequence(
  { protocolIdentifier: ProtocolIdentifier, reason: optional(ReleaseCompleteReason) },
  {
    callIdentifier: CallIdentifier,
    tokens: skip,
    cryptoTokens: skip,
    busyAddress: skip,
    presentationIndicator: skip,
    screeningIndicator: skip,
    capacity: skip,
    serviceControl: skip,
    featureSet: skip,
    destinationInfo: skip,
    displayName: skip,
  },
);

export const H323UuPdu = sequence(
  {
    'h323-message-body': choice(
      {
        setup: Setup,
        callProceeding: CallProceeding,
        connect: Connect,
        alerting: Alerting,
        information: skip,
        releaseComplete: ReleaseComplete,
        facility: Facility,
      },
      { progress: Progress, empty: nothing },
    ),
    nonStandardData: optional(NonStandardParameter),
  },
  {
    h4501SupplementaryService: skip,
    h245Tunnelling: boolean,
    h245Control: listOf(octets()),
    nonStandardControl: skip,
    callLinkage: skip,
    tunnelledSignallingMessage: skip,
    provisionalRespToH245Tunnelling: skip,
    stimulusControl: skip,
    genericData: skip,
  },
);

export const H323UserInformation = sequence(
  {
    'h323-uu-pdu': H323UuPdu,
    'user-data': optional(sequence({ 'protocol-discriminator': integer(0, 255), 'user-information': octets(1, 131) }, {})),
  },
  {},
);

export type Setup = Infer<typeof Setup>;
export type Facility = Infer<typeof Facility>;
export type ReleaseCompleteReason = Infer<typeof ReleaseCompleteReason>;
export type H323UuPdu = Infer<typeof H323UuPdu>;
export type MessageBody = H323UuPdu['h323-message-body'];
