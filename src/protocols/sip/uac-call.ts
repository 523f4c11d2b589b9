/**
 * One outgoing call: the UAC core of RFC 3261 section 13.2, with CANCEL (9.1), BYE (15.1.1) and authentication (22).
 *
 *   idle --start--> calling --1xx--> proceeding --2xx--> confirmed --BYE of either side--> closing --> finished
 *                      |                 |                                                   ^
 *                      +-----------------+--- failure told, or hung up before the answer ----+
 *
 * calling     INVITE is on its way. Without any provisional for `noProvisionalMs` the call has failed (`no-answer`).
 * proceeding  A provisional came. `ringMs` later: `hung` after 100 alone, else `rang-out`, and CANCEL goes out.
 * confirmed   ACK is sent; requests of the peer are answered by CallServer, extra forks are closed by CallLegs.
 * closing     The owner knows the result; what is left is to leave no ghost behind. For as long as the INVITE may still be
 *             answered (32 s) a late 1xx gets CANCEL, a late 2xx gets ACK and BYE, copies get their ACK again.
 * finished    No transaction is left. The transport may go.
 *
 * CANCEL waits for the first provisional: before it a server may not know the INVITE yet (section 9.1). A 401 or 407 is
 * answered once; the second one of the same kind means wrong credentials, or a nonce that was too old (`stale`). Redirections are told, never followed.
 */
import type { Scheduler } from '../../common/clock.js';
import type { RandomSource } from '../../common/random.js';
import type { CallFailure, LadderEntry, UacConfig, UacEvent } from './call-events.js';
import { CallLadder } from './call-ladder.js';
import { CallLegs, type Leg } from './call-legs.js';
import { CallServer } from './call-server.js';
import { CallSession, failureOf, sdpOf } from './call-session.js';
import { TicketHolder, type CallTicket } from './call-ticket.js';
import { answerChallenge, isStale } from './digest.js';
import type { SipMessage, SipRequest, SipResponse } from './message.js';
import type { InviteClientTransaction } from './transaction/invite-client.js';
import { elsewhere } from './peer-port.js';
import { cseqOf } from './transaction/keys.js';
import { NamedTimers, TRANSACTION_TIMEOUT_MS } from './transaction/timers.js';
import { TransactionTable } from './transaction-table.js';
import type { SipTransport, TransportFailure } from './transport.js';

export type { CallFailure, LadderEntry, UacConfig, UacEvent } from './call-events.js';

export interface UacDeps {
  transport: SipTransport;
  scheduler: Scheduler;
  random: RandomSource;
  onEvent(event: UacEvent): void;
  /** What somebody else would need to end the call now, told before it is needed; null: nothing of it stands any more. */
  onTicket?(ticket: CallTicket | null): void;
}

type Phase = 'idle' | 'calling' | 'proceeding' | 'confirmed' | 'closing' | 'finished';

interface Attempt {
  request: SipRequest;
  transaction: InviteClientTransaction;
  provisional: boolean;
  cancelled: boolean;
  /** what was answered to challenges so far: of the endpoint, of a proxy, or of both */
  authorization: [string, string][];
}

export class UacCall {
  private phase: Phase = 'idle';
  private attempt?: Attempt;
  private primary?: Leg;
  private localSdp = '';
  private startedMs = 0;
  private lastStatus = 0;
  private staleRetried = false;
  private readonly timers: NamedTimers;
  private readonly log: CallLadder;
  private readonly ticket: TicketHolder;
  private readonly session: CallSession;
  private readonly transactions: TransactionTable;
  private readonly legs: CallLegs;
  private readonly server: CallServer;

  constructor(
    private readonly config: UacConfig,
    private readonly deps: UacDeps,
  ) {
    const { scheduler, random } = deps;
    this.timers = new NamedTimers(scheduler);
    this.log = new CallLadder(scheduler);
    const transport = this.log.watch(deps.transport);
    this.ticket = new TicketHolder(transport.localPort, (ticket) => deps.onTicket?.(ticket));
    this.session = new CallSession(config, transport, scheduler, random);
    this.transactions = new TransactionTable(transport, scheduler, () => this.finishIfDone());
    this.legs = new CallLegs(this.session, this.transactions, config.credentials, () => this.noteTicket());
    this.server = new CallServer(this.session, this.transactions, this.legs, {
      localSdp: () => this.localSdp,
      answerOf: (offer) => this.config.answerOf?.(offer) ?? null,
      isPrimary: (leg) => leg === this.primary,
      onChanged: (change) => this.onChanged(change),
      onBye: (leg) => this.onBye(leg),
      onUnacknowledged: (leg) => this.onUnacknowledged(leg),
    });
  }

  get callId(): string {
    return this.session.callId;
  }

  get ladder(): LadderEntry[] {
    return this.log.entries;
  }

  /** The host that the peer named for the requests of the call, where it was not its own address: nothing was sent there. */
  get contactElsewhere(): string | undefined {
    return this.primary && elsewhere(this.primary.dialog, this.deps.transport);
  }

  get finished(): boolean {
    return this.phase === 'finished';
  }

  start(offer: string): void {
    if (this.phase !== 'idle') return;
    this.localSdp = offer;
    this.startedMs = this.deps.scheduler.monotonicMs();
    this.sendInvite([]);
  }

  receive(message: SipMessage): void {
    this.log.received(message);
    if (this.phase === 'idle' || this.phase === 'finished' || this.transactions.receive(message)) return;
    if (message.kind === 'request') this.server.receive(message);
    else this.receiveStray(message);
  }

  /** The transport can carry nothing more. A UDP refusal inside a call is left to the BYE to confirm. */
  transportFailed(failure: TransportFailure): void {
    if (this.phase === 'idle' || this.phase === 'finished') return;
    if (this.phase === 'confirmed' && !this.deps.transport.reliable) return;
    this.timers.cancelAll();
    this.transactions.clear();
    if (this.phase === 'closing') this.finishIfDone();
    else this.fail({ kind: 'transport', failure });
  }

  /** CANCEL before the answer, BYE after it. The owner stops its media with the `ended` event, not with the peer's reply. */
  hangUp(): void {
    if (this.phase === 'closing' || this.phase === 'finished') return;
    const before = this.phase;
    this.phase = 'closing';
    this.timers.cancelAll();
    if (before === 'confirmed' && this.primary) this.legs.bye(this.primary);
    else this.cancelInvite();
    this.deps.onEvent({ type: 'ended', by: 'us' });
    this.finishIfDone();
  }

  /** INFO (RFC 6086) inside the answered call. False: it is not answered yet or any more, or the peer takes none. */
  info(contentType: string, body: string): boolean {
    return this.phase === 'confirmed' && this.primary !== undefined && this.legs.info(this.primary, contentType, body);
  }

  private sendInvite(authorization: [string, string][]): void {
    this.phase = 'calling';
    this.lastStatus = 0;
    this.timers.cancel('ring');
    this.timers.set('no-provisional', this.config.noProvisionalMs, () => this.giveUp({ kind: 'no-answer' }));
    const request = this.session.invite(this.localSdp, authorization);
    this.noteTicket(request);
    const attempt: Omit<Attempt, 'transaction'> = {
      request,
      provisional: false,
      cancelled: false,
      authorization,
    };
    const transaction = this.transactions.invite(request, {
      onResponse: (response) => this.onInviteResponse(request, response),
      onTimeout: () => this.giveUp({ kind: 'no-answer' }),
    });
    this.attempt = { ...attempt, transaction };
  }

  private onInviteResponse(request: SipRequest, response: SipResponse): void {
    if (response.status < 200) this.onProvisional(request, response);
    else if (response.status < 300) this.onAnswer(request, response);
    else this.onRefusal(request, response);
  }

  private onProvisional(request: SipRequest, response: SipResponse): void {
    if (this.attempt) this.attempt.provisional = true;
    if (this.phase === 'closing') return this.cancelInvite();
    this.legs.acknowledgeProvisional(request, response);
    if (this.phase === 'calling') {
      this.phase = 'proceeding';
      this.timers.cancel('no-provisional');
      this.timers.set('ring', this.config.ringMs, () => this.onRingTimeout());
    }
    if (this.phase !== 'proceeding') return;
    this.lastStatus = Math.max(this.lastStatus, response.status);
    const sdp = sdpOf(response);
    this.deps.onEvent({ type: 'provisional', status: response.status, ...(sdp === undefined ? {} : { sdp }) });
  }

  private onRingTimeout(): void {
    this.giveUp(this.lastStatus > 100 ? { kind: 'rang-out', lastStatus: this.lastStatus } : { kind: 'hung' });
  }

  private onAnswer(request: SipRequest, response: SipResponse): void {
    const leg = this.legs.acknowledge(request, response);
    if (!leg) return;
    if (this.phase !== 'calling' && this.phase !== 'proceeding') {
      this.legs.bye(leg);
      return;
    }
    this.timers.cancelAll();
    this.phase = 'confirmed';
    this.primary = leg;
    const setupMs = this.deps.scheduler.monotonicMs() - this.startedMs;
    this.deps.onEvent({ type: 'answered', sdp: sdpOf(response) ?? null, setupMs });
  }

  private onRefusal(request: SipRequest, response: SipResponse): void {
    this.timers.cancelAll();
    this.noteTicket();
    if (this.phase !== 'calling' && this.phase !== 'proceeding') return;
    const challenged = response.status === 401 || response.status === 407;
    if (challenged && this.config.credentials) this.authenticate(request, response, this.config.credentials);
    else this.fail(failureOf(response));
  }

  /** A proxy and the endpoint may each ask once, and either once more for a nonce that had become stale. */
  private authenticate(request: SipRequest, response: SipResponse, credentials: { user: string; password: string }): void {
    const { headers } = response;
    const { uri, body } = request;
    const answer = answerChallenge({ headers, method: 'INVITE', uri, body, random: this.deps.random, ...credentials });
    if (!answer.ok) return this.fail(failureOf(response));
    const { header, value } = answer.value;
    const given = this.attempt?.authorization ?? [];
    const again = given.some(([name]) => name === header);
    if (again && (this.staleRetried || !isStale(headers))) return this.fail({ kind: 'auth-failed' });
    this.staleRetried ||= again;
    this.sendInvite([...given.filter(([name]) => name !== header), [header, value]]);
  }

  /** A 2xx that no transaction knows, as of a fork that took its time: it still has to be released. */
  private receiveStray(response: SipResponse): void {
    const ours = response.headers.get('Call-ID') === this.callId && cseqOf(response).method === 'INVITE';
    const { attempt } = this;
    if (!ours || !attempt || response.status < 200 || response.status >= 300) return;
    this.onAnswer(attempt.request, response);
    // answered under a branch that is not ours: its transaction, which waits without a timer once a 1xx came, would stay for ever
    if (attempt.transaction.state === 'calling' || attempt.transaction.state === 'proceeding') attempt.transaction.terminate();
    this.noteTicket();
  }

  private onChanged(change: { sdp: string; local: string; offerer: 'peer' | 'us' }): void {
    this.localSdp = change.local;
    this.noteTicket();
    if (this.phase === 'confirmed') this.deps.onEvent({ type: 'changed', ...change });
  }

  private onBye(leg: Leg): void {
    if (leg !== this.primary || this.phase !== 'confirmed') return;
    this.phase = 'closing';
    this.deps.onEvent({ type: 'ended', by: 'peer' });
    this.finishIfDone();
  }

  private onUnacknowledged(leg: Leg): void {
    if (leg === this.primary) this.hangUp();
  }

  /** Nobody waits for the answer any more, but it may still come. */
  private giveUp(failure: CallFailure): void {
    if (this.phase !== 'calling' && this.phase !== 'proceeding') return;
    this.cancelInvite();
    this.fail(failure);
  }

  private fail(failure: CallFailure): void {
    this.phase = 'closing';
    this.timers.cancel('no-provisional', 'ring');
    this.deps.onEvent({ type: 'failed', failure });
    this.finishIfDone();
  }

  /** Sends CANCEL once a provisional came; until then only stops asking. */
  private cancelInvite(): void {
    const { attempt } = this;
    if (!attempt || attempt.cancelled) return;
    attempt.transaction.stopRetransmitting();
    if (!attempt.provisional) return;
    attempt.cancelled = true;
    this.transactions.request(this.session.cancel(attempt.request), { onResponse: () => undefined, onTimeout: () => undefined });
    this.timers.set('cancelled', TRANSACTION_TIMEOUT_MS, () => {
      if (attempt.transaction.state === 'proceeding') attempt.transaction.terminate();
    });
  }

  /** `invite`: one that is about to go out. */
  private noteTicket(invite?: SipRequest): void {
    const state = this.attempt?.transaction.state;
    const unanswered = invite !== undefined || state === 'calling' || state === 'proceeding';
    this.ticket.note(invite ?? this.attempt?.request, unanswered, this.legs.standing);
  }

  private finishIfDone(): void {
    if (this.phase !== 'closing' || this.transactions.size > 0) return;
    this.phase = 'finished';
    this.timers.cancelAll();
    this.ticket.drop();
    this.deps.onEvent({ type: 'finished' });
  }
}
