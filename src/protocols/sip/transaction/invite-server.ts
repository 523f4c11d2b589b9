/**
 * INVITE server transaction: RFC 3261 section 17.2.1 with the Accepted state of RFC 6026 section 7.1.
 *
 *   proceeding ---3xx-6xx---> completed ---ACK---> confirmed ---I---> terminated
 *        |                        | G: resend, T1 doubling up to T2 (unreliable); H: no ACK in 64*T1 -> timeout
 *        +---------2xx--------> accepted ---L---> terminated
 *
 * A copy of the INVITE gets the last response again while proceeding or completed, and nothing while accepted.
 * The core's part of a 2xx (section 13.3.1.4: resend it until its ACK comes, on *every* transport) is done here too, since
 * everyone who answers a call needs it. The ACK to a 2xx has a branch of its own: the user finds it by its dialog and hands it
 * to `receive`. The user also sends its 100 itself, unless it answers within 200 ms.
 */
import type { Scheduler } from '../../../common/clock.js';
import { serializeSipMessage, type SipRequest, type SipResponse } from '../message.js';
import type { SipTransport } from '../transport.js';
import { serverTransactionKey } from './keys.js';
import { NamedTimers, T1_MS, T2_MS, T4_MS, TRANSACTION_TIMEOUT_MS } from './timers.js';

export interface InviteServerHandlers {
  /** the ACK to a 2xx, once; ACKs to other responses end here (section 17.2.1) */
  onAck?(ack: SipRequest): void;
  /** Timer H, or 64*T1 after a 2xx: no ACK came */
  onTimeout?(): void;
  onTerminated?(): void;
}

type State = 'proceeding' | 'completed' | 'accepted' | 'confirmed' | 'terminated';

export class InviteServerTransaction {
  private current: State = 'proceeding';
  private acknowledged = false;
  private lastResponse?: Uint8Array;
  private readonly timers: NamedTimers;

  static key(request: SipRequest): string {
    return serverTransactionKey(request);
  }

  constructor(
    readonly request: SipRequest,
    private readonly transport: SipTransport,
    scheduler: Scheduler,
    private readonly handlers: InviteServerHandlers = {},
  ) {
    this.timers = new NamedTimers(scheduler);
  }

  get state(): State {
    return this.current;
  }

  /** After the final response further ones are ignored. */
  respond(response: SipResponse): void {
    if (this.current !== 'proceeding') return;
    this.lastResponse = serializeSipMessage(response);
    this.transport.send(this.lastResponse);
    if (response.status < 200) return;
    const accepted = response.status < 300;
    this.current = accepted ? 'accepted' : 'completed';
    if (accepted || !this.transport.reliable) this.startResending(T1_MS);
    this.timers.set(accepted ? 'L' : 'H', TRANSACTION_TIMEOUT_MS, () => this.timeOut());
  }

  /** A copy of the INVITE, or its ACK. */
  receive(request: SipRequest): void {
    if (request.method === 'ACK') this.receiveAck(request);
    else if (this.lastResponse && (this.current === 'proceeding' || this.current === 'completed')) {
      this.transport.send(this.lastResponse);
    }
  }

  cancelTimers(): void {
    this.timers.cancelAll();
  }

  private receiveAck(ack: SipRequest): void {
    if (this.current === 'accepted' && !this.acknowledged) {
      this.acknowledged = true;
      this.timers.cancel('G');
      this.handlers.onAck?.(ack);
    } else if (this.current === 'completed') {
      this.current = 'confirmed';
      this.timers.cancelAll();
      if (this.transport.reliable) this.terminate();
      else this.timers.set('I', T4_MS, () => this.terminate());
    }
  }

  private startResending(intervalMs: number): void {
    this.timers.set('G', intervalMs, () => {
      if (this.lastResponse) this.transport.send(this.lastResponse);
      this.startResending(Math.min(2 * intervalMs, T2_MS));
    });
  }

  private timeOut(): void {
    this.timers.cancelAll();
    if (!this.acknowledged) this.handlers.onTimeout?.();
    this.terminate();
  }

  private terminate(): void {
    this.current = 'terminated';
    this.timers.cancelAll();
    this.handlers.onTerminated?.();
  }
}
