/** Terminal capability exchange of H.245 (sections 6.4 and 7, annex B.2.2). */
import { choice } from '../per/choice.js';
import { boolean, integer, nothing, objectIdentifier } from '../per/primitives.js';
import type { Infer } from '../per/schema.js';
import { listOf, optional, sequence, skip } from '../per/sequence.js';
import { AudioCapability, AudioTelephonyEventCapability } from './h245-audio.js';
import { CapabilityDescriptorNumber, CapabilityTableEntryNumber, NonStandardParameter, SequenceNumber } from './h245-common.js';
import { DataApplicationCapability } from './h245-data.js';
import { H235SecurityCapability } from './h245-encryption.js';
import { GenericCapability } from './h245-generic.js';
import { TransportCapability } from './h245-transport.js';
import { VideoCapability } from './h245-video.js';

export const MediaDistributionCapability = sequence(
  {
    centralizedControl: boolean,
    distributedControl: boolean,
    centralizedAudio: boolean,
    distributedAudio: boolean,
    centralizedVideo: boolean,
    distributedVideo: boolean,
    centralizedData: optional(listOf(DataApplicationCapability)),
    distributedData: optional(listOf(DataApplicationCapability)),
  },
  {},
);

export const MultipointCapability = sequence(
  {
    multicastCapability: boolean,
    multiUniCastConference: boolean,
    mediaDistributionCapability: listOf(MediaDistributionCapability),
  },
  {},
);

export const MediaPacketizationCapability = sequence({ h261aVideoPacketization: boolean }, {});

export const RedundancyEncodingMethod = choice({ nonStandard: NonStandardParameter, rtpAudioRedundancyEncoding: nothing }, {});

export const RedundancyEncodingCapability = sequence(
  {
    redundancyEncodingMethod: RedundancyEncodingMethod,
    primaryEncoding: CapabilityTableEntryNumber,
    secondaryEncoding: optional(listOf(CapabilityTableEntryNumber, 1, 256)),
  },
  {},
);

export const H2250Capability = sequence(
  {
    maximumAudioDelayJitter: integer(0, 1023),
    receiveMultipointCapability: MultipointCapability,
    transmitMultipointCapability: MultipointCapability,
    receiveAndTransmitMultipointCapability: MultipointCapability,
    mcCapability: sequence({ centralizedConferenceMC: boolean, decentralizedConferenceMC: boolean }, {}),
    rtcpVideoControlCapability: boolean,
    mediaPacketizationCapability: MediaPacketizationCapability,
  },
  {
    transportCapability: TransportCapability,
    redundancyEncodingCapability: listOf(RedundancyEncodingCapability, 1, 256),
    logicalChannelSwitchingCapability: boolean,
    t120DynamicPortCapability: boolean,
  },
);

export const MultiplexCapability = choice(
  { nonStandard: NonStandardParameter, h222Capability: skip, h223Capability: skip, v76Capability: skip },
  { h2250Capability: H2250Capability },
);

export const Capability = choice(
  {
    nonStandard: NonStandardParameter,
    receiveVideoCapability: VideoCapability,
    transmitVideoCapability: VideoCapability,
    receiveAndTransmitVideoCapability: VideoCapability,
    receiveAudioCapability: AudioCapability,
    transmitAudioCapability: AudioCapability,
    receiveAndTransmitAudioCapability: AudioCapability,
    receiveDataApplicationCapability: DataApplicationCapability,
    transmitDataApplicationCapability: DataApplicationCapability,
    receiveAndTransmitDataApplicationCapability: DataApplicationCapability,
    h233EncryptionTransmitCapability: boolean,
    h233EncryptionReceiveCapability: skip,
  },
  {
    conferenceCapability: skip,
    h235SecurityCapability: H235SecurityCapability,
    maxPendingReplacementFor: integer(0, 255),
    receiveUserInputCapability: skip,
    transmitUserInputCapability: skip,
    receiveAndTransmitUserInputCapability: skip,
    genericControlCapability: GenericCapability,
    receiveMultiplexedStreamCapability: skip,
    transmitMultiplexedStreamCapability: skip,
    receiveAndTransmitMultiplexedStreamCapability: skip,
    receiveRTPAudioTelephonyEventCapability: AudioTelephonyEventCapability,
  },
);

export const CapabilityTableEntry = sequence({
  capabilityTableEntryNumber: CapabilityTableEntryNumber,
  capability: optional(Capability),
});

export const AlternativeCapabilitySet = listOf(CapabilityTableEntryNumber, 1, 256);

export const CapabilityDescriptor = sequence({
  capabilityDescriptorNumber: CapabilityDescriptorNumber,
  simultaneousCapabilities: optional(listOf(AlternativeCapabilitySet, 1, 256)),
});

export const TerminalCapabilitySet = sequence(
  {
    sequenceNumber: SequenceNumber,
    protocolIdentifier: objectIdentifier,
    multiplexCapability: optional(MultiplexCapability),
    capabilityTable: optional(listOf(CapabilityTableEntry, 1, 256)),
    capabilityDescriptors: optional(listOf(CapabilityDescriptor, 1, 256)),
  },
  {},
);

export const TerminalCapabilitySetAck = sequence({ sequenceNumber: SequenceNumber }, {});

export const TerminalCapabilitySetReject = sequence(
  {
    sequenceNumber: SequenceNumber,
    cause: choice(
      {
        unspecified: nothing,
        undefinedTableEntryUsed: nothing,
        descriptorCapacityExceeded: nothing,
        tableEntryCapacityExceeded: choice({ highestEntryNumberProcessed: CapabilityTableEntryNumber, noneProcessed: nothing }),
      },
      {},
    ),
  },
  {},
);

export const TerminalCapabilitySetRelease = sequence({}, {});

export const SendTerminalCapabilitySet = choice(
  {
    specificRequest: sequence(
      {
        multiplexCapability: boolean,
        capabilityTableEntryNumbers: optional(listOf(CapabilityTableEntryNumber, 1, 65_535)),
        capabilityDescriptorNumbers: optional(listOf(CapabilityDescriptorNumber, 1, 256)),
      },
      {},
    ),
    genericRequest: nothing,
  },
  {},
);

export type Capability = Infer<typeof Capability>;
export type TerminalCapabilitySet = Infer<typeof TerminalCapabilitySet>;
