/**
 * The dialog of RFC 3261 section 12: what both sides must remember to talk to each other past the first answer.
 *
 * Built from the INVITE and its 2xx on the calling side (12.1.2), from the INVITE and our tag on the called side (12.1.1).
 * The route set is the Record-Route, reversed for the caller, and never changes; the remote target is the peer's Contact and
 * follows every re-INVITE and UPDATE (12.2). Each request of ours raises CSeq by one, except the ACK.
 */
import type { SipHeaders } from './headers.js';
import { parseNameAddr, tagOf } from './header-values.js';
import type { SipMessage, SipRequest, SipResponse } from './message.js';
import { buildRequest } from './request.js';
import { cseqOf } from './transaction/keys.js';
import type { SipTransport } from './transport.js';
import { formatSipUri, parseSipUri, type SipUri } from './uri.js';

export interface DialogRequestOptions {
  transport: SipTransport;
  branch: string;
  headers?: [string, string][];
  body?: string;
  contentType?: string;
}

/** Plain data: what a dialog has to remember to be taken up again by another process. */
export interface DialogState {
  callId: string;
  /** our From, the peer's To, with the tag */
  localParty: string;
  remoteParty: string;
  routeSet: string[];
  remoteTarget: string;
  localCSeq: number;
  remoteCSeq?: number;
}

export class Dialog {
  readonly callId: string;
  /** '' where a peer of RFC 2543 gave none (section 12.1.1, 12.1.2) */
  readonly localTag: string;
  readonly remoteTag: string;
  readonly routeSet: readonly string[];

  private constructor(private readonly state: DialogState) {
    this.callId = state.callId;
    this.localTag = tagOf(state.localParty) ?? '';
    this.remoteTag = tagOf(state.remoteParty) ?? '';
    this.routeSet = state.routeSet;
  }

  static restore(state: DialogState): Dialog {
    return new Dialog({ ...state, routeSet: [...state.routeSet] });
  }

  /**
   * The caller's side. Without a Contact the peer is where the request went.
   * @param localCSeq of our last request in the dialog, where there was one before the answer
   */
  static fromResponse(request: SipRequest, response: SipResponse, localCSeq = cseqOf(request).number): Dialog {
    return new Dialog({
      callId: request.headers.get('Call-ID') ?? '',
      localParty: request.headers.get('From') ?? '',
      remoteParty: response.headers.get('To') ?? '',
      routeSet: response.headers.getAll('Record-Route').filter(isRoute).reverse(),
      remoteTarget: contactUri(response.headers) ?? request.uri,
      localCSeq,
    });
  }

  /** The called side; `localTag` is the tag of our responses. */
  static fromRequest(request: SipRequest, localTag: string): Dialog {
    const from = request.headers.get('From') ?? '';
    const fromAddress = parseNameAddr(from);
    return new Dialog({
      callId: request.headers.get('Call-ID') ?? '',
      localParty: `${request.headers.get('To') ?? ''};tag=${localTag}`,
      remoteParty: from,
      routeSet: request.headers.getAll('Record-Route').filter(isRoute),
      remoteTarget: contactUri(request.headers) ?? (fromAddress.ok ? formatSipUri(fromAddress.value.uri) : request.uri),
      localCSeq: 0,
      remoteCSeq: cseqOf(request).number,
    });
  }

  get snapshot(): DialogState {
    return { ...this.state, routeSet: [...this.state.routeSet] };
  }

  get remoteTarget(): string {
    return this.state.remoteTarget;
  }

  /** Whom a request of this dialog is for first (RFC 3261 section 8.1.2): a proxy of its route set, or the peer itself. */
  get destination(): SipUri | undefined {
    const [first] = this.state.routeSet;
    const route = first === undefined ? undefined : parseNameAddr(first);
    if (route?.ok) return route.value.uri;
    const target = parseSipUri(this.state.remoteTarget);
    return target.ok ? target.value : undefined;
  }

  get localCSeq(): number {
    return this.state.localCSeq;
  }

  /** A request in the dialog, one CSeq further. */
  createRequest(method: string, options: DialogRequestOptions): SipRequest {
    this.state.localCSeq++;
    return this.build(method, this.state.localCSeq, options);
  }

  /** RFC 3261 section 13.2.2.4: the ACK to a 2xx has the CSeq number of its INVITE, and otherwise a new request's form. */
  createAck(inviteCSeq: number, options: DialogRequestOptions): SipRequest {
    return this.build('ACK', inviteCSeq, options);
  }

  /** True for requests of the peer and responses to ours in this dialog. */
  matches(message: SipMessage): boolean {
    const [local, remote] = message.kind === 'request' ? (['To', 'From'] as const) : (['From', 'To'] as const);
    return (
      message.headers.get('Call-ID') === this.callId &&
      (tagOf(message.headers.get(local)) ?? '') === this.localTag &&
      (tagOf(message.headers.get(remote)) ?? '') === this.remoteTag
    );
  }

  /** RFC 3261 section 12.2.2: a request whose CSeq is not above the last one is out of order. */
  acceptCSeq(request: SipRequest): boolean {
    const { number } = cseqOf(request);
    if (this.state.remoteCSeq !== undefined && number <= this.state.remoteCSeq) return false;
    this.state.remoteCSeq = number;
    return true;
  }

  /** RFC 3261 section 12.2.1.2 and 12.2.2: target refresh. */
  refreshTarget(message: SipMessage): void {
    this.state.remoteTarget = contactUri(message.headers) ?? this.state.remoteTarget;
  }

  private build(method: string, cseq: number, options: DialogRequestOptions): SipRequest {
    const { uri, routes } = this.nextHop();
    const { callId, localParty: from, remoteParty: to } = this.state;
    return buildRequest({ ...options, method, uri, routes, from, to, callId, cseq });
  }

  /** RFC 3261 section 12.2.1.1: a first route without `lr` is a strict router, which wants to be the Request-URI. */
  private nextHop(): { uri: string; routes: string[] } {
    const { routeSet, remoteTarget } = this.state;
    const [first, ...others] = routeSet;
    const address = first === undefined ? undefined : parseNameAddr(first);
    if (!address?.ok || address.value.uri.params['lr'] !== undefined) return { uri: remoteTarget, routes: [...routeSet] };
    return { uri: formatSipUri({ ...address.value.uri, headers: undefined }), routes: [...others, `<${remoteTarget}>`] };
  }
}

function isRoute(value: string): boolean {
  return parseNameAddr(value).ok;
}

function contactUri(headers: SipHeaders): string | undefined {
  const contact = parseNameAddr(headers.getAll('Contact')[0] ?? '');
  return contact.ok ? formatSipUri({ ...contact.value.uri, headers: undefined }) : undefined;
}
