import { err, ok, type Result } from '../../common/result.js';

/**
 * RFC 3261 section 19.1. `user`, `password` and `headers` keep their %-escapes as received; `host` has no brackets (an IPv6
 * address is '::1'); names of `params` are lower case and a flag such as `lr` has the value ''.
 */
export interface SipUri {
  scheme: 'sip' | 'sips';
  user?: string;
  password?: string;
  host: string;
  port?: number;
  params: Record<string, string>;
  headers?: string;
}

const MAX_URI_LENGTH = 2048;
const HOST = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?$/;
const SAFE_TEXT = /^[^\s<>"]*$/;

export function parseSipUri(text: string): Result<SipUri> {
  if (text.length > MAX_URI_LENGTH) return err('URI is too long');
  const scheme = /^(sips?):(.+)$/is.exec(text);
  if (!scheme) return err('not a sip: or sips: URI');
  const rest = scheme[2] ?? '';
  if (!SAFE_TEXT.test(rest)) return err('URI holds white space, quotes or angle brackets');
  // The user part may hold ';' and '?', so it is cut off before the parameters are looked for.
  const at = rest.lastIndexOf('@');
  const afterUser = rest.slice(at + 1);
  const [, hostPort = '', paramText = '', , headers] = /^([^;?]*)((?:;[^?]*)?)(\?(.*))?$/.exec(afterUser) ?? [];
  const host = HOST.exec(hostPort);
  if (!host) return err('URI has no valid host');
  const port = host[3] === undefined ? undefined : Number(host[3]);
  if (port !== undefined && (port < 1 || port > 65535)) return err('URI has a port out of range');
  return ok({
    scheme: scheme[1]!.toLowerCase() as SipUri['scheme'],
    ...(at >= 0 ? splitUserInfo(rest.slice(0, at)) : {}),
    host: host[1] ?? host[2]!,
    ...(port === undefined ? {} : { port }),
    params: parseParams(paramText),
    ...(headers ? { headers } : {}),
  });
}

export function formatSipUri(uri: SipUri): string {
  const password = uri.password === undefined ? '' : `:${uri.password}`;
  const user = uri.user === undefined ? '' : `${uri.user}${password}@`;
  const port = uri.port === undefined ? '' : `:${uri.port}`;
  const headers = uri.headers ? `?${uri.headers}` : '';
  return `${uri.scheme}:${user}${formatHost(uri.host)}${port}${formatParams(uri.params)}${headers}`;
}

/** An IPv6 address gets the brackets it needs wherever a port may follow. */
export function formatHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** `;name=value;flag`, as in URIs. Quoted values are the business of header parameters. */
export function parseParams(text: string): Record<string, string> {
  if (text === '') return {};
  const pairs = text
    .split(';')
    .filter((part) => part !== '')
    .map((part): [string, string] => {
      const equals = part.indexOf('=');
      return equals < 0 ? [part.toLowerCase(), ''] : [part.slice(0, equals).toLowerCase(), part.slice(equals + 1)];
    });
  return Object.fromEntries(pairs);
}

export function formatParams(params: Record<string, string>): string {
  let text = '';
  for (const name of Object.keys(params)) text += params[name] === '' ? `;${name}` : `;${name}=${params[name]}`;
  return text;
}

function splitUserInfo(userInfo: string): { user: string; password?: string } {
  const colon = userInfo.indexOf(':');
  return colon < 0 ? { user: userInfo } : { user: userInfo.slice(0, colon), password: userInfo.slice(colon + 1) };
}
