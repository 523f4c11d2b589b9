import { formatCrypto } from './crypto-attribute.js';
import type { Attribute, Connection, MediaDescription, PayloadFormat, SessionDescription } from './sdp-types.js';

/** RFC 4566 section 5: the lines in their fixed order. */
export function formatSdp(session: SessionDescription): string {
  const { origin } = session;
  const family = origin.address.includes(':') ? 6 : 4;
  const lines = [
    'v=0',
    `o=${origin.username} ${origin.sessionId} ${origin.sessionVersion} IN IP${family} ${origin.address}`,
    `s=${session.sessionName === '' ? '-' : session.sessionName}`,
    ...connectionLines(session.connection),
    ...bandwidthLines(session.bandwidthKbps),
    't=0 0',
    ...(session.direction ? [`a=${session.direction}`] : []),
    ...session.attributes.map(attributeLine),
    ...session.media.flatMap(mediaLines),
  ];
  return `${lines.map((line) => line.replace(/[\r\n]+/g, ' ')).join('\r\n')}\r\n`;
}

function mediaLines(media: MediaDescription): string[] {
  const count = media.portCount === undefined ? '' : `/${media.portCount}`;
  // RFC 4566 wants at least one format; a rejected medium whose formats we do not read still needs one.
  const formats = media.payloadTypes.length > 0 ? media.payloadTypes.join(' ') : media.protocol.startsWith('RTP/') ? '0' : '*';
  return [
    `m=${media.kind} ${media.port}${count} ${media.protocol} ${formats}`,
    ...connectionLines(media.connection),
    ...bandwidthLines(media.bandwidthKbps),
    ...(media.tiasBps === undefined ? [] : [`b=TIAS:${media.tiasBps}`]),
    ...media.formats.flatMap(formatLines),
    ...(media.rtcp ? [rtcpLine(media.rtcp)] : []),
    ...(media.rtcpMux ? ['a=rtcp-mux'] : []),
    ...(media.crypto ?? []).map((crypto) => `a=crypto:${formatCrypto(crypto)}`),
    ...media.attributes.map(attributeLine),
    `a=${media.direction}`,
  ];
}

function connectionLines(connection: Connection | undefined): string[] {
  return connection ? [`c=IN IP${connection.family} ${connection.address}`] : [];
}

function bandwidthLines(bandwidthKbps: number | undefined): string[] {
  return bandwidthKbps === undefined ? [] : [`b=AS:${bandwidthKbps}`];
}

function formatLines(format: PayloadFormat): string[] {
  const channels = format.channels === undefined ? '' : `/${format.channels}`;
  const lines = [`a=rtpmap:${format.payloadType} ${format.encoding}/${format.clockRate}${channels}`];
  const parameters = Object.entries(format.fmtp ?? {}).map(([name, value]) => (value === '' ? name : `${name}=${value}`));
  return parameters.length > 0 ? [...lines, `a=fmtp:${format.payloadType} ${parameters.join(';')}`] : lines;
}

function rtcpLine(rtcp: { port: number; address?: string }): string {
  if (rtcp.address === undefined) return `a=rtcp:${rtcp.port}`;
  return `a=rtcp:${rtcp.port} IN IP${rtcp.address.includes(':') ? 6 : 4} ${rtcp.address}`;
}

function attributeLine([name, value]: Attribute): string {
  return value === undefined ? `a=${name}` : `a=${name}:${value}`;
}
