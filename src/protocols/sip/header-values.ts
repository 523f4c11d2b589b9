import { err, ok, type Result } from '../../common/result.js';
import { quote, quoteIfNeeded, splitOutsideQuotes, unquote } from './header-text.js';
import { formatHost, formatSipUri, parseSipUri, type SipUri } from './uri.js';

/** The value of From, To, Contact, Route, Record-Route: RFC 3261 section 20.10. Names of `params` are lower case. */
export interface NameAddr {
  displayName?: string;
  uri: SipUri;
  params: Record<string, string>;
}

/** One Via value: RFC 3261 section 20.42. */
export interface Via {
  protocol: 'UDP' | 'TCP' | 'TLS';
  host: string;
  port?: number;
  params: Record<string, string>;
}

export interface CSeq {
  number: number;
  method: string;
}

/** Of a comma-separated list the first value is read. */
export function parseNameAddr(value: string): Result<NameAddr> {
  const first = splitOutsideQuotes(value, ',')[0];
  if (first === undefined) return err('empty address');
  const bracketed = /^("(?:[^"\\]|\\.)*"\s*|[^<"]*)<([^<>]*)>(.*)$/s.exec(first);
  if (!bracketed) return parseAddrSpec(first);
  const uri = parseSipUri(bracketed[2]!.trim());
  if (!uri.ok) return uri;
  const displayName = unquote(bracketed[1]!.trim());
  return ok({ ...(displayName === '' ? {} : { displayName }), uri: uri.value, params: parseHeaderParams(bracketed[3]!) });
}

export function formatNameAddr(address: NameAddr): string {
  const name = address.displayName === undefined ? '' : `${quote(address.displayName)} `;
  return `${name}<${formatSipUri(address.uri)}>${formatHeaderParams(address.params)}`;
}

// Runs of white space are bounded: two unbounded ones side by side would let a peer burn our time in backtracking.
const VIA =
  /^SIP\s{0,8}\/\s{0,8}2\.0\s{0,8}\/\s{0,8}(UDP|TCP|TLS)\s{1,8}(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))\s{0,8}(?::\s{0,8}(\d{1,5}))?\s{0,8}(;.*)?$/is;

/** Of a comma-separated list the first, that is the topmost, value is read. */
export function parseVia(value: string): Result<Via> {
  const match = VIA.exec(splitOutsideQuotes(value, ',')[0] ?? '');
  if (!match) return err('malformed Via');
  const port = match[4] === undefined ? undefined : Number(match[4]);
  if (port !== undefined && (port < 1 || port > 65535)) return err('Via port is out of range');
  return ok({
    protocol: match[1]!.toUpperCase() as Via['protocol'],
    host: match[2] ?? match[3]!,
    ...(port === undefined ? {} : { port }),
    params: parseHeaderParams(match[5] ?? ''),
  });
}

export function formatVia(via: Via): string {
  const port = via.port === undefined ? '' : `:${via.port}`;
  return `SIP/2.0/${via.protocol} ${formatHost(via.host)}${port}${formatHeaderParams(via.params)}`;
}

/** RFC 3261 section 8.1.1.5: the number is below 2**31. */
export function parseCSeq(value: string): Result<CSeq> {
  const match = /^(\d{1,10})\s+([A-Za-z0-9\-.!%*_+`'~]+)$/.exec(value.trim());
  const number = Number(match?.[1]);
  if (!match || number >= 2 ** 31) return err('malformed CSeq');
  return ok({ number, method: match[2]! });
}

/** The `tag` of a From or To value, also when its URI is of a scheme we do not read (tel:). */
export function tagOf(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const parameters = splitOutsideQuotes(value, ';').slice(1);
  return parseHeaderParams(`;${parameters.join(';')}`)['tag'];
}

export function parseHeaderParams(text: string): Record<string, string> {
  const params: Record<string, string> = {};
  for (const part of splitOutsideQuotes(text, ';')) {
    const equals = part.indexOf('=');
    if (equals < 0) setParam(params, part.toLowerCase(), '');
    else setParam(params, part.slice(0, equals).trim().toLowerCase(), unquote(part.slice(equals + 1).trim()));
  }
  return params;
}

/** A peer that names a parameter `__proto__` gets a parameter of that name. */
function setParam(params: Record<string, string>, name: string, value: string): void {
  if (name === '__proto__') Object.defineProperty(params, name, { value, enumerable: true, configurable: true, writable: true });
  else params[name] = value;
}

function formatHeaderParams(params: Record<string, string>): string {
  let text = '';
  for (const name of Object.keys(params))
    text += params[name] === '' ? `;${name}` : `;${name}=${quoteIfNeeded(params[name] ?? '')}`;
  return text;
}

/** Without <> the parameters belong to the header, not to the URI (RFC 3261 section 20.10). */
function parseAddrSpec(value: string): Result<NameAddr> {
  const semicolon = value.indexOf(';', value.indexOf('@') + 1);
  const end = semicolon < 0 ? value.length : semicolon;
  const uri = parseSipUri(value.slice(0, end).trim());
  return uri.ok ? ok({ uri: uri.value, params: parseHeaderParams(value.slice(end)) }) : uri;
}
