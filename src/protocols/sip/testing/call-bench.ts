/** For specs: one call against a scripted peer. */
import { ManualScheduler } from '../../../common/manual-scheduler.js';
import type { CallTicket } from '../call-ticket.js';
import { buildRequest, type RequestFields } from '../request.js';
import type { ResponseOptions, SipRequest } from '../message.js';
import { UacCall, type UacConfig, type UacEvent } from '../uac-call.js';
import { answer, countingRandom, Wire } from './wire.js';

export const OFFER = 'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n';
export const PEER_SDP = 'v=0\r\no=- 9 1 IN IP4 198.51.100.7\r\ns=-\r\nt=0 0\r\n';

export class CallBench {
  readonly scheduler = new ManualScheduler();
  readonly wire: Wire;
  readonly events: UacEvent[] = [];
  readonly call: UacCall;
  readonly tickets: (CallTicket | null)[] = [];
  /** for each ticket: how many messages were out when it was told */
  readonly sentBeforeTicket: number[] = [];
  private peerCSeq = 100;

  /** @param tokensUsed so many tokens of the common sequence belong to others */
  constructor(config: Partial<UacConfig> = {}, protocol: 'UDP' | 'TCP' = 'UDP', tokensUsed = 0) {
    this.wire = new Wire(this.scheduler, protocol);
    const defaults: UacConfig = {
      target: { scheme: 'sip', user: 'room', host: '198.51.100.7', params: {} },
      from: { displayName: 'Kiểm tra', uri: { scheme: 'sip', user: 'us', host: '192.0.2.1', params: {} }, params: {} },
      userAgent: 'spec',
      noProvisionalMs: 5_000,
      ringMs: 8_000,
    };
    const onEvent = (event: UacEvent): void => void this.events.push(event);
    const random = countingRandom();
    for (let i = 0; i < tokensUsed; i++) random.token(1);
    const noteTicket = (ticket: CallTicket | null): void => {
      this.tickets.push(ticket);
      this.sentBeforeTicket.push(this.wire.sent.length);
    };
    const deps = { transport: this.wire, scheduler: this.scheduler, random, onEvent, onTicket: noteTicket };
    this.call = new UacCall({ ...defaults, ...config }, deps);
    this.call.start(OFFER);
  }

  /** 'provisional', 'answered', ... as told so far */
  get told(): string[] {
    return this.events.map(({ type }) => type);
  }

  event<T extends UacEvent['type']>(type: T): Extract<UacEvent, { type: T }> {
    const found = this.events.find((event): event is Extract<UacEvent, { type: T }> => event.type === type);
    if (!found) throw new Error(`no ${type} among ${this.told.join(', ')}`);
    return found;
  }

  get invite(): SipRequest {
    return this.wire.request('INVITE');
  }

  /** The peer answers a request of ours. */
  answer(request: SipRequest, status: number, options: ResponseOptions = {}): void {
    this.call.receive(answer(request, status, options));
  }

  /** Up to the conversation. */
  establish(): this {
    this.answer(this.invite, 180);
    this.answer(this.invite, 200, { body: PEER_SDP });
    return this;
  }

  /** A request of the peer in the dialog; `cseq` for one that is not simply the next. */
  peerRequest(
    method: string,
    options: Partial<Pick<RequestFields, 'cseq' | 'body' | 'contentType' | 'headers' | 'to' | 'branch'>> = {},
  ): SipRequest {
    const cseq = options.cseq ?? ++this.peerCSeq;
    const request = buildRequest({
      method,
      uri: 'sip:us@192.0.2.1:5062',
      from: '<sip:room@198.51.100.7>;tag=peer',
      to: options.to ?? this.invite.headers.get('From') ?? '',
      callId: this.call.callId,
      cseq,
      branch: options.branch ?? `z9hG4bKpeer${method}${cseq}`,
      transport: this.wire,
      headers: [['Contact', '<sip:room@198.51.100.7:5080>'], ...(options.headers ?? [])],
      body: options.body,
      contentType: options.contentType,
    });
    this.call.receive(request);
    return request;
  }

  /** The last response we sent. */
  get lastStatus(): number | undefined {
    const message = this.wire.sent.at(-1)?.message;
    return message?.kind === 'response' ? message.status : undefined;
  }
}
