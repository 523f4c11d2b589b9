import { measureKeyframes, type PictureFigures } from '../../net/keyframe-decoder.js';
import { MOS_ASSUMPTIONS } from '../../protocols/rtp/mos.js';
import { rounded, roundedOrAbsent } from '../outcome.js';
import { measuresOf, mosOf } from './call-measures.js';
import type { MediaCallFacts } from './media-call.facts.js';
import { type CallVerdict, SELF_LAG } from './media-call.verdict.js';

/** What the outcome of a call says, whatever it was made over; the protocol adds to `detail` and `evidence`. */
export function observationOf(facts: MediaCallFacts, { notes, ...verdict }: CallVerdict) {
  const { media } = facts;
  const jitterTrusted = facts.selfLagMs <= SELF_LAG.jitterMs;
  const mos = media && mosOf(media, jitterTrusted);
  return {
    ...verdict,
    media: media && measuresOf(media, jitterTrusted),
    rttMs: roundedOrAbsent(media?.audio?.sent.rttMs ?? media?.video?.sent.rttMs),
    mos,
    selfLagMs: rounded(facts.selfLagMs),
    setupMs: roundedOrAbsent(facts.setupMs),
    clock: media?.clock,
    detail: {
      notes: Object.keys(notes).length > 0 ? notes : undefined,
      mediaElsewhere: Object.keys(facts.foreign).length > 0 ? facts.foreign : undefined,
      endedBy: facts.endedBy,
      picture: pictureDetail(facts),
      activeMs: roundedOrAbsent(media?.activeMs),
      jitterMeasured: media ? jitterTrusted : undefined,
      // an estimate is worth what it assumes: kept beside it
      mosAssumptions: mos === undefined ? undefined : MOS_ASSUMPTIONS,
    },
  };
}

/** After the call, so that a decoder neither holds it longer nor takes the processor from its media. */
export async function lookAtPicture(facts: MediaCallFacts): Promise<void> {
  const keyframes = facts.media?.video?.keyframes;
  if (keyframes && facts.agreed?.video) facts.picture = await measureKeyframes(keyframes);
}

function pictureDetail({ picture }: MediaCallFacts): Partial<PictureFigures> | { why: string } | undefined {
  if (!picture?.ok) return picture && { why: picture.error };
  const { mean, sd, diff } = picture.value;
  return { mean: rounded(mean), sd: rounded(sd), diff: roundedOrAbsent(diff) };
}
