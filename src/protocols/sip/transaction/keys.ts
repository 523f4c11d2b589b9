/**
 * Which transaction a message belongs to. RFC 3261 section 17.1.3: the branch of the top Via and the method of CSeq;
 * section 17.2.3: the same and who sent it, an ACK belonging to its INVITE. A branch without the magic cookie comes from an
 * RFC 2543 peer, for which the fields of that section stand in.
 */
import { parseCSeq, parseVia, tagOf } from '../header-values.js';
import type { SipMessage, SipRequest } from '../message.js';

const MAGIC_COOKIE = 'z9hG4bK';

export function clientTransactionKey(message: SipMessage): string {
  return clientKeyOf(topVia(message).branch, cseqOf(message).method);
}

/** The same for who has just made the request and knows. */
export const clientKeyOf = (branch: string, method: string): string => `${branch}|${method}`;

export function serverTransactionKey(request: SipRequest): string {
  const { branch, sentBy } = topVia(request);
  const method = request.method === 'ACK' ? 'INVITE' : request.method;
  if (branch.startsWith(MAGIC_COOKIE)) return `${branch}|${sentBy}|${method}`;
  const fromTag = tagOf(request.headers.get('From')) ?? '';
  return [request.uri, fromTag, request.headers.get('Call-ID'), cseqOf(request).number, sentBy, method].join('|');
}

export function cseqOf(message: SipMessage): { number: number; method: string } {
  const cseq = parseCSeq(message.headers.get('CSeq') ?? '');
  return cseq.ok ? cseq.value : { number: 0, method: '' };
}

function topVia(message: SipMessage): { branch: string; sentBy: string } {
  const via = parseVia(message.headers.get('Via') ?? '');
  if (!via.ok) return { branch: '', sentBy: '' };
  return { branch: via.value.params['branch'] ?? '', sentBy: `${via.value.host.toLowerCase()}:${via.value.port ?? ''}` };
}
