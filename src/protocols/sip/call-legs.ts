/**
 * The dialogs a call makes. A forked INVITE can be answered by several devices, each with a To tag of its own (RFC 3261
 * section 13.2.2.4): every 2xx is acknowledged, every copy of it again with the same ACK, and every leg that is not the call
 * gets BYE at once, since a room must not be left in a call nobody knows of.
 */
import { answerChallenge } from './digest.js';
import { Dialog } from './dialog.js';
import { credentialsOf, type CallSession } from './call-session.js';
import { tagOf } from './header-values.js';
import { serializeSipMessage, type SipMessage, type SipRequest, type SipResponse } from './message.js';
import { cseqOf } from './transaction/keys.js';
import { wayInto } from './peer-port.js';
import type { TransactionTable } from './transaction-table.js';
import type { SipTransport } from './transport.js';

export interface Leg {
  dialog: Dialog;
  ack: Uint8Array;
  ackWay: SipTransport;
  /** 'open' until a BYE is sent or received */
  state: 'open' | 'closed';
  /** one of the two sides has confirmed the BYE of the other */
  released: boolean;
  /** false where the peer's Allow leaves INFO out */
  takesInfo: boolean;
}

/** More answers than this to one INVITE are not forking. */
const MAX_LEGS = 16;

export class CallLegs {
  private readonly legs: Leg[] = [];
  /** early dialogs in which a PRACK was sent, by their tag */
  private readonly early = new Map<string, { dialog: Dialog; rseq: number }>();

  constructor(
    private readonly session: CallSession,
    private readonly transactions: TransactionTable,
    private readonly credentials: { user: string; password: string } | undefined,
    /** a leg more, or one less */
    private readonly onChange: () => void,
  ) {}

  /** The dialogs that the other side may still believe in. */
  get standing(): Dialog[] {
    return this.legs.filter(({ released }) => !released).map(({ dialog }) => dialog);
  }

  /**
   * RFC 3262 section 4. We do not offer 100rel; a peer that requires it all the same repeats its response for 32 s and then
   * refuses the call, unless it gets its PRACK.
   */
  acknowledgeProvisional(invite: SipRequest, response: SipResponse): void {
    const rseq = /^\d{1,10}$/.exec(response.headers.get('RSeq') ?? '') ? Number(response.headers.get('RSeq')) : 0;
    const required = response.headers.getAll('Require').some((option) => option.toLowerCase() === '100rel');
    const tag = tagOf(response.headers.get('To'));
    if (!required || rseq === 0 || tag === undefined || response.status === 100) return;
    const known = this.early.get(tag);
    if (known ? known.rseq >= rseq : this.early.size >= MAX_LEGS) return;
    const dialog = known?.dialog ?? Dialog.fromResponse(invite, response);
    this.early.set(tag, { dialog, rseq });
    const prack = dialog.createRequest('PRACK', {
      transport: this.session.transport,
      branch: this.session.newBranch(),
      headers: [['RAck', `${rseq} ${cseqOf(invite).number} INVITE`], ...this.session.identity],
    });
    const way = wayInto(dialog, this.session.transport);
    this.transactions.request(prack, { onResponse: () => undefined, onTimeout: () => undefined }, way);
  }

  /** Acknowledges a 2xx. Returns its leg when it is a new one. */
  acknowledge(invite: SipRequest, response: SipResponse): Leg | undefined {
    const tag = tagOf(response.headers.get('To')) ?? '';
    const known = this.legs.find((leg) => leg.dialog.remoteTag === tag);
    if (known) {
      known.ackWay.send(known.ack);
      return undefined;
    }
    if (this.legs.length >= MAX_LEGS) return undefined;
    const dialog = Dialog.fromResponse(invite, response, this.early.get(tag)?.dialog.localCSeq);
    const ack = dialog.createAck(cseqOf(invite).number, {
      transport: this.session.transport,
      branch: this.session.newBranch(),
      headers: [...this.session.identity, ...credentialsOf(invite)],
    });
    const ackWay = wayInto(dialog, this.session.transport);
    const leg: Leg = {
      dialog,
      ack: serializeSipMessage(ack),
      ackWay,
      state: 'open',
      released: false,
      takesInfo: takesInfo(response),
    };
    this.legs.push(leg);
    this.onChange();
    ackWay.send(leg.ack);
    return leg;
  }

  find(message: SipMessage): Leg | undefined {
    return this.legs.find((leg) => leg.dialog.matches(message));
  }

  /** RFC 3261 section 15.1.1. The leg is closed with the sending: whatever comes back, we are out of it. */
  bye(leg: Leg): void {
    if (leg.state === 'closed') return;
    leg.state = 'closed';
    this.sendBye(leg, []);
  }

  /** Whatever it is answered, the call goes on: many devices know INFO for some bodies alone (RFC 6086 section 4.2.2). */
  info(leg: Leg, contentType: string, body: string): boolean {
    if (leg.state === 'closed' || !leg.takesInfo) return false;
    const { transport, identity } = this.session;
    const content = { contentType, body, headers: identity };
    const info = leg.dialog.createRequest('INFO', { transport, branch: this.session.newBranch(), ...content });
    const ignored = { onResponse: () => undefined, onTimeout: () => undefined };
    this.transactions.request(info, ignored, wayInto(leg.dialog, transport));
    return true;
  }

  /** The peer said BYE and has our 200, or has confirmed ours. */
  release(leg: Leg): void {
    leg.state = 'closed';
    leg.released = true;
    this.onChange();
  }

  private sendBye(leg: Leg, authorization: [string, string][]): void {
    const bye = leg.dialog.createRequest('BYE', {
      transport: this.session.transport,
      branch: this.session.newBranch(),
      headers: [...this.session.identity, ...authorization],
    });
    const onResponse = (response: SipResponse): void => {
      const challenged = response.status === 401 || response.status === 407;
      if (challenged && authorization.length === 0 && this.retryBye(leg, bye, response)) return;
      if (response.status >= 200) this.release(leg);
    };
    const way = wayInto(leg.dialog, this.session.transport);
    this.transactions.request(bye, { onResponse, onTimeout: () => undefined }, way);
  }

  private retryBye(leg: Leg, bye: SipRequest, response: SipResponse): boolean {
    if (!this.credentials) return false;
    const { random } = this.session;
    const answer = answerChallenge({
      headers: response.headers,
      method: 'BYE',
      uri: bye.uri,
      body: '',
      random,
      ...this.credentials,
    });
    if (answer.ok) this.sendBye(leg, [[answer.value.header, answer.value.value]]);
    return answer.ok;
  }
}

function takesInfo({ headers }: SipResponse): boolean {
  const allowed = headers.getAll('Allow');
  return allowed.length === 0 || allowed.some((method) => method.toUpperCase() === 'INFO');
}
