/** Logical channels of H.245 (sections 6.5 to 6.7, annex B.3). */
import { choice } from '../per/choice.js';
import { boolean, integer, nothing } from '../per/primitives.js';
import type { Infer } from '../per/schema.js';
import { listOf, optional, sequence, skip } from '../per/sequence.js';
import { AudioCapability } from './h245-audio.js';
import { LogicalChannelNumber, NonStandardParameter, TerminalLabel, TransportAddress } from './h245-common.js';
import { DataApplicationCapability } from './h245-data.js';
import { H235Media } from './h245-encryption.js';
import { TransportCapability } from './h245-transport.js';
import { VideoCapability } from './h245-video.js';

export const DataType = choice(
  {
    nonStandard: NonStandardParameter,
    nullData: nothing,
    videoData: VideoCapability,
    audioData: AudioCapability,
    data: DataApplicationCapability,
    encryptionData: skip,
  },
  { h235Control: skip, h235Media: H235Media },
);

export const H2250LogicalChannelParameters = sequence(
  {
    nonStandard: optional(listOf(NonStandardParameter)),
    sessionID: integer(0, 255),
    associatedSessionID: optional(integer(1, 255)),
    mediaChannel: optional(TransportAddress),
    mediaGuaranteedDelivery: optional(boolean),
    mediaControlChannel: optional(TransportAddress),
    mediaControlGuaranteedDelivery: optional(boolean),
    silenceSuppression: optional(boolean),
    destination: optional(TerminalLabel),
    dynamicRTPPayloadType: optional(integer(96, 127)),
    mediaPacketization: optional(choice({ h261aVideoPacketization: nothing }, {})),
  },
  { transportCapability: TransportCapability },
);

export const H2250LogicalChannelAckParameters = sequence(
  {
    nonStandard: optional(listOf(NonStandardParameter)),
    sessionID: optional(integer(1, 255)),
    mediaChannel: optional(TransportAddress),
    mediaControlChannel: optional(TransportAddress),
    dynamicRTPPayloadType: optional(integer(96, 127)),
  },
  {},
);

export const OpenLogicalChannel = sequence(
  {
    forwardLogicalChannelNumber: LogicalChannelNumber,
    forwardLogicalChannelParameters: sequence(
      {
        portNumber: optional(integer(0, 65_535)),
        dataType: DataType,
        multiplexParameters: choice(
          { h222LogicalChannelParameters: skip, h223LogicalChannelParameters: skip, v76LogicalChannelParameters: skip },
          { h2250LogicalChannelParameters: H2250LogicalChannelParameters, none: nothing },
        ),
      },
      {},
    ),
    reverseLogicalChannelParameters: optional(
      sequence(
        {
          dataType: DataType,
          multiplexParameters: optional(
            choice(
              { h223LogicalChannelParameters: skip, v76LogicalChannelParameters: skip },
              { h2250LogicalChannelParameters: H2250LogicalChannelParameters },
            ),
          ),
        },
        {},
      ),
    ),
  },
  {},
);

export const OpenLogicalChannelAck = sequence(
  {
    forwardLogicalChannelNumber: LogicalChannelNumber,
    reverseLogicalChannelParameters: optional(
      sequence(
        {
          reverseLogicalChannelNumber: LogicalChannelNumber,
          portNumber: optional(integer(0, 65_535)),
          multiplexParameters: optional(
            choice({ h222LogicalChannelParameters: skip }, { h2250LogicalChannelParameters: H2250LogicalChannelParameters }),
          ),
        },
        {},
      ),
    ),
  },
  {
    separateStack: skip,
    forwardMultiplexAckParameters: choice({ h2250LogicalChannelAckParameters: H2250LogicalChannelAckParameters }, {}),
    encryptionSync: skip,
    genericInformation: skip,
  },
);

export const OpenLogicalChannelReject = sequence(
  {
    forwardLogicalChannelNumber: LogicalChannelNumber,
    cause: choice(
      {
        unspecified: nothing,
        unsuitableReverseParameters: nothing,
        dataTypeNotSupported: nothing,
        dataTypeNotAvailable: nothing,
        unknownDataType: nothing,
        dataTypeALCombinationNotSupported: nothing,
      },
      {
        multicastChannelNotAllowed: nothing,
        insufficientBandwidth: nothing,
        separateStackEstablishmentFailed: nothing,
        invalidSessionID: nothing,
        masterSlaveConflict: nothing,
        waitForCommunicationMode: nothing,
        invalidDependentChannel: nothing,
        replacementForRejected: nothing,
        securityDenied: nothing,
        qoSControlNotSupported: nothing,
      },
    ),
  },
  {},
);

export const OpenLogicalChannelConfirm = sequence({ forwardLogicalChannelNumber: LogicalChannelNumber }, {});

export const CloseLogicalChannel = sequence(
  { forwardLogicalChannelNumber: LogicalChannelNumber, source: choice({ user: nothing, lcse: nothing }) },
  { reason: choice({ unknown: nothing, reopen: nothing, reservationFailure: nothing }, {}) },
);

export const CloseLogicalChannelAck = sequence({ forwardLogicalChannelNumber: LogicalChannelNumber }, {});

export const RequestChannelClose = sequence({ forwardLogicalChannelNumber: LogicalChannelNumber }, {});

export const RequestChannelCloseAck = sequence({ forwardLogicalChannelNumber: LogicalChannelNumber }, {});

export const RequestChannelCloseReject = sequence(
  { forwardLogicalChannelNumber: LogicalChannelNumber, cause: choice({ unspecified: nothing }, {}) },
  {},
);

export const RequestChannelCloseRelease = sequence({ forwardLogicalChannelNumber: LogicalChannelNumber }, {});

export type DataType = Infer<typeof DataType>;
export type H2250LogicalChannelParameters = Infer<typeof H2250LogicalChannelParameters>;
export type OpenLogicalChannel = Infer<typeof OpenLogicalChannel>;
export type OpenLogicalChannelAck = Infer<typeof OpenLogicalChannelAck>;
export type OpenLogicalChannelReject = Infer<typeof OpenLogicalChannelReject>;
