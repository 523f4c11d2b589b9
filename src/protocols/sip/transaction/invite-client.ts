/**
 * INVITE client transaction: RFC 3261 section 17.1.1 with the Accepted state of RFC 6026 section 7.2.
 *
 *   calling ---1xx---> proceeding
 *      | A: resend, doubling (unreliable transports)     calling, proceeding ---2xx------> accepted ---M---> terminated
 *      | B: nothing came in 64*T1 -> timeout             calling, proceeding ---3xx-6xx--> completed --D---> terminated
 *
 * In `completed` every copy of the final response is answered with the ACK of this transaction (same branch, hop by hop).
 * In `accepted` every 2xx, also of another fork, goes up: the ACK to a 2xx is the user's. Timer D is 32 s on UDP, 0 else.
 */
import type { Scheduler } from '../../../common/clock.js';
import { SipHeaders } from '../headers.js';
import { serializeSipMessage, type SipMessage, type SipRequest, type SipResponse } from '../message.js';
import type { SipTransport } from '../transport.js';
import { clientTransactionKey, cseqOf } from './keys.js';
import { NamedTimers, T1_MS, TRANSACTION_TIMEOUT_MS } from './timers.js';

export interface ClientTransactionHandlers {
  onResponse(response: SipResponse): void;
  /** Timer B or F: no final response, and never will be from this transaction. */
  onTimeout(): void;
  onTerminated?(): void;
}

type State = 'calling' | 'proceeding' | 'completed' | 'accepted' | 'terminated';

export class InviteClientTransaction {
  private current: State = 'calling';
  private readonly timers: NamedTimers;
  private readonly bytes: Uint8Array;

  static key(message: SipMessage): string {
    return clientTransactionKey(message);
  }

  /** Sends the request. The transport must deliver responses later, never out of `send`. */
  constructor(
    private readonly request: SipRequest,
    private readonly transport: SipTransport,
    scheduler: Scheduler,
    private readonly handlers: ClientTransactionHandlers,
  ) {
    this.timers = new NamedTimers(scheduler);
    this.bytes = serializeSipMessage(request);
    transport.send(this.bytes);
    if (!transport.reliable) this.startTimerA(T1_MS);
    this.timers.set('B', TRANSACTION_TIMEOUT_MS, () => this.timeOut());
  }

  get state(): State {
    return this.current;
  }

  receive(response: SipResponse): void {
    if (this.current === 'calling' || this.current === 'proceeding') this.receiveFirst(response);
    else if (this.current === 'completed' && response.status >= 300) this.sendAck(response);
    else if (this.current === 'accepted' && isSuccess(response)) this.handlers.onResponse(response);
  }

  /** The user gave up on hearing anything; what was sent may still be answered until timer B. */
  stopRetransmitting(): void {
    this.timers.cancel('A');
  }

  /** RFC 3261 section 9.1: after a CANCEL without a final response in 64*T1 the transaction is destroyed. */
  terminate(): void {
    if (this.current === 'terminated') return;
    this.current = 'terminated';
    this.timers.cancelAll();
    this.handlers.onTerminated?.();
  }

  cancelTimers(): void {
    this.timers.cancelAll();
  }

  private receiveFirst(response: SipResponse): void {
    this.timers.cancel('A', 'B');
    if (response.status < 200) {
      this.current = 'proceeding';
      this.handlers.onResponse(response);
    } else if (isSuccess(response)) {
      this.current = 'accepted';
      this.timers.set('M', TRANSACTION_TIMEOUT_MS, () => this.terminate());
      this.handlers.onResponse(response);
    } else {
      this.complete(response);
    }
  }

  private complete(response: SipResponse): void {
    this.current = 'completed';
    this.sendAck(response);
    if (!this.transport.reliable) this.timers.set('D', TRANSACTION_TIMEOUT_MS, () => this.terminate());
    this.handlers.onResponse(response);
    if (this.transport.reliable) this.terminate();
  }

  private startTimerA(intervalMs: number): void {
    this.timers.set('A', intervalMs, () => {
      this.transport.send(this.bytes);
      this.startTimerA(2 * intervalMs);
    });
  }

  private timeOut(): void {
    this.timers.cancelAll();
    this.handlers.onTimeout();
    this.terminate();
  }

  private sendAck(response: SipResponse): void {
    this.transport.send(serializeSipMessage(ackToRefusal(this.request, response)));
  }
}

/** RFC 3261 section 17.1.1.3: the one Via of the request, the To of the response, the routes of the request. */
export function ackToRefusal(request: SipRequest, response: SipResponse): SipRequest {
  const headers = SipHeaders.from([
    ['Via', request.headers.getAll('Via')[0] ?? ''],
    ['Max-Forwards', '70'],
    ['From', request.headers.get('From') ?? ''],
    ['To', response.headers.get('To') ?? ''],
    ['Call-ID', request.headers.get('Call-ID') ?? ''],
    ['CSeq', `${cseqOf(request).number} ACK`],
  ]);
  for (const route of request.headers.getAll('Route')) headers.append('Route', route);
  return { kind: 'request', method: 'ACK', uri: request.uri, headers, body: '' };
}

function isSuccess(response: SipResponse): boolean {
  return response.status >= 200 && response.status < 300;
}
