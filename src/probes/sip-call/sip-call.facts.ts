import type { Result } from '../../common/result.js';
import type { SignalName } from '../../common/states.js';
import type { MediaFacts, Medium } from '../../media/contract.js';
import type { PictureFigures } from '../../net/keyframe-decoder.js';
import type { Negotiated } from '../../protocols/sdp/offer-answer.js';
import type { CallFailure } from '../../protocols/sip/uac-call.js';

/** What one test call saw: everything the verdict is made of, and nothing that was judged. */
export interface CallFacts {
  videoWanted: boolean;
  /** we were told to stop, or the thread that carried the media ended */
  aborted: boolean;
  setupMs?: number;
  /** the last 1xx before the call was answered or failed */
  lastProvisional?: number;
  failure?: CallFailure;
  endedBy?: 'us' | 'peer';
  /** the peer confirmed our BYE in time */
  byeAnswered?: boolean;
  /** what offer and answer came to; undefined where the answer held none or could not be read */
  agreed?: Negotiated;
  sdpError?: string;
  /** the peer spoke of an encryption, anywhere in its messages, that we had not offered */
  encryptionHinted: boolean;
  /** media whose SDP names a place that the target rule does not allow: we listened and sent nothing there */
  foreign: Partial<Record<Medium, string>>;
  /** the host that its requests were to go to and did not, since it is not the peer's own address */
  contactElsewhere?: string;
  /** since the answer: when the peer's description last took a direction away that had been open */
  heldAfterMs: Partial<Record<SignalName, number>>;
  /** how often the peer changed the session during the call */
  changes: number;
  /** how often a keyframe was asked for by INFO (RFC 5168), RTCP having brought none */
  keyframeInfos?: number;
  media?: MediaFacts;
  /** what a look at the picture coming in gave, or why it gave nothing; absent where nobody wanted one */
  picture?: Result<PictureFigures>;
  /** p99 lateness of whoever measured */
  selfLagMs: number;
}
