/**
 * Non-INVITE server transaction: RFC 3261 section 17.2.2.
 *
 *   trying ---1xx---> proceeding ---final---> completed ---J---> terminated
 *
 * A copy of the request gets the last response again, and nothing while there is none. `completed` lasts 64*T1 on UDP, no
 * time elsewhere.
 */
import type { Scheduler } from '../../../common/clock.js';
import { serializeSipMessage, type SipRequest, type SipResponse } from '../message.js';
import type { SipTransport } from '../transport.js';
import { serverTransactionKey } from './keys.js';
import { NamedTimers, TRANSACTION_TIMEOUT_MS } from './timers.js';

type State = 'trying' | 'proceeding' | 'completed' | 'terminated';

export class NonInviteServerTransaction {
  private current: State = 'trying';
  private lastResponse?: Uint8Array;
  private readonly timers: NamedTimers;

  static key(request: SipRequest): string {
    return serverTransactionKey(request);
  }

  constructor(
    readonly request: SipRequest,
    private readonly transport: SipTransport,
    scheduler: Scheduler,
    private readonly handlers: { onTerminated?(): void } = {},
  ) {
    this.timers = new NamedTimers(scheduler);
  }

  get state(): State {
    return this.current;
  }

  respond(response: SipResponse): void {
    if (this.current === 'completed' || this.current === 'terminated') return;
    this.lastResponse = serializeSipMessage(response);
    this.transport.send(this.lastResponse);
    if (response.status < 200) {
      this.current = 'proceeding';
      return;
    }
    this.current = 'completed';
    if (this.transport.reliable) this.terminate();
    else this.timers.set('J', TRANSACTION_TIMEOUT_MS, () => this.terminate());
  }

  /** A copy of the request. */
  receive(request: SipRequest): void {
    if (request.method === this.request.method && this.lastResponse && this.current !== 'terminated') {
      this.transport.send(this.lastResponse);
    }
  }

  cancelTimers(): void {
    this.timers.cancelAll();
  }

  private terminate(): void {
    this.current = 'terminated';
    this.handlers.onTerminated?.();
  }
}
