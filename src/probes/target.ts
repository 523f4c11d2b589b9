import { isIPv6 } from 'node:net';
import { err, ok, type Result } from '../common/result.js';
import { parseSipUri, type SipUri } from '../protocols/sip/uri.js';

export interface SipTarget {
  uri: SipUri;
  host: string;
  port: number;
  transport: 'UDP' | 'TCP';
}

export interface HostTarget {
  host: string;
  port?: number;
}

const SIP_PORT = 5060;
/** A host name or an IPv4 address, as far as a resolver may be asked about it. */
const HOST = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?\.?$/;

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

/** An address, `host:port` or `sip:user@host[:port][;transport=udp|tcp]`. */
export function parseSipTarget(text: string): Result<SipTarget> {
  const uri = /^sips?:/i.test(text.trim()) ? parseSipUri(text.trim()) : bareSipUri(text);
  if (!uri.ok) return uri;
  const transport = (uri.value.params.transport ?? 'udp').toLowerCase();
  if (uri.value.scheme === 'sips' || transport === 'tls') return err('SIP over TLS cannot be tested by this version');
  if (transport !== 'udp' && transport !== 'tcp') return err(`transport=${transport} is neither udp nor tcp`);
  if (!isIPv6(uri.value.host) && !HOST.test(uri.value.host)) return err(`"${uri.value.host}" is not a host`);
  return ok({
    uri: uri.value,
    host: uri.value.host,
    port: uri.value.port ?? SIP_PORT,
    transport: transport === 'tcp' ? 'TCP' : 'UDP',
  });
}

function bareSipUri(text: string): Result<SipUri> {
  const host = parseHostTarget(text);
  return host.ok ? ok({ scheme: 'sip', params: {}, ...host.value }) : host;
}
