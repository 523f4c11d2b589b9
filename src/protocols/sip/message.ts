/**
 * The message of RFC 3261 section 7, from bytes and to bytes.
 *
 * Liberal in what is read where the field is known to differ (bare LF, compact and folded headers, unknown headers, any
 * reason phrase, a header line that is none: it is left out and counted), strict where a guess could attach a message to the
 * wrong call: the start line, the five headers every message must have (section 8.1.1), a CSeq that names the method, and
 * Content-Length.
 */
import { err, ok, type Result } from '../../common/result.js';
import { SipHeaders } from './headers.js';
import { parseCSeq, tagOf } from './header-values.js';
import { asBuffer, contentLengthOf, readHead } from './message-head.js';
import { reasonPhraseOf } from './reason-phrases.js';

export interface SipRequest {
  kind: 'request';
  method: string;
  uri: string;
  headers: SipHeaders;
  body: string;
}

export interface SipResponse {
  kind: 'response';
  status: number;
  reasonPhrase: string;
  headers: SipHeaders;
  body: string;
}

export type SipMessage = SipRequest | SipResponse;

export const MAX_MESSAGE_BYTES = 65_536;

const MANDATORY_HEADERS = ['Via', 'From', 'To', 'Call-ID', 'CSeq'];
const REQUEST_LINE = /^([A-Za-z0-9\-.!%*_+`'~]{1,64}) (\S{1,2048}) SIP\/2\.0$/i;
const STATUS_LINE = /^SIP\/2\.0 ([1-6]\d\d)(?: (.*))?$/i;

/** Reads one whole message. Never throws; bounded to 64 KiB, 200 headers, 8 KiB a header. */
export function parseSipMessage(bytes: Uint8Array): Result<SipMessage> {
  if (bytes.length > MAX_MESSAGE_BYTES) return err('message is longer than 64 KiB');
  const head = readHead(bytes);
  if (!head.ok) return head;
  if (!head.value) return err('message has no end of headers');
  const { startLine, headers, bodyStart } = head.value;
  const bodyEnd = findBodyEnd(headers, bodyStart, bytes.length);
  if (!bodyEnd.ok) return bodyEnd;
  const message = assemble(startLine, headers, textOf(bytes, bodyStart, bodyEnd.value));
  return message.ok ? checkMandatory(message.value) : message;
}

/** Writes Content-Length itself. Line breaks inside a value would start another header: they become spaces. */
export function serializeSipMessage(message: SipMessage): Uint8Array {
  const startLine =
    message.kind === 'request'
      ? `${message.method} ${message.uri} SIP/2.0`
      : `SIP/2.0 ${message.status} ${oneLine(message.reasonPhrase)}`;
  let text = `${startLine}\r\n`;
  message.headers.forEach((name, value) => {
    if (name !== 'Content-Length') text += `${name}: ${oneLine(value)}\r\n`;
  });
  return Buffer.from(`${text}Content-Length: ${Buffer.byteLength(message.body)}\r\n\r\n${message.body}`);
}

export interface ResponseOptions {
  /** put on To unless it has a tag already or the status is 100 */
  toTag?: string;
  contact?: string;
  body?: string;
  contentType?: string;
  headers?: [string, string][];
}

/** RFC 3261 section 8.2.6.2; Record-Route is mirrored where a dialog may begin (12.1.1), Timestamp in a 100 (8.2.6.1). */
export function createResponse(
  request: SipRequest,
  status: number,
  reasonPhrase: string = reasonPhraseOf(status),
  options: ResponseOptions = {},
): SipResponse {
  const headers = new SipHeaders();
  for (const value of request.headers.getAll('Via')) headers.append('Via', value);
  headers.append('From', request.headers.get('From') ?? '');
  headers.append('To', withTag(request.headers.get('To') ?? '', status === 100 ? undefined : options.toTag));
  headers.append('Call-ID', request.headers.get('Call-ID') ?? '');
  headers.append('CSeq', request.headers.get('CSeq') ?? '');
  if (request.method === 'INVITE' && status > 100 && status < 300) {
    for (const value of request.headers.getAll('Record-Route')) headers.append('Record-Route', value);
  }
  const timestamp = request.headers.get('Timestamp');
  if (status === 100 && timestamp !== undefined) headers.append('Timestamp', timestamp);
  if (options.contact !== undefined) headers.append('Contact', options.contact);
  for (const [name, value] of options.headers ?? []) headers.append(name, value);
  if (options.body) headers.set('Content-Type', options.contentType ?? 'application/sdp');
  return { kind: 'response', status, reasonPhrase, headers, body: options.body ?? '' };
}

function withTag(to: string, tag: string | undefined): string {
  return tag === undefined || tagOf(to) !== undefined ? to : `${to};tag=${tag}`;
}

/** UTF-8; what is none becomes U+FFFD. A text of its own: the bytes may lie in memory that the next datagram is written to. */
function textOf(bytes: Uint8Array, start: number, end: number): string {
  return start === end ? '' : asBuffer(bytes).toString('utf8', start, end);
}

/** RFC 3261 section 18.3: bytes past Content-Length are dropped; a body cut short is an error. */
function findBodyEnd(headers: SipHeaders, bodyStart: number, end: number): Result<number> {
  const length = contentLengthOf(headers);
  if (!length.ok) return length;
  if (length.value === undefined) return ok(end);
  return bodyStart + length.value > end ? err('body is shorter than Content-Length') : ok(bodyStart + length.value);
}

function assemble(startLine: string, headers: SipHeaders, body: string): Result<SipMessage> {
  const status = STATUS_LINE.exec(startLine);
  if (status) return ok({ kind: 'response', status: Number(status[1]), reasonPhrase: status[2] ?? '', headers, body });
  const request = REQUEST_LINE.exec(startLine);
  if (request) return ok({ kind: 'request', method: request[1]!, uri: request[2]!, headers, body });
  return err('malformed start line');
}

function checkMandatory(message: SipMessage): Result<SipMessage> {
  const missing = MANDATORY_HEADERS.find((name) => !message.headers.get(name));
  if (missing) return err(`${missing} is missing`);
  const cseq = parseCSeq(message.headers.get('CSeq') ?? '');
  if (!cseq.ok) return cseq;
  if (message.kind === 'request' && cseq.value.method !== message.method) return err('CSeq names another method');
  return ok(message);
}

function oneLine(text: string): string {
  return text.includes('\n') || text.includes('\r') ? text.replace(/[\r\n]+/g, ' ') : text;
}
