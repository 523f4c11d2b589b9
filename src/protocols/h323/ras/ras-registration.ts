/** Discovery and registration of H.225.0 (sections 7.8 to 7.10): GRQ, RRQ, URQ and their answers. */
import { choice } from '../per/choice.js';
import { boolean, nothing } from '../per/primitives.js';
import type { Infer } from '../per/schema.js';
import { optional, sequence, skip } from '../per/sequence.js';
import { NonStandardParameter, ProtocolIdentifier, TransportAddress } from '../messages/h225-address.js';
import { QseriesOptions } from '../messages/h225-call.js';
import { EndpointType, VendorIdentifier } from '../messages/h225-endpoint.js';
import {
  Addresses,
  Aliases,
  AlternateGatekeeperInfo,
  EndpointIdentifier,
  GatekeeperIdentifier,
  RequestSeqNum,
  TimeToLive,
} from './ras-common.js';

export const GatekeeperRequest = sequence(
  {
    requestSeqNum: RequestSeqNum,
    protocolIdentifier: ProtocolIdentifier,
    nonStandardData: optional(NonStandardParameter),
    rasAddress: TransportAddress,
    endpointType: EndpointType,
    gatekeeperIdentifier: optional(GatekeeperIdentifier),
    callServices: optional(QseriesOptions),
    endpointAlias: optional(Aliases),
  },
  {},
);

export const GatekeeperConfirm = sequence(
  {
    requestSeqNum: RequestSeqNum,
    protocolIdentifier: ProtocolIdentifier,
    nonStandardData: optional(NonStandardParameter),
    gatekeeperIdentifier: optional(GatekeeperIdentifier),
    rasAddress: TransportAddress,
  },
  { alternateGatekeeper: skip, authenticationMode: skip },
);

export const GatekeeperRejectReason = choice(
  { resourceUnavailable: nothing, terminalExcluded: nothing, invalidRevision: nothing, undefinedReason: nothing },
  { securityDenial: nothing, genericDataReason: nothing, neededFeatureNotSupported: nothing, securityError: skip },
);

export const GatekeeperReject = sequence(
  {
    requestSeqNum: RequestSeqNum,
    protocolIdentifier: ProtocolIdentifier,
    nonStandardData: optional(NonStandardParameter),
    gatekeeperIdentifier: optional(GatekeeperIdentifier),
    rejectReason: GatekeeperRejectReason,
  },
  { altGKInfo: AlternateGatekeeperInfo },
);

export const RegistrationRequest = sequence(
  {
    requestSeqNum: RequestSeqNum,
    protocolIdentifier: ProtocolIdentifier,
    nonStandardData: optional(NonStandardParameter),
    discoveryComplete: boolean,
    callSignalAddress: Addresses,
    rasAddress: Addresses,
    terminalType: EndpointType,
    terminalAlias: optional(Aliases),
    gatekeeperIdentifier: optional(GatekeeperIdentifier),
    endpointVendor: VendorIdentifier,
  },
  {
    alternateEndpoints: skip,
    timeToLive: TimeToLive,
    tokens: skip,
    cryptoTokens: skip,
    integrityCheckValue: skip,
    keepAlive: boolean,
    endpointIdentifier: EndpointIdentifier,
    willSupplyUUIEs: boolean,
    maintainConnection: boolean,
  },
);

export const RegistrationConfirm = sequence(
  {
    requestSeqNum: RequestSeqNum,
    protocolIdentifier: ProtocolIdentifier,
    nonStandardData: optional(NonStandardParameter),
    callSignalAddress: Addresses,
    terminalAlias: optional(Aliases),
    gatekeeperIdentifier: optional(GatekeeperIdentifier),
    endpointIdentifier: EndpointIdentifier,
  },
  {
    alternateGatekeeper: skip,
    timeToLive: TimeToLive,
    tokens: skip,
    cryptoTokens: skip,
    integrityCheckValue: skip,
    willRespondToIRR: boolean,
    preGrantedARQ: skip,
    maintainConnection: boolean,
  },
);

export const RegistrationRejectReason = choice(
  {
    discoveryRequired: nothing,
    invalidRevision: nothing,
    invalidCallSignalAddress: nothing,
    invalidRASAddress: nothing,
    duplicateAlias: Aliases,
    invalidTerminalType: nothing,
    undefinedReason: nothing,
    transportNotSupported: nothing,
  },
  {
    transportQOSNotSupported: nothing,
    resourceUnavailable: nothing,
    invalidAlias: nothing,
    securityDenial: nothing,
    fullRegistrationRequired: nothing,
    additiveRegistrationNotSupported: nothing,
    invalidTerminalAliases: skip,
    genericDataReason: nothing,
    neededFeatureNotSupported: nothing,
    securityError: skip,
    registerWithAssignedGK: nothing,
  },
);

export const RegistrationReject = sequence(
  {
    requestSeqNum: RequestSeqNum,
    protocolIdentifier: ProtocolIdentifier,
    nonStandardData: optional(NonStandardParameter),
    rejectReason: RegistrationRejectReason,
    gatekeeperIdentifier: optional(GatekeeperIdentifier),
  },
  { altGKInfo: AlternateGatekeeperInfo },
);

export const UnregRequestReason = choice(
  { reregistrationRequired: nothing, ttlExpired: nothing, securityDenial: nothing, undefinedReason: nothing },
  { maintenance: nothing, securityError: skip, registerWithAssignedGK: nothing },
);

export const UnregistrationRequest = sequence(
  {
    requestSeqNum: RequestSeqNum,
    callSignalAddress: Addresses,
    endpointAlias: optional(Aliases),
    nonStandardData: optional(NonStandardParameter),
    endpointIdentifier: optional(EndpointIdentifier),
  },
  {
    alternateEndpoints: skip,
    gatekeeperIdentifier: GatekeeperIdentifier,
    tokens: skip,
    cryptoTokens: skip,
    integrityCheckValue: skip,
    reason: UnregRequestReason,
  },
);

export const UnregistrationConfirm = sequence(
  { requestSeqNum: RequestSeqNum, nonStandardData: optional(NonStandardParameter) },
  {},
);

export const UnregRejectReason = choice(
  { notCurrentlyRegistered: nothing, callInProgress: nothing, undefinedReason: nothing },
  { permissionDenied: nothing, securityDenial: nothing, securityError: skip },
);

export const UnregistrationReject = sequence(
  { requestSeqNum: RequestSeqNum, rejectReason: UnregRejectReason, nonStandardData: optional(NonStandardParameter) },
  { altGKInfo: AlternateGatekeeperInfo },
);

export type RegistrationConfirm = Infer<typeof RegistrationConfirm>;
