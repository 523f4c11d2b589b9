import { ok, type Result } from '../common/result.js';
import { SipStreamTransport } from './sip-stream-transport.js';
import type { OpenSipTransport, SipPath } from './sip-transport.js';
import { connectTls, type TlsFailure } from './tls-connect.js';
import type { TlsTrust } from './tls-trust.js';

/** SIP over TLS (RFC 3261 26.3.2.1): nothing of SIP is sent before the peer has proved who it is. */
export async function openSipTls(path: SipPath, trust: TlsTrust): Promise<Result<OpenSipTransport, TlsFailure>> {
  const connected = await connectTls(path, trust);
  return connected.ok ? ok(new SipStreamTransport('TLS', connected.value, path)) : connected;
}
