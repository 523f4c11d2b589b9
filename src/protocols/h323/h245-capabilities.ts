/** Our terminal capability set, and what another one lets us send (H.245 section 6.4, H.323 section 6.2.8.1). */
import {
  audioCapability,
  audioCodecOf,
  h264LevelOf,
  videoCapability,
  videoCodecOf,
  type AudioCodec,
  type VideoCodec,
} from './media-codecs.js';
import type { Capability, TerminalCapabilitySet } from './messages/h245-capability.js';
import type { VideoCapability } from './messages/h245-video.js';

/** H.245 version 7, whose additions are the last that our schema holds. */
const H245_VERSION_7 = '0.0.8.245.0.7';
/** The most sound that we let wait, in ms: H.245 asks for a figure and no stack acts on it. */
const MAX_AUDIO_JITTER_MS = 60;

const POINT_TO_POINT = {
  multicastCapability: false,
  multiUniCastConference: false,
  mediaDistributionCapability: [
    {
      centralizedControl: false,
      distributedControl: false,
      centralizedAudio: false,
      distributedAudio: false,
      centralizedVideo: false,
      distributedVideo: false,
    },
  ],
};

export interface Receivable {
  audioCodecs: AudioCodec[];
  videoCodecs: VideoCodec[];
  videoKbps: number;
}

/** One table of what we take, and one descriptor: any of the audio codecs beside any of the video codecs. */
export function capabilitySet(
  sequenceNumber: number,
  { audioCodecs, videoCodecs, videoKbps }: Receivable,
): TerminalCapabilitySet {
  const audio = audioCodecs.map((codec): Capability => ({ receiveAudioCapability: audioCapability(codec) }));
  const video = videoCodecs.map((codec): Capability => ({ receiveVideoCapability: videoCapability(codec, videoKbps) }));
  const numbers = [...audio, ...video].map((_, index) => index + 1);
  const alternatives = [numbers.slice(0, audio.length), numbers.slice(audio.length)].filter((set) => set.length > 0);
  return {
    sequenceNumber,
    protocolIdentifier: H245_VERSION_7,
    multiplexCapability: {
      h2250Capability: {
        maximumAudioDelayJitter: MAX_AUDIO_JITTER_MS,
        receiveMultipointCapability: POINT_TO_POINT,
        transmitMultipointCapability: POINT_TO_POINT,
        receiveAndTransmitMultipointCapability: POINT_TO_POINT,
        mcCapability: { centralizedConferenceMC: false, decentralizedConferenceMC: false },
        rtcpVideoControlCapability: false,
        mediaPacketizationCapability: { h261aVideoPacketization: false },
      },
    },
    capabilityTable: [...audio, ...video].map((capability, index) => ({ capabilityTableEntryNumber: index + 1, capability })),
    capabilityDescriptors: [{ capabilityDescriptorNumber: 0, simultaneousCapabilities: alternatives }],
  };
}

/** What a far end takes of that which we can send. */
export interface Sendable {
  /** in the order of its table: its own preference (H.245 section 6.4.1) */
  audioCodecs: AudioCodec[];
  /** H.241 level of its H.264, where it takes any */
  h264Level?: number;
  /** it takes pictures, in whatever codec */
  video: boolean;
  /** it spoke of encrypted media */
  encryption: boolean;
}

export function sendableTo(theirs: TerminalCapabilitySet): Sendable {
  const sendable: Sendable = { audioCodecs: [], video: false, encryption: false };
  for (const { capability } of theirs.capabilityTable ?? []) {
    if (!capability) continue;
    if ('h235SecurityCapability' in capability) sendable.encryption = true;
    const audio = audioIn(capability);
    if (audio) sendable.audioCodecs.push(audio);
    if (videoIn(capability)) sendable.video = true;
    const level = h264LevelIn(capability);
    if (level !== undefined) sendable.h264Level ??= level;
  }
  return sendable;
}

function audioIn(capability: Capability): AudioCodec | undefined {
  if ('receiveAudioCapability' in capability) return audioCodecOf(capability.receiveAudioCapability);
  if ('receiveAndTransmitAudioCapability' in capability) return audioCodecOf(capability.receiveAndTransmitAudioCapability);
  return undefined;
}

function h264LevelIn(capability: Capability): number | undefined {
  const video = videoIn(capability);
  return video && videoCodecOf(video) === 'H264' ? h264LevelOf(video) : undefined;
}

function videoIn(capability: Capability): VideoCapability | undefined {
  if ('receiveVideoCapability' in capability) return capability.receiveVideoCapability;
  return 'receiveAndTransmitVideoCapability' in capability ? capability.receiveAndTransmitVideoCapability : undefined;
}
