/** The picture codecs before H.264, in a device's own words: what H323Plus was captured opening for them. */
import { MultimediaSystemControlMessage } from '../../protocols/h323/messages/h245-message.js';
import { decodePer, encodePer } from '../../protocols/h323/per/schema.js';
import { CAPTURED, filled, placeOctets } from './captured.js';

export type OldCodec = 'H263' | 'H261';

export const OLD_CHANNELS: Readonly<Record<OldCodec, string>> = { H263: CAPTURED.openH263, H261: CAPTURED.openH261 };

/** Any channel and place: only what the channel is for is read. */
const HOLES = { channel: 1, rtcp: placeOctets('127.0.0.1', 5001) };

/** @returns these capabilities, with the old codec where they have H.264, as the captured channel describes it */
export function withOldCodec(capabilities: Uint8Array, codec: OldCodec): Uint8Array {
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
