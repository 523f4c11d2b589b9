/**
 * The called side of a call that we made: what the peer may ask inside its dialogs (RFC 3261 section 12.2.2).
 *
 *   BYE       200, the leg is closed                      INFO, OPTIONS   200
 *   INVITE    re-INVITE (section 14.2): 200 with our answer, our SDP again when it offers nothing, 488 when refused,
 *             491 while one of the two sides still waits for an answer from the other
 *   UPDATE    the same without ACK (RFC 3311)             REFER           603: we call nobody else
 *   CANCEL    200 or 481, and nothing else to do: every request has been answered by then
 *   others    405; a session described otherwise than in SDP 415; an unknown dialog 481; a CSeq not above the last 500; a required extension 420
 *
 * Outside dialogs OPTIONS gets 200, since some devices ask that before they believe in us; an INVITE gets 403.
 */
import { sdpOf, type CallSession } from './call-session.js';
import type { CallLegs, Leg } from './call-legs.js';
import { tagOf } from './header-values.js';
import { createResponse, type ResponseOptions, type SipRequest, type SipResponse } from './message.js';
import { ALLOWED_METHODS } from './request.js';
import { cseqOf } from './transaction/keys.js';
import type { InviteServerTransaction } from './transaction/invite-server.js';
import type { TransactionTable } from './transaction-table.js';

export interface CallServerHost {
  /** our last description: the offer of a 200 to a re-INVITE that offered nothing */
  localSdp(): string;
  /** our answer to an offer of the peer; null refuses it */
  answerOf(offer: string): string | null;
  isPrimary(leg: Leg): boolean;
  onChanged(change: { sdp: string; local: string; offerer: 'peer' | 'us' }): void;
  onBye(leg: Leg): void;
  /** RFC 3261 section 14.2: our 2xx to a re-INVITE was never acknowledged */
  onUnacknowledged(leg: Leg): void;
}

interface PendingReinvite {
  transaction: InviteServerTransaction;
  leg: Leg;
  cseq: number;
  /** set when our 200 held an offer whose answer the ACK brings */
  offered?: string;
}

const ACCEPT: [string, string] = ['Accept', 'application/sdp'];
const ALLOW: [string, string] = ['Allow', ALLOWED_METHODS];

export class CallServer {
  /** answered re-INVITEs whose ACK is on its way */
  private pending: PendingReinvite[] = [];

  constructor(
    private readonly session: CallSession,
    private readonly transactions: TransactionTable,
    private readonly legs: CallLegs,
    private readonly host: CallServerHost,
  ) {}

  /** A request that no running transaction knows. */
  receive(request: SipRequest): void {
    if (request.method === 'ACK') this.receiveAck(request);
    else if (request.method === 'CANCEL') this.receiveCancel(request);
    else if (tagOf(request.headers.get('To')) === undefined) this.outsideDialog(request);
    else this.insideDialog(request);
  }

  private receiveAck(ack: SipRequest): void {
    this.pendingOf(ack)?.transaction.receive(ack);
  }

  private receiveCancel(request: SipRequest): void {
    this.reply(request, this.pendingOf(request) ? 200 : 481);
  }

  private outsideDialog(request: SipRequest): void {
    const options = { toTag: this.session.random.token(16), headers: [ALLOW] };
    if (request.method === 'OPTIONS') this.reply(request, 200, options);
    else this.reply(request, request.method === 'INVITE' ? 403 : 405, options);
  }

  private insideDialog(request: SipRequest): void {
    const leg = this.legs.find(request);
    const required = request.headers.getAll('Require');
    if (!leg) this.withoutLeg(request);
    else if (required.length > 0) this.reply(request, 420, { headers: [['Unsupported', required.join(', ')]] });
    else if (!leg.dialog.acceptCSeq(request)) this.reply(request, 500);
    else if (asksForSession(request) && isForeignBody(request)) this.reply(request, 415, { headers: [ACCEPT] });
    else if (request.method === 'BYE') this.receiveBye(request, leg);
    else if (leg.state === 'closed') this.reply(request, 481);
    else this.serve(request, leg);
  }

  /** Before the answer the peer is in an early dialog, where our offer still waits: RFC 3261 section 14.2, RFC 3311 section 5.2. */
  private withoutLeg(request: SipRequest): void {
    const early =
      request.headers.get('Call-ID') === this.session.callId && tagOf(request.headers.get('To')) === this.session.localTag;
    if (early && asksForSession(request)) this.reply(request, 491);
    else if (early && (request.method === 'INFO' || request.method === 'OPTIONS')) this.reply(request, 200, { headers: [ALLOW] });
    else this.reply(request, 481);
  }

  private serve(request: SipRequest, leg: Leg): void {
    switch (request.method) {
      case 'INVITE':
        return this.receiveReinvite(request, leg);
      case 'UPDATE':
        return this.receiveUpdate(request, leg);
      case 'INFO':
      case 'OPTIONS':
        return this.reply(request, 200, { headers: [ALLOW] });
      case 'REFER':
        return this.reply(request, 603);
      default:
        return this.reply(request, 405, { headers: [ALLOW] });
    }
  }

  private receiveBye(request: SipRequest, leg: Leg): void {
    this.reply(request, 200);
    const wasOpen = leg.state === 'open';
    this.legs.release(leg);
    if (wasOpen) this.host.onBye(leg);
  }

  private receiveReinvite(request: SipRequest, leg: Leg): void {
    if (this.awaitsAnswer()) return this.reply(request, 491);
    const offer = sdpOf(request);
    const local = offer === undefined ? this.host.localSdp() : this.answerFor(leg, offer);
    if (local === null) return this.reply(request, 488);
    const transaction = this.transactions.serveInvite(request, {
      onAck: (ack) => this.onAcknowledged(ack),
      onTimeout: () => this.onUnacknowledged(request),
    });
    if (!transaction) return;
    leg.dialog.refreshTarget(request);
    const cseq = cseqOf(request).number;
    this.pending.push({ transaction, leg, cseq, ...(offer === undefined ? { offered: local } : {}) });
    transaction.respond(this.responseTo(request, 200, { contact: this.session.contact, body: local, headers: [ALLOW] }));
    if (offer !== undefined) this.host.onChanged({ sdp: offer, local, offerer: 'peer' });
  }

  private onAcknowledged(ack: SipRequest): void {
    const offered = this.takePending(ack)?.offered;
    const answer = sdpOf(ack);
    if (offered !== undefined && answer !== undefined) this.host.onChanged({ sdp: answer, local: offered, offerer: 'us' });
  }

  private onUnacknowledged(request: SipRequest): void {
    const pending = this.takePending(request);
    if (pending) this.host.onUnacknowledged(pending.leg);
  }

  /** The re-INVITE an ACK or CANCEL is about: same dialog, same CSeq number. */
  private pendingOf(request: SipRequest): PendingReinvite | undefined {
    return this.pending.find(({ leg, cseq }) => cseq === cseqOf(request).number && leg.dialog.matches(request));
  }

  private takePending(request: SipRequest): PendingReinvite | undefined {
    const found = this.pendingOf(request);
    this.pending = this.pending.filter((other) => other !== found);
    return found;
  }

  /** Our 200 made an offer and the ACK with the answer has not come. */
  private awaitsAnswer(): boolean {
    return this.pending.some(({ offered }) => offered !== undefined);
  }

  private receiveUpdate(request: SipRequest, leg: Leg): void {
    const offer = sdpOf(request);
    if (offer !== undefined && this.awaitsAnswer()) return this.reply(request, 491);
    const local = offer === undefined ? '' : this.answerFor(leg, offer);
    if (local === null) return this.reply(request, 488);
    leg.dialog.refreshTarget(request);
    this.reply(request, 200, { contact: this.session.contact, body: local, headers: [ALLOW] });
    if (offer !== undefined) this.host.onChanged({ sdp: offer, local, offerer: 'peer' });
  }

  private answerFor(leg: Leg, offer: string): string | null {
    return this.host.isPrimary(leg) ? this.host.answerOf(offer) : null;
  }

  private reply(request: SipRequest, status: number, options: ResponseOptions = {}): void {
    const transaction =
      request.method === 'INVITE' ? this.transactions.serveInvite(request, {}) : this.transactions.serve(request);
    transaction?.respond(this.responseTo(request, status, options));
  }

  private responseTo(request: SipRequest, status: number, options: ResponseOptions): SipResponse {
    const headers = [...this.session.identity, ...(options.headers ?? [])];
    return createResponse(request, status, undefined, { ...options, headers });
  }
}

const asksForSession = ({ method }: SipRequest): boolean => method === 'INVITE' || method === 'UPDATE';

/** RFC 3261 section 8.2.3: not to be taken for a request that offers nothing. */
const isForeignBody = (request: SipRequest): boolean => request.body.trim() !== '' && sdpOf(request) === undefined;
