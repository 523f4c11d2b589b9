import type { QualityLimits } from '../../common/quality.js';
import type { Reason } from '../../common/reasons.js';
import { SIGNAL_NAMES, type SignalName, type Signals } from '../../common/states.js';
import { fail, inconclusive, pass, type Verdict } from '../outcome.js';
import { mosOf } from './call-measures.js';
import { type Circumstances, type Judgement, judgeDecoded, judgeIn, judgeMos, judgeOut } from './call-signals.js';
import type { MediaCallFacts } from './media-call.facts.js';

/** Above the first our jitter figures mean nothing, above the second no fault that we measured does. */
export const SELF_LAG = { jitterMs: 2, everythingMs: 20 } as const;

export interface CallVerdict extends Verdict {
  signals: Signals;
  notes: Partial<Record<SignalName, string>>;
}

type Judgements = Record<SignalName, Judgement>;
const NOT_LOOKED_AT: Judgement = { state: 'unknown' };

/**
 * Facts of one test call -> four signals and one reason: the one that a technician has to deal with first.
 * @param atSetUp what the protocol says of a call whose media need not be judged
 * @param limits of the endpoint's profile: beyond them media are poor
 */
export function judgeCallMedia(facts: MediaCallFacts, atSetUp: Verdict | undefined, limits: QualityLimits): CallVerdict {
  const judgements = judgeSignals(facts, limits);
  const verdict = atSetUp ?? judgeMedia(facts, judgements);
  const signals = {} as Signals;
  const notes: CallVerdict['notes'] = {};
  for (const name of SIGNAL_NAMES) {
    signals[name] = judgements[name].state;
    const { note } = judgements[name];
    if (note) notes[name] = note;
  }
  return { ...verdict, signals, notes };
}

function judgeSignals(facts: MediaCallFacts, limits: QualityLimits): Judgements {
  const { agreed, media, picture, videoWanted, foreign, heldAfterMs, selfLagMs } = facts;
  if (!agreed || !media || media.aborted) {
    return { audioOut: NOT_LOOKED_AT, audioIn: NOT_LOOKED_AT, videoOut: NOT_LOOKED_AT, videoIn: NOT_LOOKED_AT };
  }
  const jitterTrusted = selfLagMs <= SELF_LAG.jitterMs;
  // a direction that the peer put on hold is judged by the time before, and was taken away all the same
  const about = (name: SignalName): Circumstances => ({
    activeMs: heldAfterMs[name] ?? media.activeMs,
    jitterTrusted,
    limits,
    held: heldAfterMs[name] !== undefined,
  });
  const seen = judgeIn(agreed.video, media.video?.received, about('videoIn'));
  const videoIn = picture?.ok ? judgeDecoded(seen, picture.value) : seen;
  return {
    audioOut: judgeOut(agreed.audio, media.audio?.sent, about('audioOut'), foreign.audio),
    audioIn: judgeMos(judgeIn(agreed.audio, media.audio?.received, about('audioIn')), mosOf(media, jitterTrusted), limits),
    videoOut: videoWanted ? judgeOut(agreed.video, media.video?.sent, about('videoOut'), foreign.video) : NOT_LOOKED_AT,
    videoIn: videoWanted ? videoIn : NOT_LOOKED_AT,
  };
}

/**
 * Our own lateness can invent loss, jitter and absence, but it cannot make media appear: a call that is well in spite of it
 * is well. Nor can it make sound silent or a picture still, and that the peer refused video in its SDP needs no clock at all.
 */
function judgeMedia(facts: MediaCallFacts, judgements: Judgements): Verdict {
  const verdict = judgeStreams(judgements, facts.videoWanted);
  if (facts.selfLagMs <= SELF_LAG.everythingMs || verdict.result === 'pass') return verdict;
  const certain =
    verdict.reason === 'silent' || verdict.reason === 'frozen' || (verdict.reason === 'audio-only' && !facts.agreed?.video);
  return certain ? verdict : inconclusive('self-overloaded');
}

function judgeStreams(judgements: Judgements, videoWanted: boolean): Verdict {
  const wanted = SIGNAL_NAMES.filter((name) => videoWanted || name.startsWith('audio'));
  const why = (reason: Reason): boolean => wanted.some((name) => judgements[name].why === reason);
  if (why('target-not-allowed')) return inconclusive('target-not-allowed');
  const broken = judgeAbsence(judgements, videoWanted);
  if (broken) return fail(broken);
  for (const reason of ['silent', 'frozen', 'poor-quality'] as const) if (why(reason)) return fail(reason);
  return wanted.some((name) => judgements[name].state === 'unknown') ? inconclusive('out-unconfirmed') : pass;
}

/** Sound first: a room without picture can still take part. `one-way-in` means that only what comes in works. */
function judgeAbsence(judgements: Judgements, videoWanted: boolean): Reason | undefined {
  const { audioIn, audioOut, videoIn, videoOut } = judgements;
  const gone = (judgement: Judgement): boolean => judgement.state === 'absent';
  const works = (judgement: Judgement): boolean => judgement.state === 'flowing' || judgement.state === 'poor';

  if (gone(audioIn) && !works(audioOut)) return gone(videoIn) && works(videoOut) ? 'one-way-out' : 'no-media';
  if (gone(audioIn)) return 'one-way-out';
  if (gone(audioOut)) return 'one-way-in';
  if (!videoWanted) return undefined;
  if (gone(videoIn) && !works(videoOut)) return 'audio-only';
  if (gone(videoIn)) return 'one-way-out';
  return gone(videoOut) ? 'one-way-in' : undefined;
}
