import type { Result } from '../../common/result.js';
import type { SignalName } from '../../common/states.js';
import type { MediaFacts, Medium } from '../../media/contract.js';
import type { PictureFigures } from '../../net/keyframe-decoder.js';

/** What both sides agreed on of one medium. */
export interface AgreedStream {
  kind: Medium;
  weSend: boolean;
  weReceive: boolean;
  /** the peer takes this medium, but in no codec that we could send: nothing can be said of that direction */
  cannotSend?: boolean;
}

/** What a test call of any protocol saw of its media: all that the four signals are made of, and nothing that was judged. */
export interface MediaCallFacts {
  videoWanted: boolean;
  /** we were told to stop, or the thread that carried the media ended */
  aborted: boolean;
  setupMs?: number;
  endedBy?: 'us' | 'peer';
  /** undefined: nothing was agreed on, or it could not be read */
  agreed?: { audio: AgreedStream | null; video: AgreedStream | null };
  /** media that the peer wants at a place that the target rule does not allow: we listened and sent nothing there */
  foreign: Partial<Record<Medium, string>>;
  /** since the answer: when the peer last took a direction away that had been open */
  heldAfterMs: Partial<Record<SignalName, number>>;
  media?: MediaFacts;
  /** what a look at the picture coming in gave, or why it gave nothing; absent where nobody wanted one */
  picture?: Result<PictureFigures>;
  /** p99 lateness of whoever measured */
  selfLagMs: number;
}
