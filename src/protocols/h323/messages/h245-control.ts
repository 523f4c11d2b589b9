/** Everything else that a call says in H.245: who is master, how far away the other is, loops, commands and indications. */
import { choice } from '../per/choice.js';
import { integer, nothing } from '../per/primitives.js';
import type { Infer } from '../per/schema.js';
import { optional, sequence, skip } from '../per/sequence.js';
import { generalString, ia5String } from '../per/strings.js';
import { LogicalChannelNumber, NonStandardParameter, SequenceNumber, TerminalLabel, TransportAddress } from './h245-common.js';

export const MasterSlaveDetermination = sequence(
  { terminalType: integer(0, 255), statusDeterminationNumber: integer(0, 16_777_215) },
  {},
);

export const MasterSlaveDeterminationAck = sequence({ decision: choice({ master: nothing, slave: nothing }) }, {});

export const MasterSlaveDeterminationReject = sequence({ cause: choice({ identicalNumbers: nothing }, {}) }, {});

export const MasterSlaveDeterminationRelease = sequence({}, {});

export const RoundTripDelayRequest = sequence({ sequenceNumber: SequenceNumber }, {});

export const RoundTripDelayResponse = sequence({ sequenceNumber: SequenceNumber }, {});

export const MaintenanceLoopRequest = sequence(
  { type: choice({ systemLoop: nothing, mediaLoop: LogicalChannelNumber, logicalChannelLoop: LogicalChannelNumber }, {}) },
  {},
);

export const MaintenanceLoopAck = sequence(
  { type: choice({ systemLoop: nothing, mediaLoop: LogicalChannelNumber, logicalChannelLoop: LogicalChannelNumber }, {}) },
  {},
);

export const MaintenanceLoopReject = sequence(
  {
    type: choice({ systemLoop: nothing, mediaLoop: LogicalChannelNumber, logicalChannelLoop: LogicalChannelNumber }, {}),
    cause: choice({ canNotPerformLoop: nothing }, {}),
  },
  {},
);

export const MaintenanceLoopOffCommand = sequence({}, {});

export const FlowControlCommand = sequence(
  {
    scope: choice({ logicalChannelNumber: LogicalChannelNumber, resourceID: integer(0, 65_535), wholeMultiplex: nothing }),
    restriction: choice({ maximumBitRate: integer(0, 16_777_215), noRestriction: nothing }),
  },
  {},
);

export const EndSessionCommand = choice(
  {
    nonStandard: NonStandardParameter,
    disconnect: nothing,
    gstnOptions: choice(
      { telephonyMode: nothing, v8bis: nothing, v34DSVD: nothing, v34DuplexFAX: nothing, v34H324: nothing },
      {},
    ),
  },
  {},
);

export const MiscellaneousCommand = sequence(
  {
    logicalChannelNumber: LogicalChannelNumber,
    type: choice(
      {
        equaliseDelay: nothing,
        zeroDelay: nothing,
        multipointModeCommand: nothing,
        cancelMultipointModeCommand: nothing,
        videoFreezePicture: nothing,
        videoFastUpdatePicture: nothing,
        videoFastUpdateGOB: sequence({ firstGOB: integer(0, 17), numberOfGOBs: integer(1, 18) }),
        videoTemporalSpatialTradeOff: integer(0, 31),
        videoSendSyncEveryGOB: nothing,
        videoSendSyncEveryGOBCancel: nothing,
      },
      {
        videoFastUpdateMB: skip,
        maxH223MUXPDUsize: skip,
        encryptionUpdate: skip,
        encryptionUpdateRequest: skip,
        switchReceiveMediaOff: nothing,
        switchReceiveMediaOn: nothing,
        progressiveRefinementStart: skip,
        progressiveRefinementAbortOne: nothing,
        progressiveRefinementAbortContinuous: nothing,
      },
    ),
  },
  {},
);

export const ConferenceCommand = choice(
  {
    broadcastMyLogicalChannel: LogicalChannelNumber,
    cancelBroadcastMyLogicalChannel: LogicalChannelNumber,
    makeTerminalBroadcaster: TerminalLabel,
    cancelMakeTerminalBroadcaster: nothing,
    sendThisSource: TerminalLabel,
    cancelSendThisSource: nothing,
    dropConference: nothing,
  },
  {},
);

export const MiscellaneousIndication = sequence(
  {
    logicalChannelNumber: LogicalChannelNumber,
    type: choice(
      {
        logicalChannelActive: nothing,
        logicalChannelInactive: nothing,
        multipointConference: nothing,
        cancelMultipointConference: nothing,
        multipointZeroComm: nothing,
        cancelMultipointZeroComm: nothing,
        multipointSecondaryStatus: nothing,
        cancelMultipointSecondaryStatus: nothing,
        videoIndicateReadyToActivate: nothing,
        videoTemporalSpatialTradeOff: integer(0, 31),
      },
      {},
    ),
  },
  {},
);

export const JitterIndication = sequence(
  {
    scope: choice({ logicalChannelNumber: LogicalChannelNumber, resourceID: integer(0, 65_535), wholeMultiplex: nothing }),
    estimatedReceivedJitterMantissa: integer(0, 3),
    estimatedReceivedJitterExponent: integer(0, 7),
    skippedFrameCount: optional(integer(0, 15)),
    additionalDecoderBuffer: optional(integer(0, 262_143)),
  },
  {},
);

export const ConferenceIndication = choice(
  {
    sbeNumber: integer(0, 9),
    terminalNumberAssign: TerminalLabel,
    terminalJoinedConference: TerminalLabel,
    terminalLeftConference: TerminalLabel,
    seenByAtLeastOneOther: nothing,
    cancelSeenByAtLeastOneOther: nothing,
    seenByAll: nothing,
    cancelSeenByAll: nothing,
    terminalYouAreSeeing: TerminalLabel,
    requestForFloor: nothing,
  },
  {},
);

export const MCLocationIndication = sequence({ signalAddress: TransportAddress }, {});

export const UserInputIndication = choice(
  { nonStandard: NonStandardParameter, alphanumeric: generalString },
  {
    userInputSupportIndication: skip,
    signal: sequence(
      {
        signalType: ia5String(1, 1, '0123456789#*ABCD!'),
        duration: optional(integer(1, 65_535)),
        rtp: optional(
          sequence(
            {
              timestamp: optional(integer(0, 4_294_967_295)),
              expirationTime: optional(integer(0, 4_294_967_295)),
              logicalChannelNumber: LogicalChannelNumber,
            },
            {},
          ),
        ),
      },
      {},
    ),
    signalUpdate: sequence(
      { duration: integer(1, 65_535), rtp: optional(sequence({ logicalChannelNumber: LogicalChannelNumber }, {})) },
      {},
    ),
    extendedAlphanumeric: sequence({ alphanumeric: generalString, rtpPayloadIndication: optional(nothing) }, {}),
  },
);

export type MasterSlaveDetermination = Infer<typeof MasterSlaveDetermination>;
export type FlowControlCommand = Infer<typeof FlowControlCommand>;
export type MaintenanceLoopRequest = Infer<typeof MaintenanceLoopRequest>;
