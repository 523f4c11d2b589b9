import type { Negotiated } from '../../protocols/sdp/offer-answer.js';
import type { CallFailure } from '../../protocols/sip/uac-call.js';
import type { MediaCallFacts } from '../call/media-call.facts.js';

/** What one test call over SIP saw: everything the verdict is made of, and nothing that was judged. */
export interface CallFacts extends MediaCallFacts {
  /** the last 1xx before the call was answered or failed */
  lastProvisional?: number;
  failure?: CallFailure;
  /** the peer confirmed our BYE in time */
  byeAnswered?: boolean;
  /** what offer and answer came to; undefined where the answer held none or could not be read */
  agreed?: Negotiated;
  sdpError?: string;
  /** the peer spoke of an encryption, anywhere in its messages, that we had not offered */
  encryptionHinted: boolean;
  /** the host that its requests were to go to and did not, since it is not the peer's own address */
  contactElsewhere?: string;
  /** how often the peer changed the session during the call */
  changes: number;
  /** how often a keyframe was asked for by INFO (RFC 5168), RTCP having brought none */
  keyframeInfos?: number;
}
