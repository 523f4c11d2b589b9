import { answerCrypto } from './crypto-attribute.js';
import { describeSession, type AudioCodec, type LocalMedia } from './local-offer.js';
import { isHoldAddress, isPlainRtp, isSecureRtp, packetizationModeOf, receives, sends } from './negotiation.js';
import type { Direction, MediaDescription, PayloadFormat, SessionDescription } from './session-description.js';

export interface AnswerOptions {
  accept: { audio: boolean; video: boolean };
  /** what we want; narrowed to what the offer leaves room for. sendrecv unless given. */
  direction?: { audio?: Direction; video?: Direction };
}

/** RFC 3264 section 6: the media lines of the offer in their order, each accepted with one codec or refused with port 0. */
export function buildAnswer(offer: SessionDescription, local: LocalMedia & AnswerOptions): SessionDescription {
  const taken = new Set<string>();
  const media = offer.media.map((offered) => {
    const accepted = taken.has(offered.kind) ? undefined : acceptMedia(offered, offer, local);
    if (accepted) taken.add(offered.kind);
    return accepted ?? refuseMedia(offered);
  });
  return { ...describeSession(local), media };
}

function acceptMedia(
  offered: MediaDescription,
  offer: SessionDescription,
  local: LocalMedia & AnswerOptions,
): MediaDescription | undefined {
  const { kind } = offered;
  if (kind !== 'audio' && kind !== 'video') return undefined;
  const port = kind === 'audio' ? local.audioPort : local.videoPort;
  const format = kind === 'audio' ? chooseAudio(offered, local.audioCodecs) : chooseVideo(offered);
  const crypto = answerCrypto(offered.crypto, local.keys?.[kind]);
  const profileFits = local.keys ? isSecureRtp(offered.protocol) && crypto !== undefined : isPlainRtp(offered.protocol);
  if (!local.accept[kind] || offered.port === 0 || !profileFits || !port || !format) return undefined;
  const rtcpPort = (kind === 'audio' ? local.audioRtcpPort : local.videoRtcpPort) ?? port + 1;
  const held = isHoldAddress((offered.connection ?? offer.connection)?.address);
  return {
    kind,
    port,
    protocol: offered.protocol,
    payloadTypes: [format.payloadType],
    formats: [format],
    direction: answerDirection(offered.direction, held, local.direction?.[kind] ?? 'sendrecv'),
    // One port for both is only for those who offered it (RFC 5761 section 5.1.1), and ours are always two.
    rtcp: { port: rtcpPort },
    rtcpMux: false,
    ...(crypto ? { crypto: [crypto] } : {}),
    attributes: kind === 'audio' ? [['ptime', '20']] : [],
  };
}

/** RFC 3264 section 6: the offer's formats and protocol are repeated beside port 0. */
function refuseMedia(offered: MediaDescription): MediaDescription {
  const { kind, protocol, payloadTypes } = offered;
  return { kind, port: 0, protocol, payloadTypes, formats: [], direction: 'inactive', rtcpMux: false, attributes: [] };
}

/** RFC 3264 section 6.1: what we may say is the mirror of the offer; a hold address of old means "do not send to me". */
function answerDirection(offered: Direction, held: boolean, wanted: Direction): Direction {
  const send = sends(wanted) && receives(offered) && !held;
  const receive = receives(wanted) && sends(offered);
  if (send && receive) return 'sendrecv';
  if (send) return 'sendonly';
  return receive ? 'recvonly' : 'inactive';
}

function chooseAudio(offered: MediaDescription, codecs: AudioCodec[] = ['PCMA', 'PCMU']): PayloadFormat | undefined {
  return inOfferedOrder(offered).find((format) => codecs.some((codec) => codec === format.encoding) && format.clockRate === 8000);
}

/** Profile and level are the offerer's to say (RFC 6184 section 8.2.2): the accepted configuration is repeated. */
function chooseVideo(offered: MediaDescription): PayloadFormat | undefined {
  return inOfferedOrder(offered).find((format) => format.encoding === 'H264' && packetizationModeOf(format) !== undefined);
}

function inOfferedOrder(offered: MediaDescription): PayloadFormat[] {
  return offered.payloadTypes.flatMap((payloadType) => offered.formats.filter((format) => format.payloadType === payloadType));
}
