import type { Scheduler } from '../../common/clock.js';
import { serializeSipMessage, type SipMessage, type SipRequest } from './message.js';
import { InviteClientTransaction, type ClientTransactionHandlers } from './transaction/invite-client.js';
import { InviteServerTransaction, type InviteServerHandlers } from './transaction/invite-server.js';
import { NonInviteClientTransaction } from './transaction/non-invite-client.js';
import { NonInviteServerTransaction } from './transaction/non-invite-server.js';
import { clientTransactionKey, serverTransactionKey } from './transaction/keys.js';
import { towardsPort } from './peer-port.js';
import type { SipTransport } from './transport.js';
import { replyPortOf } from './via-source.js';

/** Requests of a peer that we keep state for at a time: more is a flood, and is dropped. */
export const MAX_SERVER_TRANSACTIONS = 32;

/** The running transactions of one call (RFC 3261 section 17), so that each message finds its own. */
export class TransactionTable {
  private readonly clients = new Map<string, InviteClientTransaction | NonInviteClientTransaction>();
  private readonly servers = new Map<string, InviteServerTransaction | NonInviteServerTransaction>();

  /** @param onTerminated something ended: perhaps nothing is left */
  constructor(
    private readonly transport: SipTransport,
    private readonly scheduler: Scheduler,
    private readonly onTerminated: () => void,
  ) {}

  get size(): number {
    return this.clients.size + this.servers.size;
  }

  invite(request: SipRequest, handlers: Omit<ClientTransactionHandlers, 'onTerminated'>): InviteClientTransaction {
    const { key, onTerminated } = this.clientSlot(request);
    const transaction = new InviteClientTransaction(request, this.transport, this.scheduler, { ...handlers, onTerminated });
    this.clients.set(key, transaction);
    return transaction;
  }

  /** @param way to the other side of the request's dialog, where it has one */
  request(request: SipRequest, handlers: Omit<ClientTransactionHandlers, 'onTerminated'>, way = this.transport): void {
    const { key, onTerminated } = this.clientSlot(request);
    const bytes = serializeSipMessage(request);
    this.clients.set(key, new NonInviteClientTransaction(bytes, way, this.scheduler, { ...handlers, onTerminated }));
  }

  serveInvite(request: SipRequest, handlers: Omit<InviteServerHandlers, 'onTerminated'>): InviteServerTransaction | undefined {
    return this.addServer(request, (onTerminated) => {
      return new InviteServerTransaction(request, this.backTo(request), this.scheduler, { ...handlers, onTerminated });
    });
  }

  serve(request: SipRequest): NonInviteServerTransaction | undefined {
    return this.addServer(request, (onTerminated) => {
      return new NonInviteServerTransaction(request, this.backTo(request), this.scheduler, { onTerminated });
    });
  }

  /** False when no running transaction knows the message. */
  receive(message: SipMessage): boolean {
    if (message.kind === 'response') {
      const client = this.clients.get(clientTransactionKey(message));
      client?.receive(message);
      return client !== undefined;
    }
    const server = this.servers.get(serverTransactionKey(message));
    server?.receive(message);
    return server !== undefined;
  }

  clear(): void {
    for (const transaction of [...this.clients.values(), ...this.servers.values()]) transaction.cancelTimers();
    this.clients.clear();
    this.servers.clear();
  }

  /** RFC 3261 section 18.2.2, RFC 3581 section 4. */
  private backTo(request: SipRequest): SipTransport {
    return towardsPort(this.transport, replyPortOf(request));
  }

  private clientSlot(request: SipRequest): { key: string; onTerminated: () => void } {
    const key = clientTransactionKey(request);
    return { key, onTerminated: () => this.remove(this.clients, key) };
  }

  private addServer<T extends InviteServerTransaction | NonInviteServerTransaction>(
    request: SipRequest,
    create: (onTerminated: () => void) => T,
  ): T | undefined {
    if (this.servers.size >= MAX_SERVER_TRANSACTIONS) return undefined;
    const key = serverTransactionKey(request);
    const transaction = create(() => this.remove(this.servers, key));
    this.servers.set(key, transaction);
    return transaction;
  }

  private remove(from: Map<string, unknown>, key: string): void {
    if (from.delete(key)) this.onTerminated();
  }
}
