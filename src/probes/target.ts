import { isIPv6 as hasFormOfIPv6 } from 'node:net';
import { err, ok, type Result } from '../common/result.js';
import { parseSipUri, type SipUri } from '../protocols/sip/uri.js';

export interface SipTarget {
  uri: SipUri;
  host: string;
  port: number;
  transport: SipProtocol;
}

export type SipProtocol = 'UDP' | 'TCP' | 'TLS';

/** What holds where the text of a target says nothing about it. */
export interface SipTargetDefaults {
  transport?: Lowercase<SipProtocol>;
  port?: number;
}

export interface HostTarget {
  host: string;
  port?: number;
}

/** An endpoint over H.323: its host, and whom to ask for behind it. */
export interface H323Target extends HostTarget {
  /** digits or a name, dialled at a gateway or an MCU */
  alias?: string;
}

const SIP_PORT: Record<SipProtocol, number> = { UDP: 5060, TCP: 5060, TLS: 5061 };
const PROTOCOLS: Record<string, SipProtocol | undefined> = { udp: 'UDP', tcp: 'TCP', tls: 'TLS' };
/** A host name or an IPv4 address, as far as a resolver may be asked about it. */
const HOST = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?\.?$/;

const ALIAS = /^[^\s@\p{Cc}]{1,128}$/u;

/** Its regular expression is long, and most hosts have no colon. */
const isIPv6 = (host: string): boolean => host.includes(':') && hasFormOfIPv6(host);

const isPort = (port: number): boolean => Number.isInteger(port) && port > 0 && port < 65536;

/** `host`, `host:port`, `[v6]:port`, a bare IPv6 address, or the host and port of a SIP address. */
export function parseHostTarget(text: string): Result<HostTarget> {
  const trimmed = text.trim();
  if (/^sips?:/i.test(trimmed)) {
    const uri = parseSipUri(trimmed);
    return uri.ok ? ok({ host: uri.value.host, port: uri.value.port }) : uri;
  }
  if (isIPv6(trimmed)) return ok({ host: trimmed });
  const parts = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(trimmed);
  const host = parts?.[1] ?? parts?.[2];
  if (!host || (parts?.[1] ? !isIPv6(host) : !HOST.test(host))) return err(`"${text}" is neither an address nor host:port`);
  if (parts?.[3] === undefined) return ok({ host });
  const port = Number(parts[3]);
  return isPort(port) ? ok({ host, port }) : err(`port ${parts[3]} is outside 1-65535`);
}

/** An address, `host:port` or `h323:[alias@]host[:port]` (H.323 annex O). */
export function parseH323Target(text: string): Result<H323Target> {
  const bare = text.trim().replace(/^h323:/i, '');
  const at = bare.lastIndexOf('@');
  if (at === -1) return parseHostTarget(bare);
  const alias = bare.slice(0, at);
  if (!ALIAS.test(alias)) return err(`"${alias}" is no alias: 1 to 128 characters without space, "@" and control characters`);
  const host = parseHostTarget(bare.slice(at + 1));
  return host.ok ? ok({ ...host.value, alias }) : host;
}

/** An address, `host:port`, `sip:user@host[:port][;transport=udp|tcp|tls]` or `sips:user@host[:port]`. */
export function parseSipTarget(text: string, defaults: SipTargetDefaults = {}): Result<SipTarget> {
  const uri = /^sips?:/i.test(text.trim()) ? parseSipUri(text.trim()) : bareSipUri(text);
  if (!uri.ok) return uri;
  const { host } = uri.value;
  if (!isIPv6(host) && !HOST.test(host)) return err(`"${host}" is not a host`);
  const transport = protocolOf(uri.value, defaults);
  if (!transport.ok) return transport;
  const port = uri.value.port ?? defaults.port;
  return ok({
    uri: port === undefined ? uri.value : { ...uri.value, port },
    host,
    port: port ?? SIP_PORT[transport.value],
    transport: transport.value,
  });
}

/** RFC 3261 section 26.2.2: `sips:` is TLS, over TCP alone; `transport=tls` is deprecated and everywhere in use. */
function protocolOf(uri: SipUri, defaults: SipTargetDefaults): Result<SipProtocol> {
  const written = uri.params.transport?.toLowerCase();
  if (uri.scheme === 'sips') {
    return written === undefined || written === 'tcp' || written === 'tls' ? ok('TLS') : err(`sips: is TLS, not ${written}`);
  }
  const protocol = PROTOCOLS[written ?? defaults.transport ?? 'udp'];
  return protocol ? ok(protocol) : err(`transport=${written} is neither udp nor tcp nor tls`);
}

function bareSipUri(text: string): Result<SipUri> {
  const host = parseHostTarget(text);
  return host.ok ? ok({ scheme: 'sip', params: {}, ...host.value }) : host;
}
