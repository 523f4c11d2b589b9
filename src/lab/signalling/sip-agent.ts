import type { Scheduler } from '../../common/clock.js';
import { hashFraction } from '../../common/ids.js';
import type { RandomSource } from '../../common/random.js';
import { tagOf } from '../../protocols/sip/headers.js';
import {
  createResponse,
  serializeSipMessage,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from '../../protocols/sip/message.js';
import type { InviteServerTransaction } from '../../protocols/sip/transaction/invite-server.js';
import type { SipTransport } from '../../protocols/sip/transport.js';
import type { BehaviourSource } from '../media/media-stream.js';
import { AgentTransactions } from './agent-transactions.js';
import { ACCEPT, ALLOW, SERVER } from './capabilities.js';
import { notifyOf } from './dialog-notify.js';
import { challenge, isAuthorized } from './digest-check.js';
import type { MediaEnd } from '../media/media-host.js';
import { IncomingCall } from './incoming-call.js';

export interface AgentTools {
  address: string;
  scheduler: Scheduler;
  random: RandomSource;
  behaviour: BehaviourSource;
  openMedia(): Promise<MediaEnd>;
  /** the device is in a call that came by another way */
  inOtherCall(): boolean;
}

/** The SIP user agent of one endpoint: one call at a time, and the answers its faults ask for. */
export class SipAgent {
  calls = 0;
  private call: IncomingCall | undefined;
  private readonly transactions: AgentTransactions;
  private readonly nonce: string;

  constructor(private readonly tools: AgentTools) {
    this.transactions = new AgentTransactions(tools.scheduler);
    this.nonce = tools.random.token(24);
  }

  get inCall(): boolean {
    return this.call !== undefined;
  }

  receive(message: SipMessage, flow: SipTransport): void {
    if (this.transactions.receive(message) || message.kind === 'response') return;
    switch (message.method) {
      case 'ACK':
        return this.call?.matches(message) ? this.call.receiveAck(message) : undefined;
      case 'OPTIONS':
        return this.answerStateless(message, flow, 200, [ALLOW, ACCEPT, SERVER]);
      case 'INVITE':
        return tagOf(message.headers.get('To')) === undefined ? this.invite(message, flow) : this.reInvite(message, flow);
      case 'SUBSCRIBE':
        return this.subscribe(message, flow);
      case 'CANCEL':
        return this.cancel(message, flow);
      case 'BYE':
      case 'INFO':
      case 'UPDATE':
        return this.inDialog(message, flow);
      default:
        return this.answerStateless(message, flow, 405, [ALLOW, SERVER]);
    }
  }

  /** Leaves the call with one BYE, not waiting for its answer, and forgets every transaction. */
  close(): void {
    this.call?.hangUp();
    this.transactions.clear();
  }

  private invite(request: SipRequest, flow: SipTransport): void {
    // a hung device does not even remember that it was called
    if (this.tools.behaviour().invite === 'hang') {
      flow.send(serializeSipMessage(createResponse(request, 100)));
      return;
    }
    const current: { call?: IncomingCall } = {};
    const transaction = this.transactions.serveInvite(request, flow, {
      onAck: (ack) => current.call?.acknowledged(ack),
      onTimeout: () => current.call?.hangUp(),
    });
    if (!transaction) return;
    const refusal = this.refusal(request);
    if (refusal) return transaction.respond(refusal);
    const call = this.createCall(request, transaction, flow);
    current.call = call;
    this.call = call;
    this.calls++;
    call.start();
  }

  private refusal(request: SipRequest): SipResponse | undefined {
    const behaviour = this.tools.behaviour();
    const refuse = (status: number, ...headers: [string, string][]): SipResponse =>
      createResponse(request, status, undefined, { toTag: this.tools.random.token(10), headers: [SERVER, ...headers] });
    const { credentials } = behaviour;
    if (credentials && !isAuthorized(request, credentials, (nonce) => nonce === this.nonce)) {
      return refuse(401, ['WWW-Authenticate', challenge(credentials, this.nonce)]);
    }
    if (behaviour.invite === 'decline') return refuse(603);
    if (behaviour.invite === 'unavailable') return refuse(503, ['Retry-After', String(behaviour.retryAfterS)]);
    if (behaviour.invite === 'busy' || this.call || this.tools.inOtherCall()) return refuse(486);
    return undefined;
  }

  private createCall(request: SipRequest, transaction: InviteServerTransaction, flow: SipTransport): IncomingCall {
    const call = new IncomingCall(request, transaction, flow, {
      ...this.tools,
      sendRequest: (ours, way) => this.transactions.send(ours, way),
      onEnded: () => {
        if (this.call === call) this.call = undefined;
      },
    });
    return call;
  }

  private reInvite(request: SipRequest, flow: SipTransport): void {
    const { call } = this;
    const transaction = this.transactions.serveInvite(request, flow, {
      onAck: (ack) => call?.acknowledged(ack),
      onTimeout: () => call?.hangUp(),
    });
    if (!transaction) return;
    if (call?.matches(request)) call.reInvite(request, transaction, flow);
    else transaction.respond(createResponse(request, 481));
  }

  private cancel(request: SipRequest, flow: SipTransport): void {
    if (this.tools.behaviour().invite === 'hang') return;
    const known = this.call?.isCancelledBy(request) ? this.call : undefined;
    this.transactions.serve(request, flow)?.respond(createResponse(request, known ? 200 : 481, undefined, { headers: [SERVER] }));
    known?.cancel();
  }

  /** RFC 4235, and of RFC 6665 the one NOTIFY that every SUBSCRIBE gets: nothing is kept. */
  private subscribe(request: SipRequest, flow: SipTransport): void {
    const isDialog = request.headers.get('Event')?.trim().toLowerCase() === 'dialog';
    if (!isDialog) return this.answerStateless(request, flow, 489, [ALLOW, SERVER, ['Allow-Events', 'dialog']]);
    const transaction = this.transactions.serve(request, flow);
    if (!transaction) return;
    const toTag = this.tools.random.token(10);
    transaction.respond(createResponse(request, 200, undefined, { toTag, headers: [SERVER, ['Expires', '0']] }));
    const inCall = this.call !== undefined || this.tools.inOtherCall() || this.tools.behaviour().invite === 'busy';
    this.transactions.send(notifyOf(request, toTag, inCall, flow, this.tools.random), flow);
  }

  private inDialog(request: SipRequest, flow: SipTransport): void {
    const call = this.call?.matches(request) ? this.call : undefined;
    if (!call) return this.answerStateless(request, flow, 481, [SERVER]);
    const response = request.method === 'UPDATE' ? call.update(request) : call.agree(request);
    this.transactions.serve(request, flow)?.respond(response);
    if (request.method === 'BYE' && response.status === 200) call.receiveBye();
  }

  /** RFC 3261 8.2.7: without state a copy of the request must get the same answer, hence the tag made from the request. */
  private answerStateless(request: SipRequest, flow: SipTransport, status: number, headers: [string, string][]): void {
    const seed = `${request.headers.get('Call-ID')} ${request.headers.get('From')} ${request.headers.get('CSeq')}`;
    const toTag = Math.floor(hashFraction(seed) * 2 ** 32).toString(36);
    flow.send(serializeSipMessage(createResponse(request, status, undefined, { toTag, headers })));
  }
}
