/** What a call tells its owner, and what it is told at the start. */
import type { NameAddr } from './headers.js';
import type { TransportFailure } from './transport.js';
import type { SipUri } from './uri.js';

export interface UacConfig {
  target: SipUri;
  from: NameAddr;
  userAgent: string;
  /** Route values to begin with: an outbound proxy (RFC 3261 section 8.1.2) */
  routes?: string[];
  credentials?: { user: string; password: string };
  /** without any provisional for so long the call is given up; its state is kept for 32 s */
  noProvisionalMs: number;
  /** from the first provisional to the answer; then CANCEL */
  ringMs: number;
  /** Answers an offer of the peer (re-INVITE, UPDATE) with our SDP; null refuses it with 488 and the session stays as it is. */
  answerOf?(offer: string): string | null;
}

export type UacEvent =
  | { type: 'provisional'; status: number; sdp?: string }
  | { type: 'answered'; sdp: string | null; setupMs: number }
  /** a re-INVITE or UPDATE: `sdp` is the peer's new description, `local` ours; `offerer` says which of the two was the offer */
  | { type: 'changed'; sdp: string; local: string; offerer: 'peer' | 'us' }
  | { type: 'failed'; failure: CallFailure }
  | { type: 'ended'; by: 'us' | 'peer' }
  | { type: 'finished' };

export type CallFailure =
  | { kind: 'status'; status: number; reasonPhrase: string; contact?: string; retryAfterS?: number }
  /** nothing at all came */
  | { kind: 'no-answer' }
  /** the last of the provisionals was this one */
  | { kind: 'rang-out'; lastStatus: number }
  /** 100 Trying only, then nothing */
  | { kind: 'hung' }
  | { kind: 'transport'; failure: TransportFailure }
  | { kind: 'auth-failed' };

export interface LadderEntry {
  /** since the start of the call */
  atMs: number;
  direction: 'sent' | 'received';
  /** 'INVITE sip:room@10.1.2.3', '180 Ringing' */
  summary: string;
  /** cut to 4 KiB; credentials and keys removed */
  text: string;
}
