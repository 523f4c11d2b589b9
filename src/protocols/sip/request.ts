import type { RandomSource } from '../../common/random.js';
import { SipHeaders } from './headers.js';
import { formatVia } from './header-values.js';
import type { SipRequest } from './message.js';
import type { SipTransport } from './transport.js';
import { formatHost } from './uri.js';

/** What we take part in inside a dialog (RFC 3261 section 20.5). */
export const ALLOWED_METHODS = 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE';

export interface RequestFields {
  method: string;
  uri: string;
  from: string;
  to: string;
  callId: string;
  cseq: number;
  branch: string;
  transport: SipTransport;
  routes?: string[];
  /** after the mandatory headers, in this order */
  headers?: [string, string][];
  body?: string;
  contentType?: string;
}

/** RFC 3261 section 8.1.1. Every Via asks for `rport` (RFC 3581), so that answers find the way back through a NAT. */
export function buildRequest(fields: RequestFields): SipRequest {
  const { transport, method } = fields;
  const via = formatVia({
    protocol: transport.protocol,
    host: transport.localAddress,
    port: transport.localPort,
    params: { branch: fields.branch, rport: '' },
  });
  const headers = new SipHeaders();
  headers.append('Via', via);
  headers.append('Max-Forwards', '70');
  for (const route of fields.routes ?? []) headers.append('Route', route);
  headers.append('From', fields.from);
  headers.append('To', fields.to);
  headers.append('Call-ID', fields.callId);
  headers.append('CSeq', `${fields.cseq} ${method}`);
  for (const [name, value] of fields.headers ?? []) headers.append(name, value);
  if (fields.body) headers.set('Content-Type', fields.contentType ?? 'application/sdp');
  return { kind: 'request', method, uri: fields.uri, headers, body: fields.body ?? '' };
}

/** RFC 3261 section 8.1.1.7: begins with the magic cookie and is unique in space and time. */
export function newBranch(random: RandomSource): string {
  return `z9hG4bK${random.token(20)}`;
}

/** Where requests of the peer reach us: a Contact value. A sips: target wants sips: here too (RFC 3261 section 8.1.1.8). */
export function contactOf(transport: SipTransport, scheme: 'sip' | 'sips', user: string | undefined): string {
  const host = `${formatHost(transport.localAddress)}:${transport.localPort}`;
  const transportParam =
    transport.protocol === 'UDP' || scheme === 'sips' ? '' : `;transport=${transport.protocol.toLowerCase()}`;
  return `<${scheme}:${user === undefined ? '' : `${user}@`}${host}${transportParam}>`;
}
