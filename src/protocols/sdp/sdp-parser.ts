import { err, ok, type Result } from '../../common/result.js';
import { type CryptoAttribute, parseCrypto } from './crypto-attribute.js';
import {
  STATIC_FORMATS,
  type Attribute,
  type Connection,
  type Direction,
  type MediaDescription,
  type Origin,
  type PayloadFormat,
  type SessionDescription,
} from './sdp-types.js';

const MAX_SDP_LENGTH = 65_536;
const MAX_MEDIA = 50;
const MAX_ATTRIBUTES = 200;
const DIRECTIONS: readonly string[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];

/** The lines of the session or of one medium, before they are given a meaning. */
interface Section {
  fields: Map<string, string>;
  bandwidthKbps?: number;
  tiasBps?: number;
  attributes: Attribute[];
}

/** Never throws; bounded to 64 KiB, 50 media, 200 attributes in each part. */
export function parseSdp(text: string): Result<SessionDescription> {
  if (text.length > MAX_SDP_LENGTH) return err('SDP is longer than 64 KiB');
  const sections = cutSections(text);
  if (!sections.ok) return sections;
  const [session, ...mediaSections] = sections.value;
  if (!session || session.fields.get('v') !== '0') return err('SDP does not begin with v=0');
  const origin = parseOrigin(session.fields.get('o') ?? '');
  if (!origin.ok) return origin;
  const connection = parseOptionalConnection(session.fields.get('c'));
  if (!connection.ok) return connection;
  const direction = takeDirection(session.attributes);
  const media: MediaDescription[] = [];
  for (const section of mediaSections) {
    const parsed = parseMedia(section, direction ?? 'sendrecv');
    if (!parsed.ok) return parsed;
    media.push(parsed.value);
  }
  return ok({
    origin: origin.value,
    sessionName: session.fields.get('s') ?? '-',
    ...(connection.value ? { connection: connection.value } : {}),
    ...(session.bandwidthKbps === undefined ? {} : { bandwidthKbps: session.bandwidthKbps }),
    ...(direction ? { direction } : {}),
    media,
    attributes: session.attributes,
  });
}

function cutSections(text: string): Result<Section[]> {
  const sections: Section[] = [{ fields: new Map(), attributes: [] }];
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (line[1] !== '=') continue;
    const type = line[0]!;
    const value = line.slice(2);
    if (type === 'm') sections.push({ fields: new Map(), attributes: [] });
    if (sections.length > MAX_MEDIA + 1) return err('SDP has more than 50 media');
    const section = sections[sections.length - 1]!;
    if (type === 'a') section.attributes.push(parseAttribute(value));
    else if (type === 'b') takeBandwidth(section, value);
    else if (!section.fields.has(type)) section.fields.set(type, value.trim());
    if (section.attributes.length > MAX_ATTRIBUTES) return err('SDP has more than 200 attributes in one part');
  }
  return ok(sections);
}

function parseAttribute(text: string): Attribute {
  const colon = text.indexOf(':');
  return colon < 0 ? [text.trim(), undefined] : [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
}

/** RFC 4566 section 5.8 AS in kbit/s, RFC 3890 TIAS in bit/s. The first of them is the one that holds. */
function takeBandwidth(section: Section, value: string): void {
  const match = /^(AS|CT|TIAS):(\d{1,12})/.exec(value.trim());
  if (!match) return;
  const figure = Number(match[2]);
  if (match[1] === 'TIAS') section.tiasBps ??= figure;
  section.bandwidthKbps ??= match[1] === 'TIAS' ? Math.ceil(figure / 1000) : figure;
}

function parseOrigin(value: string): Result<Origin> {
  const parts = value.split(/\s+/);
  const [username, sessionId, sessionVersion, , , address] = parts;
  if (parts.length < 6 || !address) return err('malformed o= line');
  if (!/^\d{1,30}$/.test(sessionId!) || !/^\d{1,30}$/.test(sessionVersion!)) return err('o= holds no numbers');
  return ok({ username: username!, sessionId: sessionId!, sessionVersion: sessionVersion!, address });
}

function parseOptionalConnection(value: string | undefined): Result<Connection | undefined> {
  if (value === undefined) return ok(undefined);
  const match = /^IN\s+IP([46])\s+([^\s/]{1,255})/.exec(value);
  return match ? ok({ address: match[2]!, family: Number(match[1]) as 4 | 6 }) : err('malformed c= line');
}

/** The direction is a field of its own, so it leaves the list. */
function takeDirection(attributes: Attribute[]): Direction | undefined {
  const at = attributes.findIndex(([name, value]) => value === undefined && DIRECTIONS.includes(name));
  return at < 0 ? undefined : (attributes.splice(at, 1)[0]![0] as Direction);
}

function parseMedia(section: Section, sessionDirection: Direction): Result<MediaDescription> {
  const match = /^(\S{1,64})\s+(\d{1,5})(?:\/(\d{1,5}))?\s+(\S{1,64})\s*(.*)$/.exec(section.fields.get('m') ?? '');
  if (!match || Number(match[2]) > 65535) return err('malformed m= line');
  const connection = parseOptionalConnection(section.fields.get('c'));
  if (!connection.ok) return connection;
  const payloadTypes = match[5]!
    .split(/\s+/)
    .filter((format) => /^\d{1,3}$/.test(format) && Number(format) < 128)
    .map(Number);
  const { attributes } = section;
  const direction = takeDirection(attributes) ?? sessionDirection;
  const rtcp = takeRtcp(attributes);
  const crypto = takeCrypto(attributes);
  return ok({
    kind: match[1]!,
    port: Number(match[2]),
    ...(match[3] === undefined ? {} : { portCount: Number(match[3]) }),
    protocol: match[4]!,
    payloadTypes,
    formats: takeFormats(payloadTypes, attributes),
    ...(connection.value ? { connection: connection.value } : {}),
    ...(section.bandwidthKbps === undefined ? {} : { bandwidthKbps: section.bandwidthKbps }),
    ...(section.tiasBps === undefined ? {} : { tiasBps: section.tiasBps }),
    direction,
    ...(rtcp ? { rtcp } : {}),
    rtcpMux: takeAll(attributes, (name) => name === 'rtcp-mux').length > 0,
    ...(crypto.length > 0 ? { crypto } : {}),
    attributes,
  });
}

/** RFC 3605: `a=rtcp:53020` or `a=rtcp:53020 IN IP4 126.16.64.4`. */
function takeRtcp(attributes: Attribute[]): { port: number; address?: string } | undefined {
  const value = takeAll(attributes, (name) => name === 'rtcp')[0]?.[1];
  const match = /^(\d{1,5})(?:\s+IN\s+IP[46]\s+(\S{1,255}))?/.exec(value ?? '');
  const port = Number(match?.[1]);
  if (!match || port < 1 || port > 65535) return undefined;
  return { port, ...(match[2] === undefined ? {} : { address: match[2] }) };
}

function takeCrypto(attributes: Attribute[]): CryptoAttribute[] {
  const found: CryptoAttribute[] = [];
  takeAll(attributes, (name, value) => {
    const crypto = name === 'crypto' ? parseCrypto(value ?? '') : undefined;
    if (crypto) found.push(crypto);
    return crypto !== undefined;
  });
  return found;
}

/** a=rtpmap and a=fmtp of the payload types that the m= line lists; mappings of others stay among the attributes. */
function takeFormats(payloadTypes: number[], attributes: Attribute[]): PayloadFormat[] {
  const maps = new Map<number, string>();
  const parameters = new Map<number, string>();
  takeAll(attributes, (name, value) => {
    const match = /^(\d{1,3})\s+(.*)$/s.exec(value ?? '');
    const payloadType = Number(match?.[1]);
    const target = name === 'rtpmap' ? maps : name === 'fmtp' ? parameters : undefined;
    if (!match || !target || !payloadTypes.includes(payloadType)) return false;
    if (!target.has(payloadType)) target.set(payloadType, match[2]!);
    return true;
  });
  return [...new Set(payloadTypes)].flatMap((payloadType) => {
    const format = mapFormat(payloadType, maps.get(payloadType));
    const fmtp = parameters.get(payloadType);
    return format ? [{ ...format, ...(fmtp === undefined ? {} : { fmtp: parseFmtp(fmtp) }) }] : [];
  });
}

function mapFormat(payloadType: number, map: string | undefined): PayloadFormat | undefined {
  const match = /^([^\s/]{1,64})\/(\d{1,9})(?:\/(\d{1,3}))?/.exec(map ?? '');
  if (!match) {
    const known = STATIC_FORMATS[payloadType];
    return known && { payloadType, ...known };
  }
  const channels = match[3] === undefined ? {} : { channels: Number(match[3]) };
  return { payloadType, encoding: match[1]!.toUpperCase(), clockRate: Number(match[2]), ...channels };
}

function parseFmtp(text: string): Record<string, string> {
  const pairs = text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part): [string, string] => {
      const equals = part.indexOf('=');
      return equals < 0 ? [part.toLowerCase(), ''] : [part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim()];
    });
  return Object.fromEntries(pairs);
}

/** Removes and returns the attributes that `wanted` accepts. */
function takeAll(attributes: Attribute[], wanted: (name: string, value: string | undefined) => boolean): Attribute[] {
  const taken: Attribute[] = [];
  for (let at = 0; at < attributes.length;) {
    const attribute = attributes[at]!;
    if (wanted(...attribute)) taken.push(...attributes.splice(at, 1));
    else at++;
  }
  return taken;
}
