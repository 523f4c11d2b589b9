/**
 * What is needed to end a call without the process that made it: plain data, so that it can be written down before the INVITE
 * goes out and read by whoever comes after a crash. It holds neither credentials nor media keys.
 */
import type { Dialog, DialogState } from './dialog.js';
import { SipHeaders } from './headers.js';
import { parseSipMessage, serializeSipMessage, type SipRequest } from './message.js';
import { cseqOf } from './transaction/keys.js';

export interface CallTicket {
  callId: string;
  /** where we could be reached: a UDP peer goes on sending there */
  localPort: number;
  /** the INVITE without body, credentials and routes it does not need; a CANCEL has to be made of it */
  invite: string;
  /** it has no final response yet */
  unanswered: boolean;
  /** the dialogs that no BYE has ended */
  dialogs: DialogState[];
}

const KEPT = new Set(['Via', 'Route', 'From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards', 'Contact']);

/** Tells the ticket of one call as it changes, and its end once. */
export class TicketHolder {
  private standing = false;

  constructor(
    private readonly localPort: number,
    private readonly tell: (ticket: CallTicket | null) => void,
  ) {}

  note(invite: SipRequest | undefined, unanswered: boolean, dialogs: Dialog[]): void {
    if (!invite || (!unanswered && dialogs.length === 0)) return this.drop();
    this.standing = true;
    const headers = SipHeaders.from(invite.headers.entries().filter(([name]) => KEPT.has(name)));
    this.tell({
      callId: headers.get('Call-ID') ?? '',
      localPort: this.localPort,
      invite: new TextDecoder().decode(serializeSipMessage({ ...invite, headers, body: '' })),
      unanswered,
      dialogs: dialogs.map((dialog) => dialog.snapshot),
    });
  }

  drop(): void {
    if (this.standing) this.tell(null);
    this.standing = false;
  }
}

/** The INVITE of a ticket; undefined when somebody has spoilt it. */
export function inviteOf(ticket: CallTicket): SipRequest | undefined {
  const message = parseSipMessage(new TextEncoder().encode(ticket.invite));
  return message.ok && message.value.kind === 'request' && message.value.method === 'INVITE' ? message.value : undefined;
}

/** RFC 3261 section 9.1: the fields of the INVITE, its one Via with the same branch, its CSeq number, its Route. */
export function cancelOf(invite: SipRequest, more: [string, string][] = []): SipRequest {
  const { headers } = invite;
  return {
    kind: 'request',
    method: 'CANCEL',
    uri: invite.uri,
    headers: SipHeaders.from([
      ['Via', headers.getAll('Via')[0] ?? ''],
      ['Max-Forwards', '70'],
      ...headers.getAll('Route').map((route): [string, string] => ['Route', route]),
      ['From', headers.get('From') ?? ''],
      ['To', headers.get('To') ?? ''],
      ['Call-ID', headers.get('Call-ID') ?? ''],
      ['CSeq', `${cseqOf(invite).number} CANCEL`],
      ...more,
    ]),
    body: '',
  };
}
