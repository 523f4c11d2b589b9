/**
 * The start line and the header fields of a message: RFC 3261 section 7. Read in one pass, byte for character: the text of a
 * field is made of its UTF-8 when somebody asks for it, and of most of them nobody does.
 */
import { err, ok, type Result } from '../../common/result.js';
import { isKnownHeaderName, SipHeaders } from './headers.js';
import { decodeUtf8 } from './header-text.js';

export const MAX_HEADERS = 200;
export const MAX_HEADER_LENGTH = 8_192;

export interface MessageHead {
  startLine: string;
  headers: SipHeaders;
  /** where the body begins */
  bodyStart: number;
}

/** A line that begins so and has no colon is one of the headers that we cannot do without, and spoilt. */
const SPOILT_MANDATORY = /^(?:via|from|to|call-id|cseq|content-length|[vftil])(?![A-Za-z0-9\-.!%*_+`'~])/i;
const HEADER_NAME = /^([A-Za-z0-9\-.!%*_+`'~]+)[ \t]*$/;
const [TAB, LF, CR, SPACE] = [0x09, 0x0a, 0x0d, 0x20];

/** @returns undefined as long as the empty line that ends the headers is missing; bare LF is accepted */
export function readHead(bytes: Uint8Array): Result<MessageHead | undefined> {
  const lines = new HeadLines(bytes);
  const startLine = lines.next();
  const headers = new SipHeaders();
  let count = 0;
  for (let line = lines.next(); line !== ''; line = lines.next()) {
    if (line === undefined) return ok(undefined);
    if (++count > MAX_HEADERS) return err('message has more than 200 headers');
    const problem = addField(headers, line);
    if (problem !== undefined) return err(problem);
  }
  return ok({ startLine: decodeUtf8(startLine ?? ''), headers, bodyStart: lines.at });
}

function addField(headers: SipHeaders, line: string): string | undefined {
  if (line.length > MAX_HEADER_LENGTH) return 'a header is longer than 8 KiB';
  const colon = line.indexOf(':');
  const name = headerName(line.slice(0, Math.max(0, colon)));
  if (name !== undefined) {
    headers.appendUtf8(name, withoutBlanks(line, colon + 1));
    return undefined;
  }
  // a gateway that breaks one line must not read as a room that does not answer
  if (SPOILT_MANDATORY.test(line)) return 'malformed header line';
  headers.malformedLines++;
  return undefined;
}

const headerName = (text: string): string | undefined => (isKnownHeaderName(text) ? text : HEADER_NAME.exec(text)?.[1]);

const isBlank = (code: number): boolean => code === SPACE || code === TAB;

/** Of ASCII only: in what is not decoded yet, a byte of a letter can look like another kind of blank. */
function withoutBlanks(line: string, from: number): string {
  let start = from;
  let end = line.length;
  while (start < end && isBlank(line.charCodeAt(start))) start++;
  while (end > start && (isBlank(line.charCodeAt(end - 1)) || line.charCodeAt(end - 1) === CR)) end--;
  return line.slice(start, end);
}

/** Line after line, each with those that continue it (section 7.3.1), without its line end. */
class HeadLines {
  private readonly text: string;
  /** of the next line */
  at = 0;

  constructor(bytes: Uint8Array) {
    this.text = asBuffer(bytes).toString('latin1');
    // section 7.5: empty lines before the start line are ignored
    while (this.isLineEnd(this.at)) this.at++;
  }

  /** @returns undefined where no line end follows */
  next(): string | undefined {
    let line = this.single();
    while (line !== undefined && line !== '' && isBlank(this.text.charCodeAt(this.at))) {
      const continuation = this.single();
      if (continuation === undefined) return undefined;
      line = `${line} ${withoutBlanks(continuation, 0)}`;
    }
    return line;
  }

  private single(): string | undefined {
    const start = this.at;
    const end = this.text.indexOf('\n', start);
    if (end < 0) return undefined;
    this.at = end + 1;
    return this.text.slice(start, end > start && this.text.charCodeAt(end - 1) === CR ? end - 1 : end);
  }

  private isLineEnd(at: number): boolean {
    const code = this.text.charCodeAt(at);
    return code === CR || code === LF;
  }
}

/** A view made for it alone costs more than the reading. */
export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The Content-Length of a header set; undefined when absent. Two different ones are an attempt to confuse. */
export function contentLengthOf(headers: SipHeaders): Result<number | undefined> {
  const values = headers.getAll('Content-Length');
  const value = values[0];
  if (value === undefined) return ok(undefined);
  if (values.some((other) => other !== value) || !/^\d{1,9}$/.test(value)) return err('malformed Content-Length');
  return ok(Number(value));
}
