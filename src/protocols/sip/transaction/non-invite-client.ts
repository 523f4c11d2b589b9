/**
 * Non-INVITE client transaction: RFC 3261 section 17.1.2.
 *
 *   trying ---1xx---> proceeding ---final---> completed ---K---> terminated
 *
 * Timer E resends on unreliable transports: T1 doubling up to T2 while trying, every T2 once a provisional came. Timer F ends
 * it all after 64*T1. `completed` absorbs copies of the final response for T4 on UDP, for no time elsewhere.
 */
import type { Scheduler } from '../../../common/clock.js';
import type { SipMessage, SipResponse } from '../message.js';
import type { SipTransport } from '../transport.js';
import type { ClientTransactionHandlers } from './invite-client.js';
import { clientTransactionKey } from './keys.js';
import { NamedTimers, T1_MS, T2_MS, T4_MS, TRANSACTION_TIMEOUT_MS } from './timers.js';

type State = 'trying' | 'proceeding' | 'completed' | 'terminated';

export class NonInviteClientTransaction {
  private current: State = 'trying';
  private left = false;
  private readonly timers: NamedTimers;

  static key(message: SipMessage): string {
    return clientTransactionKey(message);
  }

  /** Sends the request. The transport must deliver responses later, never out of `send`. */
  constructor(
    private readonly request: Uint8Array,
    private readonly transport: SipTransport,
    scheduler: Scheduler,
    private readonly handlers: ClientTransactionHandlers,
  ) {
    this.timers = new NamedTimers(scheduler);
    transport.send(request);
    if (!transport.reliable) this.startTimerE(T1_MS);
    this.timers.set('F', TRANSACTION_TIMEOUT_MS, () => this.timeOut());
  }

  get state(): State {
    return this.current;
  }

  receive(response: SipResponse): void {
    if (this.current !== 'trying' && this.current !== 'proceeding') return;
    if (response.status < 200) {
      this.current = 'proceeding';
      this.handlers.onResponse(response);
      return;
    }
    this.current = 'completed';
    this.timers.cancelAll();
    this.handlers.onResponse(response);
    if (this.left) return;
    if (this.transport.reliable) this.terminate();
    else this.timers.set('K', T4_MS, () => this.terminate());
  }

  /** The user is done with it, perhaps in the middle of being told: no timer runs, or will. */
  cancelTimers(): void {
    this.left = true;
    this.timers.cancelAll();
  }

  private startTimerE(intervalMs: number): void {
    this.timers.set('E', intervalMs, () => {
      this.transport.send(this.request);
      this.startTimerE(this.current === 'proceeding' ? T2_MS : Math.min(2 * intervalMs, T2_MS));
    });
  }

  private timeOut(): void {
    this.timers.cancelAll();
    this.handlers.onTimeout();
    this.terminate();
  }

  private terminate(): void {
    if (this.current === 'terminated') return;
    this.current = 'terminated';
    this.timers.cancelAll();
    this.handlers.onTerminated?.();
  }
}
