import type { Scheduler } from '../../common/clock.js';
import type { RandomSource } from '../../common/random.js';
import { cancelOf } from './call-ticket.js';
import type { CallFailure, UacConfig } from './call-events.js';
import type { SipHeaders } from './headers.js';
import { formatNameAddr, parseNameAddr } from './header-values.js';
import type { SipMessage, SipRequest, SipResponse } from './message.js';
import { ALLOWED_METHODS, buildRequest, contactOf, newBranch } from './request.js';
import type { SipTransport } from './transport.js';
import { formatSipUri } from './uri.js';

/** What every request of one call has in common, and the requests outside its dialogs. */
export class CallSession {
  readonly callId: string;
  readonly localTag: string;
  readonly contact: string;
  private readonly requestUri: string;
  private readonly from: string;
  private cseq = 0;

  constructor(
    private readonly config: UacConfig,
    readonly transport: SipTransport,
    readonly scheduler: Scheduler,
    readonly random: RandomSource,
  ) {
    this.callId = random.token(32);
    this.localTag = random.token(16);
    this.contact = contactOf(transport, config.target.scheme, config.from.uri.user);
    this.requestUri = formatSipUri({ ...config.target, headers: undefined });
    this.from = formatNameAddr({ ...config.from, params: { ...config.from.params, tag: this.localTag } });
  }

  get identity(): [string, string][] {
    return [['User-Agent', this.config.userAgent]];
  }

  newBranch(): string {
    return newBranch(this.random);
  }

  /** RFC 3261 section 13.2.1; `authorization` for the second attempt, which is one CSeq further (22.2). */
  invite(offer: string, authorization: [string, string][] = []): SipRequest {
    return buildRequest({
      method: 'INVITE',
      uri: this.requestUri,
      from: this.from,
      to: `<${this.requestUri}>`,
      callId: this.callId,
      cseq: ++this.cseq,
      branch: this.newBranch(),
      transport: this.transport,
      routes: this.config.routes,
      headers: [
        ['Contact', this.contact],
        ...this.identity,
        ['Allow', ALLOWED_METHODS],
        ['Accept', 'application/sdp'],
        // RFC 3261 20.26: a device that looks at it may prefer a meeting to a check
        ['Priority', 'non-urgent'],
        ...authorization,
      ],
      body: offer,
    });
  }

  cancel(invite: SipRequest): SipRequest {
    return cancelOf(invite, this.identity);
  }
}

/** The credentials of a request, to be repeated in the ACK of its 2xx (RFC 3261 section 22.1). */
export function credentialsOf(request: SipRequest): [string, string][] {
  return request.headers.entries().filter(([name]) => name === 'Authorization' || name === 'Proxy-Authorization');
}

/** The session description of a message; bodies of other types are not for us. */
export function sdpOf(message: SipMessage): string | undefined {
  if (message.body.trim() === '') return undefined;
  const type = message.headers.get('Content-Type') ?? 'application/sdp';
  return /^application\/sdp\s*(;|$)/i.test(type.trim()) ? message.body : undefined;
}

/** A final refusal in the words of the call. A redirection names its target, which nobody follows. */
export function failureOf(response: SipResponse): CallFailure {
  const { status, reasonPhrase, headers } = response;
  const contact = status < 400 ? firstContact(headers) : undefined;
  const retryAfter = /^\d{1,9}/.exec(headers.get('Retry-After') ?? '')?.[0];
  return {
    kind: 'status',
    status,
    reasonPhrase,
    ...(contact === undefined ? {} : { contact }),
    ...(retryAfter === undefined ? {} : { retryAfterS: Number(retryAfter) }),
  };
}

function firstContact(headers: SipHeaders): string | undefined {
  const value = headers.getAll('Contact')[0];
  const address = value === undefined ? undefined : parseNameAddr(value);
  return address?.ok ? formatSipUri(address.value.uri) : value;
}
