/**
 * One call to an endpoint, from its INVITE to its end, as the callee (RFC 3261 13.3).
 *
 *   proceeding --(media open)--> answered --(ACK)--> confirmed --(BYE, hang-up, silence)--> ended
 *       |  CANCEL: 487               |  no ACK for 64*T1: BYE
 *       +--> ended                   +--> ended
 *
 * `proceeding` lasts for ever with the fault `ringing`.
 */
import type { Scheduler } from '../../common/clock.js';
import type { RandomSource } from '../../common/random.js';
import { Dialog } from '../../protocols/sip/dialog.js';
import { createResponse, type ResponseOptions, type SipRequest, type SipResponse } from '../../protocols/sip/message.js';
import { contactOf, newBranch } from '../../protocols/sip/request.js';
import type { InviteServerTransaction } from '../../protocols/sip/transaction/invite-server.js';
import { cseqOf } from '../../protocols/sip/transaction/keys.js';
import { NamedTimers } from '../../protocols/sip/transaction/timers.js';
import type { SipTransport } from '../../protocols/sip/transport.js';
import type { MediaEnd } from '../media/media-host.js';
import type { BehaviourSource } from '../media/media-stream.js';
import { ALLOW, SERVER } from './capabilities.js';
import { Session } from './session.js';

/** A caller that is gone without a BYE must not keep the room busy: real codecs end a call without RTP likewise. */
const QUIET_LIMIT_MS = 30_000;
const QUIET_CHECK_MS = 10_000;
/** an INVITE that is neither answered nor cancelled (RFC 3261 16.6, timer C) */
const LONGEST_PROCEEDING_MS = 180_000;

export interface CallTools {
  address: string;
  scheduler: Scheduler;
  random: RandomSource;
  behaviour: BehaviourSource;
  openMedia(): Promise<MediaEnd>;
  /** sends a request in its own transaction */
  sendRequest(request: SipRequest, flow: SipTransport): void;
  onEnded(): void;
}

type State = 'proceeding' | 'answered' | 'confirmed' | 'ended';

export class IncomingCall {
  private state: State = 'proceeding';
  private readonly localTag: string;
  private readonly dialog: Dialog;
  private readonly timers: NamedTimers;
  private media: MediaEnd | undefined;
  private session: Session | undefined;
  /** our 200 carried the offer: the ACK brings the answer */
  private awaitsAnswer = false;

  constructor(
    private readonly invite: SipRequest,
    private transaction: InviteServerTransaction,
    private flow: SipTransport,
    private readonly tools: CallTools,
  ) {
    this.localTag = tools.random.token(10);
    this.dialog = Dialog.fromRequest(invite, this.localTag);
    this.timers = new NamedTimers(tools.scheduler);
  }

  start(): void {
    this.transaction.respond(createResponse(this.invite, 100));
    this.transaction.respond(this.response(this.invite, 180));
    this.timers.set('proceeding', LONGEST_PROCEEDING_MS, () => this.refuse(480));
    if (this.tools.behaviour().invite !== 'ring') void this.answer();
  }

  matches(request: SipRequest): boolean {
    return this.dialog.matches(request);
  }

  /** A CANCEL names the INVITE by its CSeq number and Call-ID (RFC 3261 9.2). */
  isCancelledBy(cancel: SipRequest): boolean {
    const sameCall = cancel.headers.get('Call-ID') === this.dialog.callId;
    return sameCall && cseqOf(cancel).number === cseqOf(this.invite).number;
  }

  cancel(): void {
    if (this.state === 'proceeding') this.refuse(487);
  }

  /** Hands the ACK of a 2xx to its transaction, which tells us by `acknowledged` when it is the first. */
  receiveAck(ack: SipRequest): void {
    this.transaction.receive(ack);
  }

  acknowledged(ack: SipRequest): void {
    if (this.state === 'ended') return;
    if (this.awaitsAnswer && !this.applyAnswer(ack.body)) return this.hangUp();
    if (this.state === 'answered') this.confirm();
  }

  /** The caller moves its ports, holds, or drops a medium (RFC 3261 14.2). */
  reInvite(request: SipRequest, transaction: InviteServerTransaction, flow: SipTransport): void {
    this.transaction = transaction;
    this.flow = flow;
    transaction.respond(this.dialog.acceptCSeq(request) ? this.changed(request) : this.response(request, 500));
  }

  /** RFC 3311: the same without an ACK, and without a body nothing but a sign of life. */
  update(request: SipRequest): SipResponse {
    if (!this.dialog.acceptCSeq(request)) return this.response(request, 500);
    return request.body === '' ? this.response(request, 200) : this.changed(request);
  }

  /** BYE and INFO are agreed to when they come in order (RFC 3261 12.2.2). */
  agree(request: SipRequest): SipResponse {
    if (!this.dialog.acceptCSeq(request)) return this.response(request, 500);
    if (request.method === 'INFO' && request.body.includes('picture_fast_update')) this.media?.requestKeyframe();
    return this.response(request, 200);
  }

  /** The caller ended it; a BYE can come before the answer (RFC 3261 15). */
  receiveBye(): void {
    if (this.state === 'proceeding') this.refuse(487);
    else this.end();
  }

  /** We end it: BYE once it is answered, a final response before. */
  hangUp(): void {
    if (this.state === 'proceeding') return this.refuse(480);
    if (this.state === 'ended') return;
    const { random } = this.tools;
    this.tools.sendRequest(this.dialog.createRequest('BYE', { transport: this.flow, branch: newBranch(random) }), this.flow);
    this.end();
  }

  private confirm(): void {
    this.state = 'confirmed';
    const { hangUpAfterS } = this.tools.behaviour();
    if (hangUpAfterS !== undefined) this.timers.set('hang-up', hangUpAfterS * 1000, () => this.hangUp());
    this.watchForSilence();
  }

  private end(): void {
    if (this.state === 'ended') return;
    this.state = 'ended';
    this.timers.cancelAll();
    this.media?.close();
    this.tools.onEnded();
  }

  private async answer(): Promise<void> {
    const media = await this.tools.openMedia().catch(() => undefined);
    if (!media) return this.refuse(500);
    // the caller may have cancelled meanwhile
    if (this.state !== 'proceeding') return media.close();
    this.media = media;
    this.session = new Session(this.tools.address, String(this.tools.random.uint32()), media.ports);
    const response = this.invite.body === '' ? this.offer(this.invite) : this.changed(this.invite);
    if (response.status !== 200) return this.refuse(response.status);
    this.state = 'answered';
    this.timers.cancel('proceeding');
    this.transaction.respond(response);
  }

  private changed(request: SipRequest): SipResponse {
    if (request.body === '') return this.offer(request);
    const answer = this.session?.answer(request.body, this.tools.behaviour().video);
    if (!answer?.ok) return this.response(request, 488);
    this.dialog.refreshTarget(request);
    this.media?.apply(answer.value.agreed);
    return this.response(request, 200, { body: answer.value.sdp });
  }

  private offer(request: SipRequest): SipResponse {
    const offer = this.session?.offer(this.tools.behaviour().video);
    this.awaitsAnswer = offer !== undefined;
    return offer === undefined ? this.response(request, 500) : this.response(request, 200, { body: offer });
  }

  private applyAnswer(sdp: string): boolean {
    this.awaitsAnswer = false;
    const agreed = this.session?.accepted(sdp);
    if (!agreed?.ok) return false;
    this.media?.apply(agreed.value);
    return true;
  }

  private refuse(status: number): void {
    if (this.state !== 'proceeding') return;
    this.transaction.respond(this.response(this.invite, status));
    this.end();
  }

  private watchForSilence(): void {
    this.timers.set('quiet', QUIET_CHECK_MS, () => {
      const quietSinceMs = this.media?.quietSinceMs;
      if (quietSinceMs !== undefined && this.tools.scheduler.monotonicMs() - quietSinceMs > QUIET_LIMIT_MS) this.hangUp();
      else this.watchForSilence();
    });
  }

  private response(request: SipRequest, status: number, options: ResponseOptions = {}): SipResponse {
    const contact = status < 300 ? { contact: contactOf(this.flow, 'sip', 'room') } : {};
    return createResponse(request, status, undefined, {
      ...options,
      ...contact,
      toTag: this.localTag,
      headers: [ALLOW, SERVER, ...(options.headers ?? [])],
    });
  }
}
