/** MultimediaSystemControlMessage: every H.245 message (annex B.1), as it stands in a TPKT of its own or in h245Control. */
import { choice } from '../per/choice.js';
import type { Infer } from '../per/schema.js';
import { skip } from '../per/sequence.js';
import {
  SendTerminalCapabilitySet,
  TerminalCapabilitySet,
  TerminalCapabilitySetAck,
  TerminalCapabilitySetReject,
  TerminalCapabilitySetRelease,
} from './h245-capability.js';
import {
  CloseLogicalChannel,
  CloseLogicalChannelAck,
  OpenLogicalChannel,
  OpenLogicalChannelAck,
  OpenLogicalChannelConfirm,
  OpenLogicalChannelReject,
  RequestChannelClose,
  RequestChannelCloseAck,
  RequestChannelCloseReject,
  RequestChannelCloseRelease,
} from './h245-channel.js';
import { NonStandardMessage } from './h245-common.js';
import {
  ConferenceCommand,
  ConferenceIndication,
  EndSessionCommand,
  FlowControlCommand,
  JitterIndication,
  MCLocationIndication,
  MaintenanceLoopAck,
  MaintenanceLoopOffCommand,
  MaintenanceLoopReject,
  MaintenanceLoopRequest,
  MasterSlaveDetermination,
  MasterSlaveDeterminationAck,
  MasterSlaveDeterminationReject,
  MasterSlaveDeterminationRelease,
  MiscellaneousCommand,
  MiscellaneousIndication,
  RoundTripDelayRequest,
  RoundTripDelayResponse,
  UserInputIndication,
} from './h245-control.js';
import { GenericMessage } from './h245-generic.js';

export const RequestMessage = choice(
  {
    nonStandard: NonStandardMessage,
    masterSlaveDetermination: MasterSlaveDetermination,
    terminalCapabilitySet: TerminalCapabilitySet,
    openLogicalChannel: OpenLogicalChannel,
    closeLogicalChannel: CloseLogicalChannel,
    requestChannelClose: RequestChannelClose,
    multiplexEntrySend: skip,
    requestMultiplexEntry: skip,
    requestMode: skip,
    roundTripDelayRequest: RoundTripDelayRequest,
    maintenanceLoopRequest: MaintenanceLoopRequest,
  },
  {
    communicationModeRequest: skip,
    conferenceRequest: skip,
    multilinkRequest: skip,
    logicalChannelRateRequest: skip,
    genericRequest: GenericMessage,
  },
);

export const ResponseMessage = choice(
  {
    nonStandard: NonStandardMessage,
    masterSlaveDeterminationAck: MasterSlaveDeterminationAck,
    masterSlaveDeterminationReject: MasterSlaveDeterminationReject,
    terminalCapabilitySetAck: TerminalCapabilitySetAck,
    terminalCapabilitySetReject: TerminalCapabilitySetReject,
    openLogicalChannelAck: OpenLogicalChannelAck,
    openLogicalChannelReject: OpenLogicalChannelReject,
    closeLogicalChannelAck: CloseLogicalChannelAck,
    requestChannelCloseAck: RequestChannelCloseAck,
    requestChannelCloseReject: RequestChannelCloseReject,
    multiplexEntrySendAck: skip,
    multiplexEntrySendReject: skip,
    requestMultiplexEntryAck: skip,
    requestMultiplexEntryReject: skip,
    requestModeAck: skip,
    requestModeReject: skip,
    roundTripDelayResponse: RoundTripDelayResponse,
    maintenanceLoopAck: MaintenanceLoopAck,
    maintenanceLoopReject: MaintenanceLoopReject,
  },
  {
    communicationModeResponse: skip,
    conferenceResponse: skip,
    multilinkResponse: skip,
    logicalChannelRateAcknowledge: skip,
    logicalChannelRateReject: skip,
    genericResponse: GenericMessage,
  },
);

export const CommandMessage = choice(
  {
    nonStandard: NonStandardMessage,
    maintenanceLoopOffCommand: MaintenanceLoopOffCommand,
    sendTerminalCapabilitySet: SendTerminalCapabilitySet,
    encryptionCommand: skip,
    flowControlCommand: FlowControlCommand,
    endSessionCommand: EndSessionCommand,
    miscellaneousCommand: MiscellaneousCommand,
  },
  {
    communicationModeCommand: skip,
    conferenceCommand: ConferenceCommand,
    h223MultiplexReconfiguration: skip,
    newATMVCCommand: skip,
    mobileMultilinkReconfigurationCommand: skip,
    genericCommand: GenericMessage,
  },
);

export const FunctionNotUnderstood = choice({ request: RequestMessage, response: ResponseMessage, command: CommandMessage });

export const IndicationMessage = choice(
  {
    nonStandard: NonStandardMessage,
    functionNotUnderstood: FunctionNotUnderstood,
    masterSlaveDeterminationRelease: MasterSlaveDeterminationRelease,
    terminalCapabilitySetRelease: TerminalCapabilitySetRelease,
    openLogicalChannelConfirm: OpenLogicalChannelConfirm,
    requestChannelCloseRelease: RequestChannelCloseRelease,
    multiplexEntrySendRelease: skip,
    requestMultiplexEntryRelease: skip,
    requestModeRelease: skip,
    miscellaneousIndication: MiscellaneousIndication,
    jitterIndication: JitterIndication,
    h223SkewIndication: skip,
    newATMVCIndication: skip,
    userInput: UserInputIndication,
  },
  {
    h2250MaximumSkewIndication: skip,
    mcLocationIndication: MCLocationIndication,
    conferenceIndication: ConferenceIndication,
    vendorIdentification: skip,
    functionNotSupported: skip,
    multilinkIndication: skip,
    logicalChannelRateRelease: skip,
    flowControlIndication: skip,
    mobileMultilinkReconfigurationIndication: skip,
    genericIndication: GenericMessage,
  },
);

export const MultimediaSystemControlMessage = choice(
  { request: RequestMessage, response: ResponseMessage, command: CommandMessage, indication: IndicationMessage },
  {},
);

export type RequestMessage = Infer<typeof RequestMessage>;
export type ResponseMessage = Infer<typeof ResponseMessage>;
export type CommandMessage = Infer<typeof CommandMessage>;
export type IndicationMessage = Infer<typeof IndicationMessage>;
export type MultimediaSystemControlMessage = Infer<typeof MultimediaSystemControlMessage>;
