/**
 * Is that device in a call? One SUBSCRIBE to its own dialogs with `Expires: 0`, which asks for one NOTIFY and leaves no subscription
 * behind (RFC 4235; RFC 6665 section 4.4.3).
 *
 *   asking --NOTIFY, refusal, timeoutMs, transport failure, abort--> done (told once)
 */
import type { Scheduler } from '../../common/clock.js';
import type { RandomSource } from '../../common/random.js';
import { type DialogPhase, parseDialogInfo } from './dialog-info.js';
import { Dialog } from './dialog.js';
import { formatNameAddr, type NameAddr, tagOf } from './header-values.js';
import { createResponse, serializeSipMessage, type SipMessage, type SipRequest, type SipResponse } from './message.js';
import { buildRequest, contactOf, newBranch } from './request.js';
import { NonInviteClientTransaction } from './transaction/non-invite-client.js';
import type { SipTransport } from './transport.js';
import { formatSipUri, type SipUri } from './uri.js';

const DIALOG_INFO = 'application/dialog-info+xml';

export interface DialogStateConfig {
  target: SipUri;
  /** without a tag */
  from: NameAddr;
  userAgent: string;
  routes?: string[];
  timeoutMs: number;
}

export type DialogStateFacts =
  | { answer: 'told'; phases: DialogPhase[] }
  | { answer: 'refused'; status: number }
  | { answer: 'unreadable'; why: string }
  | { answer: 'none' };

export class DialogStateFetch {
  private readonly subscribe: SipRequest;
  private readonly callId: string;
  private readonly fromTag: string;
  private readonly timeoutMs: number;
  private readonly headers: [string, string][];
  private transaction?: NonInviteClientTransaction;
  private accepted?: SipResponse;
  private cancelTimeout?: () => void;
  private done = false;

  constructor(
    config: DialogStateConfig,
    private readonly deps: { transport: SipTransport; scheduler: Scheduler; random: RandomSource },
    private readonly onDone: (facts: DialogStateFacts) => void,
  ) {
    const { transport, random } = deps;
    const { target, from, routes, userAgent } = config;
    const uri = formatSipUri({ ...target, headers: undefined });
    this.callId = random.token(32);
    this.fromTag = random.token(16);
    this.timeoutMs = config.timeoutMs;
    this.headers = [
      ['Contact', contactOf(transport, target.scheme, from.uri.user)],
      ['User-Agent', userAgent],
      ['Event', 'dialog'],
      ['Expires', '0'],
      ['Accept', DIALOG_INFO],
    ];
    this.subscribe = buildRequest({
      ...{ method: 'SUBSCRIBE', uri, routes, transport, callId: this.callId, cseq: 1, branch: newBranch(random) },
      from: `${formatNameAddr(from)};tag=${this.fromTag}`,
      to: `<${uri}>`,
      headers: this.headers,
    });
  }

  start(): void {
    const { transport, scheduler } = this.deps;
    this.cancelTimeout = scheduler.after(this.timeoutMs, () => this.finish({ answer: 'none' }));
    this.transaction = new NonInviteClientTransaction(serializeSipMessage(this.subscribe), transport, scheduler, {
      onResponse: (response) => this.answered(response),
      onTimeout: () => this.finish({ answer: 'none' }),
    });
  }

  /** Messages of others on the same socket are ignored. */
  receive(message: SipMessage): void {
    if (this.done || message.headers.get('Call-ID') !== this.callId) return;
    if (message.kind === 'request') return message.method === 'NOTIFY' ? this.notified(message) : undefined;
    if (NonInviteClientTransaction.key(message) === NonInviteClientTransaction.key(this.subscribe))
      this.transaction?.receive(message);
  }

  /** Ends without a word. */
  abort(): void {
    this.finish({ answer: 'none' });
  }

  private answered(response: SipResponse): void {
    if (response.status >= 300) this.finish({ answer: 'refused', status: response.status });
    else if (response.status >= 200) this.accepted = response;
  }

  /** May come before the answer to the SUBSCRIBE (RFC 6665 section 4.1.2.4). */
  private notified(notify: SipRequest): void {
    const ours = tagOf(notify.headers.get('To')) === this.fromTag;
    this.deps.transport.send(serializeSipMessage(createResponse(notify, ours ? 200 : 481)));
    if (!ours) return;
    if (!/^terminated\b/i.test(notify.headers.get('Subscription-State') ?? '')) this.unsubscribe();
    // a first NOTIFY without a body says that the state is not known yet
    if (notify.body.trim() === '') return;
    const read = parseDialogInfo(notify.body);
    this.finish(read.ok ? { answer: 'told', phases: read.value } : { answer: 'unreadable', why: read.error });
  }

  /** A device that keeps what it was asked to end is asked once more, in the dialog. */
  private unsubscribe(): void {
    const { transport, random } = this.deps;
    if (!this.accepted) return;
    const dialog = Dialog.fromResponse(this.subscribe, this.accepted);
    this.accepted = undefined;
    const again = dialog.createRequest('SUBSCRIBE', { transport, branch: newBranch(random), headers: this.headers });
    transport.send(serializeSipMessage(again));
  }

  private finish(facts: DialogStateFacts): void {
    if (this.done) return;
    this.done = true;
    this.cancelTimeout?.();
    this.transaction?.cancelTimers();
    this.onDone(facts);
  }
}
