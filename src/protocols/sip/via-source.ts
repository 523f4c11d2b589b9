import { formatVia, parseVia } from './headers.js';
import type { SipRequest } from './message.js';

const DEFAULT_PORT = 5060;

/**
 * Writes where a request really came from into its topmost Via (RFC 3261 18.2.1 `received`, RFC 3581 4 `rport`) and answers
 * with the port to reply to: the source port when the client asked for that, else the one it names.
 */
export function markSource(request: SipRequest, peer: { address: string; port: number }): number {
  const [top = '', ...others] = request.headers.getAll('Via');
  const via = parseVia(top);
  if (!via.ok) return peer.port;
  const asksRport = 'rport' in via.value.params;
  via.value.params['received'] = peer.address;
  if (asksRport) via.value.params['rport'] = String(peer.port);
  request.headers.set('Via', formatVia(via.value));
  for (const other of others) request.headers.append('Via', other);
  return asksRport ? peer.port : (via.value.port ?? DEFAULT_PORT);
}

/** Where such a request wants its responses, as its topmost Via says; undefined where it names no port. */
export function replyPortOf(request: SipRequest): number | undefined {
  const via = parseVia(request.headers.get('Via') ?? '');
  if (!via.ok) return undefined;
  const rport = Number(via.value.params['rport']);
  return Number.isInteger(rport) && rport > 0 && rport < 65_536 ? rport : via.value.port;
}
