import { formatNameAddr, type NameAddr } from './header-values.js';
import { ALLOWED_METHODS, contactOf } from './request.js';
import type { SipTransport } from './transport.js';
import { formatHost, formatSipUri, type SipUri } from './uri.js';

export interface OptionsFields {
  target: SipUri;
  /** without a tag */
  from: NameAddr;
  userAgent: string;
  /** Route values to begin with: an outbound proxy */
  routes?: readonly string[];
}

export interface OptionsTokens {
  branch: string;
  callId: string;
  fromTag: string;
}

/**
 * The OPTIONS of RFC 3261 section 11.1 outside of a dialog, written in one go: of a list of headers it was 4 of the 35 KB that
 * a probe left to the collector. Every Via asks for `rport` (RFC 3581), so that answers find the way back through a NAT.
 */
export function writeOptions(
  fields: OptionsFields,
  transport: SipTransport,
  { branch, callId, fromTag }: OptionsTokens,
): Uint8Array {
  const { target, from, routes, userAgent } = fields;
  const uri = formatSipUri(target.headers === undefined ? target : { ...target, headers: undefined });
  const route = routes?.length ? routes.map((one) => `Route: ${one}\r\n`).join('') : '';
  return Buffer.from(`OPTIONS ${uri} SIP/2.0\r
Via: SIP/2.0/${transport.protocol} ${formatHost(transport.localAddress)}:${transport.localPort};branch=${branch};rport\r
Max-Forwards: 70\r
${route}From: ${formatNameAddr(from)};tag=${fromTag}\r
To: <${uri}>\r
Call-ID: ${callId}\r
CSeq: 1 OPTIONS\r
Contact: ${contactOf(transport, target.scheme, from.uri.user)}\r
User-Agent: ${userAgent}\r
Allow: ${ALLOWED_METHODS}\r
Accept: application/sdp\r
Content-Length: 0\r
\r
`);
}
