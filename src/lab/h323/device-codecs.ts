/** In which codecs a device takes and sends: H.264 as its stack was captured, those before it as H323Plus opened them. */
import { MultimediaSystemControlMessage } from '../../protocols/h323/messages/h245-message.js';
import { decodePer, encodePer } from '../../protocols/h323/per/schema.js';
import type { Behaviour } from '../faults/behaviour.js';
import { CAPTURED, filled, placeOctets, type CapturedStack } from './captured.js';

type OldCodec = 'H263' | 'H261';

const OLD_CHANNELS: Readonly<Record<OldCodec, string>> = { H263: CAPTURED.openH263, H261: CAPTURED.openH261 };

/** Any channel and place: only what the channel is for is read. */
const HOLES = { channel: 1, rtcp: placeOctets('127.0.0.1', 5001) };

/** @returns the channel that a device of this stack opens for its pictures, with its holes */
export const openVideoOf = ({ openVideo }: CapturedStack, { sends }: Behaviour['h323Device']): string =>
  sends === 'H264' ? openVideo : OLD_CHANNELS[sends];

/** @returns its terminalCapabilitySet */
export function capabilitiesOf(stack: CapturedStack, { video, h323Device: { takes } }: Readonly<Behaviour>): Uint8Array {
  const captured = filled(video ? stack.capabilities : stack.soundCapabilities);
  return video && takes !== 'H264' ? withOldCodec(captured, takes) : captured;
}

/** @returns these capabilities, with the old codec where they have H.264, as the captured channel describes it */
function withOldCodec(capabilities: Uint8Array, codec: OldCodec): Uint8Array {
  const set = terminalCapabilitySet(capabilities);
  const receiveVideoCapability = videoOf(filled(OLD_CHANNELS[codec], HOLES));
  const capabilityTable = set.capabilityTable?.map((entry) =>
    entry.capability && 'receiveVideoCapability' in entry.capability
      ? { ...entry, capability: { receiveVideoCapability } }
      : entry,
  );
  return encodePer(MultimediaSystemControlMessage, { request: { terminalCapabilitySet: { ...set, capabilityTable } } });
}

function terminalCapabilitySet(octets: Uint8Array) {
  const request = requestOf(octets);
  if (!('terminalCapabilitySet' in request)) throw new Error('the captured capabilities are another message');
  return request.terminalCapabilitySet;
}

function videoOf(octets: Uint8Array) {
  const request = requestOf(octets);
  const type = 'openLogicalChannel' in request && request.openLogicalChannel.forwardLogicalChannelParameters.dataType;
  if (!type || !('videoData' in type)) throw new Error('the captured channel carries no pictures');
  return type.videoData;
}

function requestOf(octets: Uint8Array) {
  const message = decodePer(MultimediaSystemControlMessage, octets);
  if (!message.ok || !('request' in message.value)) throw new Error('a captured request cannot be read');
  return message.value.request;
}
