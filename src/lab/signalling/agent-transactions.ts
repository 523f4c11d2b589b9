import type { Scheduler } from '../../common/clock.js';
import { serializeSipMessage, type SipMessage, type SipRequest } from '../../protocols/sip/message.js';
import { InviteServerTransaction, type InviteServerHandlers } from '../../protocols/sip/transaction/invite-server.js';
import { clientTransactionKey, serverTransactionKey } from '../../protocols/sip/transaction/keys.js';
import { NonInviteClientTransaction } from '../../protocols/sip/transaction/non-invite-client.js';
import { NonInviteServerTransaction } from '../../protocols/sip/transaction/non-invite-server.js';
import type { SipTransport } from '../../protocols/sip/transport.js';

/** More than a room meets; beyond it requests are dropped as a device under flood drops them. */
const MOST_SERVED = 256;

/** The transactions of one endpoint. Unlike a caller's they do not share one transport: every peer has its own. */
export class AgentTransactions {
  private readonly served = new Map<string, InviteServerTransaction | NonInviteServerTransaction>();
  private readonly sent = new Map<string, NonInviteClientTransaction>();

  constructor(private readonly scheduler: Scheduler) {}

  serveInvite(
    request: SipRequest,
    flow: SipTransport,
    handlers: Omit<InviteServerHandlers, 'onTerminated'>,
  ): InviteServerTransaction | undefined {
    if (this.served.size >= MOST_SERVED) return undefined;
    const key = serverTransactionKey(request);
    const onTerminated = (): void => void this.served.delete(key);
    const transaction = new InviteServerTransaction(request, flow, this.scheduler, { ...handlers, onTerminated });
    this.served.set(key, transaction);
    return transaction;
  }

  serve(request: SipRequest, flow: SipTransport): NonInviteServerTransaction | undefined {
    if (this.served.size >= MOST_SERVED) return undefined;
    const key = serverTransactionKey(request);
    const onTerminated = (): void => void this.served.delete(key);
    const transaction = new NonInviteServerTransaction(request, flow, this.scheduler, { onTerminated });
    this.served.set(key, transaction);
    return transaction;
  }

  /** Sends a request and repeats it until something comes; what comes changes nothing for a call that is over. */
  send(request: SipRequest, flow: SipTransport): void {
    const key = clientTransactionKey(request);
    const ignore = (): void => undefined;
    const onTerminated = (): void => void this.sent.delete(key);
    const transaction = new NonInviteClientTransaction(serializeSipMessage(request), flow, this.scheduler, {
      onResponse: ignore,
      onTimeout: ignore,
      onTerminated,
    });
    this.sent.set(key, transaction);
  }

  /** False when no running transaction knows the message. */
  receive(message: SipMessage): boolean {
    if (message.kind === 'response') {
      const transaction = this.sent.get(clientTransactionKey(message));
      transaction?.receive(message);
      return transaction !== undefined;
    }
    const transaction = this.served.get(serverTransactionKey(message));
    transaction?.receive(message);
    return transaction !== undefined;
  }

  clear(): void {
    for (const transaction of [...this.served.values(), ...this.sent.values()]) transaction.cancelTimers();
    this.served.clear();
    this.sent.clear();
  }
}
