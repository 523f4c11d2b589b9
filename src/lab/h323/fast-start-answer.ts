/** What a simulated device takes of the channels in SETUP (H.323 section 8.1.7): of each medium the first that it can, each way. */
import { contentOf, placeOf } from '../../protocols/h323/media-codecs.js';
import {
  OpenLogicalChannel,
  type DataType,
  type H2250LogicalChannelParameters,
} from '../../protocols/h323/messages/h245-channel.js';
import { decodePer, encodePer } from '../../protocols/h323/per/schema.js';
import type { CallChannels, Medium } from './call-channels.js';

interface Proposal {
  channel: OpenLogicalChannel;
  medium: Medium;
  codec: string;
  /** it is the caller's way to us */
  toUs: boolean;
  parameters: H2250LogicalChannelParameters;
}

/** @returns the channels of the answer, which run from now on; none where nothing fits */
export function fastStartAnswer(proposed: Uint8Array[], address: string, video: boolean, channels: CallChannels): Uint8Array[] {
  const proposals = proposed.flatMap((octets) => proposalOf(octets) ?? []);
  const media: Medium[] = video ? ['audio', 'video'] : ['audio'];
  return media.flatMap((medium) => {
    const toUs = proposals.find((one) => one.medium === medium && one.toUs);
    const toThem = proposals.find((one) => one.medium === medium && !one.toUs && one.codec === toUs?.codec);
    return toUs && toThem ? [sendOn(toThem, address, channels), receiveOn(toUs, address, channels)] : [];
  });
}

function proposalOf(octets: Uint8Array): Proposal[] | undefined {
  const channel = decodePer(OpenLogicalChannel, octets);
  if (!channel.ok) return undefined;
  const { forwardLogicalChannelParameters: forward, reverseLogicalChannelParameters: reverse } = channel.value;
  const toUs = !('nullData' in forward.dataType);
  const { dataType, multiplexParameters } = (toUs ? forward : reverse) ?? {};
  const isOurs = multiplexParameters && 'h2250LogicalChannelParameters' in multiplexParameters;
  const content = dataType && codecOf(dataType);
  if (!isOurs || !content) return undefined;
  return [{ channel: channel.value, ...content, toUs, parameters: multiplexParameters.h2250LogicalChannelParameters }];
}

/** The devices send G.711 A and H.264; as elsewhere nothing else is agreed to. */
function codecOf(type: DataType): { medium: Medium; codec: string } | undefined {
  const { medium, codec } = contentOf(type);
  if (codec === 'PCMA') return { medium: 'audio', codec };
  return medium === 'video' && codec === 'H264' ? { medium, codec } : undefined;
}

/** Our way: the caller said where it takes the medium, we name where we take reports. */
function sendOn({ channel, medium, parameters }: Proposal, address: string, channels: CallChannels): Uint8Array {
  const rtp = placeOf(parameters.mediaChannel);
  if (rtp) channels.send(medium, rtp, placeOf(parameters.mediaControlChannel));
  const reverse = channel.reverseLogicalChannelParameters;
  const ours = { ...parameters, mediaChannel: undefined, mediaControlChannel: transport(address, channels.portsOf(medium).rtcp) };
  return encodePer(OpenLogicalChannel, {
    ...channel,
    reverseLogicalChannelParameters: reverse && { ...reverse, multiplexParameters: { h2250LogicalChannelParameters: ours } },
  });
}

/** Their way: we name where we take it. */
function receiveOn({ channel, medium, parameters }: Proposal, address: string, channels: CallChannels): Uint8Array {
  channels.receive(medium, parameters.dynamicRTPPayloadType ?? 8, placeOf(parameters.mediaControlChannel));
  const { rtp, rtcp } = channels.portsOf(medium);
  const ours = { ...parameters, mediaChannel: transport(address, rtp), mediaControlChannel: transport(address, rtcp) };
  const forward = channel.forwardLogicalChannelParameters;
  return encodePer(OpenLogicalChannel, {
    ...channel,
    forwardLogicalChannelParameters: { ...forward, multiplexParameters: { h2250LogicalChannelParameters: ours } },
  });
}

const transport = (address: string, tsapIdentifier: number) => ({
  unicastAddress: { iPAddress: { network: Uint8Array.from(address.split('.').map(Number)), tsapIdentifier } },
});
