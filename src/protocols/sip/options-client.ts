/**
 * One OPTIONS request: "are you there, and what do you speak?" (RFC 3261 section 11). Any final response proves the device
 * alive, also 401, 404 or 486. Sent as a non-INVITE transaction, so a lost datagram is asked again at 0.5, 1.5, 3.5 s, ...
 *
 *   idle --start--> waiting --final response, timeoutMs, timer F, transport failure, abort--> done (told once)
 */
import type { Scheduler } from '../../common/clock.js';
import type { RandomSource } from '../../common/random.js';
import type { LadderEntry } from './call-events.js';
import { CallLadder } from './call-ladder.js';
import type { SipMessage, SipResponse } from './message.js';
import { type OptionsFields, writeOptions } from './options-request.js';
import { newBranch } from './request.js';
import { clientKeyOf } from './transaction/keys.js';
import { NonInviteClientTransaction } from './transaction/non-invite-client.js';
import type { SipTransport, TransportFailure } from './transport.js';

export interface OptionsConfig extends OptionsFields {
  timeoutMs: number;
}

export interface OptionsDeps {
  transport: SipTransport;
  scheduler: Scheduler;
  random: RandomSource;
}

export interface OptionsFacts {
  outcome: 'response' | 'timeout' | 'transport';
  status?: number;
  reasonPhrase?: string;
  /** absent when several copies were sent, since nobody knows which one was answered (Karn) */
  rttMs?: number;
  /** who said when the response came: the kernel as it arrived, or we when we read it */
  clock?: 'kernel' | 'user';
  /** copies of the request */
  sends: number;
  failure?: TransportFailure;
  allow?: string;
  /** the peer's Server or User-Agent */
  userAgent?: string;
  /** rendered when asked for: who passed needs none */
  ladder: () => LadderEntry[];
}

export class OptionsRequest {
  private transaction?: NonInviteClientTransaction;
  private cancelTimeout?: () => void;
  private done = false;
  private sends = 0;
  private firstSentMs = 0;
  private key = '';
  private callId = '';
  /** of the message being received, where the kernel stamped it */
  private arrivalMs?: number;
  private readonly ladder: CallLadder;

  constructor(
    private readonly config: OptionsConfig,
    private readonly deps: OptionsDeps,
    private readonly onDone: (facts: OptionsFacts) => void,
  ) {
    this.ladder = new CallLadder(deps.scheduler);
  }

  start(): void {
    if (this.transaction || this.done) return;
    const { scheduler } = this.deps;
    const transport = this.watched(this.deps.transport);
    this.cancelTimeout = scheduler.after(this.config.timeoutMs, () => this.finish({ outcome: 'timeout' }));
    this.transaction = new NonInviteClientTransaction(this.request(transport), transport, scheduler, {
      onResponse: (response) => this.onResponse(response),
      onTimeout: () => this.finish({ outcome: 'timeout' }),
    });
  }

  /**
   * Messages of others on the same socket are ignored. `arrivalMs`: the kernel's arrival time on the scheduler's monotonic
   * clock, so that a late reading of ours does not become the peer's round trip.
   */
  receive(message: SipMessage, arrivalMs?: number): void {
    if (!this.transaction || this.done || message.kind !== 'response') return;
    const ours = NonInviteClientTransaction.key(message) === this.key;
    // a response to us under a wrong branch is evidence of a broken device; one to somebody else is none of ours
    if (!ours && message.headers.get('Call-ID') !== this.callId) return;
    this.ladder.received(message);
    if (!ours) return;
    this.arrivalMs = arrivalMs;
    this.transaction.receive(message);
  }

  transportFailed(failure: TransportFailure): void {
    this.finish({ outcome: 'transport', failure });
  }

  /** Ends without a word to the peer; the facts say timeout. */
  abort(): void {
    this.finish({ outcome: 'timeout' });
  }

  private request(transport: SipTransport): Uint8Array {
    const { random } = this.deps;
    const tokens = { branch: newBranch(random), callId: random.token(32), fromTag: random.token(16) };
    this.callId = tokens.callId;
    this.key = clientKeyOf(tokens.branch, 'OPTIONS');
    return writeOptions(this.config, transport, tokens);
  }

  /** Notes what is sent, counts the copies and takes the time of the first. */
  private watched(transport: SipTransport): SipTransport {
    const { protocol, reliable, localAddress, localPort, remoteAddress } = transport;
    return {
      protocol,
      reliable,
      localAddress,
      localPort,
      remoteAddress,
      send: (bytes) => {
        this.ladder.record('sent', bytes);
        // the last thing before the socket
        if (this.sends++ === 0) this.firstSentMs = this.deps.scheduler.monotonicMs();
        transport.send(bytes);
      },
    };
  }

  private onResponse(response: SipResponse): void {
    if (response.status < 200) return;
    const { headers, status, reasonPhrase } = response;
    const allow = headers.joined('Allow');
    const userAgent = headers.get('Server') ?? headers.get('User-Agent');
    // of one copy: of the last, then
    const sentMs = this.deps.transport.leftMs ?? this.firstSentMs;
    const { arrivedMs, clock } = this.arrival(sentMs);
    this.finish({
      outcome: 'response',
      status,
      reasonPhrase,
      clock,
      rttMs: this.sends === 1 ? arrivedMs - sentMs : undefined,
      allow: allow === '' ? undefined : allow,
      userAgent,
    });
  }

  /** An answer cannot come before its question: such a stamp was taken across a step of the kernel's clock. */
  private arrival(sentMs: number): { arrivedMs: number; clock: 'kernel' | 'user' } {
    if (this.arrivalMs !== undefined && this.arrivalMs >= sentMs) return { arrivedMs: this.arrivalMs, clock: 'kernel' };
    return { arrivedMs: this.deps.scheduler.monotonicMs(), clock: 'user' };
  }

  private finish(facts: Omit<OptionsFacts, 'sends' | 'ladder'>): void {
    if (this.done) return;
    this.done = true;
    this.cancelTimeout?.();
    this.transaction?.cancelTimers();
    const { outcome, status, reasonPhrase, rttMs, clock, failure, allow, userAgent } = facts;
    const ladder = (): LadderEntry[] => this.ladder.entries;
    // named one by one: a spread of this many was 1 KB for the collector
    this.onDone({ outcome, status, reasonPhrase, rttMs, clock, sends: this.sends, failure, allow, userAgent, ladder });
  }
}
