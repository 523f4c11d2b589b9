/**
 * Ends a call that another process left standing: BYE for every dialog of its ticket; CANCEL while the INVITE had no answer, and
 * for a 200 that comes after it ACK and BYE, for a refusal its ACK. Unlike in a live call CANCEL does not wait for a provisional
 * response: whether one had come is not known any more, and a CANCEL too much is answered with 481.
 *
 *   idle --start--> releasing --every BYE and the INVITE have their final response--> done (told once)
 */
import type { Scheduler } from '../../common/clock.js';
import type { RandomSource } from '../../common/random.js';
import { cancelOf, inviteOf, type CallTicket } from './call-ticket.js';
import { answerChallenge } from './digest.js';
import { Dialog } from './dialog.js';
import { tagOf } from './header-values.js';
import { createResponse, serializeSipMessage, type SipMessage, type SipRequest, type SipResponse } from './message.js';
import { wayInto } from './peer-port.js';
import { newBranch } from './request.js';
import { ackToRefusal } from './transaction/invite-client.js';
import { cseqOf } from './transaction/keys.js';
import { TransactionTable } from './transaction-table.js';
import type { SipTransport } from './transport.js';

export interface ReleaseDeps {
  transport: SipTransport;
  scheduler: Scheduler;
  random: RandomSource;
  userAgent: string;
  /** for an endpoint that wants them with a BYE, too */
  credentials?: { user: string; password: string };
}

/** More answers than this to one INVITE are not forking. */
const MAX_LEGS = 16;

export class CallRelease {
  private readonly transactions: TransactionTable;
  private readonly invite: SipRequest | undefined;
  private readonly legs = new Map<string, Dialog>();
  private unansweredByes = 0;
  private inviteOpen: boolean;
  private done = false;

  /** @param onDone with the answers: how many BYEs were confirmed, by whatever final response */
  constructor(
    private readonly ticket: CallTicket,
    private readonly deps: ReleaseDeps,
    private readonly onDone: () => void,
  ) {
    this.transactions = new TransactionTable(deps.transport, deps.scheduler, () => undefined);
    this.invite = inviteOf(ticket);
    this.inviteOpen = ticket.unanswered && this.invite !== undefined;
  }

  start(): void {
    for (const state of this.ticket.dialogs.slice(0, MAX_LEGS)) this.bye(Dialog.restore(state));
    if (this.inviteOpen && this.invite) {
      const cancel = cancelOf(this.invite, [['User-Agent', this.deps.userAgent]]);
      this.transactions.request(cancel, {
        onResponse: (response) => {
          // 481: it never saw the INVITE, or has answered it for good
          if (response.status >= 300) this.inviteOver();
        },
        onTimeout: () => this.inviteOver(),
      });
    }
    this.finishIfDone();
  }

  receive(message: SipMessage): void {
    if (message.headers.get('Call-ID') !== this.ticket.callId || this.transactions.receive(message)) return;
    if (message.kind === 'request') this.serve(message);
    else if (this.invite && cseqOf(message).method === 'INVITE') this.receiveAnswer(this.invite, message);
  }

  /** Nothing is sent any more. */
  abandon(): void {
    this.done = true;
    this.transactions.clear();
  }

  private receiveAnswer(invite: SipRequest, response: SipResponse): void {
    if (response.status < 200) return;
    if (response.status >= 300) {
      this.deps.transport.send(serializeSipMessage(ackToRefusal(invite, response)));
      return this.inviteOver();
    }
    const tag = tagOf(response.headers.get('To')) ?? '';
    const known = this.legs.get(tag);
    const dialog = known ?? Dialog.fromResponse(invite, response);
    if (!known && this.legs.size >= MAX_LEGS) return;
    this.acknowledge(invite, dialog);
    if (!known) this.bye(dialog);
    this.inviteOver();
  }

  private acknowledge(invite: SipRequest, dialog: Dialog): void {
    const { transport, random } = this.deps;
    const ack = dialog.createAck(cseqOf(invite).number, { transport, branch: newBranch(random) });
    wayInto(dialog, transport).send(serializeSipMessage(ack));
  }

  private bye(dialog: Dialog): void {
    this.legs.set(dialog.remoteTag, dialog);
    this.unansweredByes++;
    this.sendBye(dialog, []);
  }

  private sendBye(dialog: Dialog, authorization: [string, string][]): void {
    const { transport, random, userAgent } = this.deps;
    const headers: [string, string][] = [['User-Agent', userAgent], ...authorization];
    const bye = dialog.createRequest('BYE', { transport, branch: newBranch(random), headers });
    const answered = (): void => {
      this.unansweredByes--;
      this.finishIfDone();
    };
    const onResponse = (response: SipResponse): void => {
      if (response.status < 200) return;
      const again = authorization.length === 0 ? this.authorizationFor(bye, response) : undefined;
      if (again) this.sendBye(dialog, again);
      else answered();
    };
    this.transactions.request(bye, { onResponse, onTimeout: answered }, wayInto(dialog, transport));
  }

  private authorizationFor({ uri }: SipRequest, { status, headers }: SipResponse): [string, string][] | undefined {
    const { credentials, random } = this.deps;
    if ((status !== 401 && status !== 407) || !credentials) return undefined;
    const answer = answerChallenge({ headers, method: 'BYE', uri, body: '', random, ...credentials });
    return answer.ok ? [[answer.value.header, answer.value.value]] : undefined;
  }

  private serve(request: SipRequest): void {
    if (request.method === 'ACK') return;
    const response = createResponse(request, request.method === 'BYE' ? 200 : 481);
    const transaction =
      request.method === 'INVITE' ? this.transactions.serveInvite(request, {}) : this.transactions.serve(request);
    transaction?.respond(response);
  }

  private inviteOver(): void {
    this.inviteOpen = false;
    this.finishIfDone();
  }

  private finishIfDone(): void {
    if (this.done || this.inviteOpen || this.unansweredByes > 0) return;
    this.done = true;
    this.onDone();
  }
}
