import type { EndReason, H323Facts, H323Failure } from '../../protocols/h323/call-types.js';
import type { MediaCallFacts } from '../call/media-call.facts.js';

/** What one test call over H.323 saw: everything the verdict is made of, and nothing that was judged. */
export interface H323CallFacts extends MediaCallFacts {
  failure?: H323Failure;
  /** why an answered call ended before its time */
  endedWhy?: EndReason;
  /** what the signalling showed on the way */
  signalling: H323Facts;
  /** what was spoken, where it was agreed on */
  codecs: { audioIn?: string; audioOut?: string; videoIn?: string; videoOut?: string };
  /** how often a keyframe was asked for by videoFastUpdatePicture, RTCP having brought none */
  keyframeRequests: number;
}
