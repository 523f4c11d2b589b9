import { err, ok, type Result } from '../../common/result.js';
import type { MediaSession } from '../../media/contract.js';
import { measureKeyframes, type PictureFigures } from '../../net/keyframe-decoder.js';
import { MOS_ASSUMPTIONS } from '../../protocols/rtp/mos.js';
import type { LadderEntry, UacConfig } from '../../protocols/sip/uac-call.js';
import type { Outcome, Probe, ProbeContext, ProbeRequest } from '../contract.js';
import { inconclusive, rounded, roundedOrAbsent, startOutcome, type Verdict } from '../outcome.js';
import { judgePathFailure } from '../reach.verdict.js';
import { readAccount } from '../sip-account.js';
import { openSipPath, type SipPathTo } from '../sip-path.js';
import { AutomaticCall } from './automatic-call.js';
import { callMediaOf } from './call-media.js';
import { offerRefused, tellingFacts } from './plain-refusal.js';
import { askDialogState, type DialogState } from './dialog-state.js';
import type { CallFacts } from './sip-call.facts.js';
import { measuresOf, mosOf } from './sip-call.measures.js';
import { type SipCallOptions, sipCallOptions } from './sip-call.options.js';
import { type CallVerdict, judgeCall, SELF_LAG } from './sip-call.verdict.js';

export const sipCallProbe: Probe<'sip-call', SipCallOptions> = { kind: 'sip-call', options: sipCallOptions, run };

const IN_CALL = 'not called: it says that it is in a call';

async function run(request: ProbeRequest<SipCallOptions>, context: ProbeContext): Promise<Outcome> {
  const { options } = request;
  const give = startOutcome('sip-call', request, context);
  let dialogs: DialogState | undefined;
  const finish: typeof give = (seen) => give(dialogs ? { ...seen, detail: { ...seen.detail, dialogState: dialogs.said } } : seen);
  if (context.signal.aborted) return finish(inconclusive('aborted'));
  const credentials = await readAccount(options);
  if (!credentials.ok) return finish({ ...inconclusive('unavailable-here'), detail: { message: credentials.error } });

  if (options.dialogState) dialogs = await askDialogState(request, context);
  if (context.signal.aborted) return finish(inconclusive('aborted'));
  if (dialogs?.inCall) return finish({ ...inconclusive('busy'), detail: { refusedBy: 'dialog', message: IN_CALL } });

  const place = (srtp: boolean): Promise<Placed> => placeCall(request, credentials.value, context, srtp);
  const hasCredentials = credentials.value !== undefined;
  const first = await place(options.encryption === 'require');
  if (!first.ok) return finish(first.error);
  const again = options.encryption === 'auto' && offerRefused(first.value.facts) && !context.signal.aborted;
  const second = again ? await place(true) : undefined;
  const judge = (facts: CallFacts): CallVerdict => judgeCall(facts, hasCredentials, options.quality);
  if (!second?.ok) return finish(observed(first.value, [first.value], judge));
  const facts = tellingFacts(first.value.facts, second.value.facts);
  return finish(observed({ ...second.value, facts }, [first.value, second.value], judge));
}

interface PlacedCall {
  facts: CallFacts;
  path: SipPathTo;
  ladder: LadderEntry[];
  srtp: boolean;
}
/** An error is the whole outcome: there was no call. */
type Placed = Result<PlacedCall, Verdict & { detail: { message: string } }>;

async function placeCall(
  { target, options }: ProbeRequest<SipCallOptions>,
  credentials: UacConfig['credentials'],
  context: ProbeContext,
  srtp: boolean,
): Promise<Placed> {
  const active: { call?: AutomaticCall } = {};
  const path = await openSipPath(target, options, { connectTimeoutMs: options.noProvisionalS * 1000 }, context, {
    onMessage: (message) => active.call?.receive(message),
    onFailure: (failure) => active.call?.transportFailed(failure),
  });
  if (!path.ok) return err({ ...judgePathFailure(path.error.failure), detail: { message: path.error.message } });

  const media = await leaseMedia(path.value, options, context);
  if (!media.ok) {
    path.value.transport.close();
    return err({ ...inconclusive('unavailable-here'), detail: { message: media.error } });
  }
  const call = new AutomaticCall(path.value, media.value, options, credentials, context, srtp);
  active.call = call;
  const facts = await call.run();
  if (options.decodeKeyframe && !context.signal.aborted) await lookAtPicture(facts);
  return ok({ facts, path: path.value, ladder: call.ladder, srtp });
}

/** After the call, so that a decoder neither holds it longer nor takes the processor from its media. */
async function lookAtPicture(facts: CallFacts): Promise<void> {
  const keyframes = facts.media?.video?.keyframes;
  if (keyframes && facts.agreed?.video) facts.picture = await measureKeyframes(keyframes);
}

async function leaseMedia(
  { transport, target }: SipPathTo,
  options: SipCallOptions,
  context: ProbeContext,
): Promise<Result<MediaSession>> {
  try {
    const { localAddress } = transport;
    const { allowedMediaPrefixes: allowedPrefixes } = options;
    const { video } = callMediaOf(options);
    const keepKeyframes = options.decodeKeyframe;
    return ok(
      await context.media.open({ localAddress, video, allowedAddresses: [target.address], allowedPrefixes, keepKeyframes }),
    );
  } catch (error) {
    return err(`no media ports: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function observed({ facts, path }: PlacedCall, calls: PlacedCall[], judge: (facts: CallFacts) => CallVerdict) {
  const { target } = path;
  const { notes, ...verdict } = judge(facts);
  const { media, failure } = facts;
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
      address: target.address,
      port: target.port,
      transport: target.transport,
      notes: Object.keys(notes).length > 0 ? notes : undefined,
      ...streamDetail(facts),
      offers: calls.some(({ srtp }) => srtp) ? calls.map(({ srtp }) => (srtp ? 'RTP/SAVP' : 'RTP/AVP')) : undefined,
      failure,
      lastProvisional: facts.lastProvisional,
      endedBy: facts.endedBy,
      byeAnswered: facts.byeAnswered,
      picture: pictureDetail(facts),
      changes: facts.changes || undefined,
      sdpError: facts.sdpError,
      keyframeInfos: facts.keyframeInfos,
      activeMs: roundedOrAbsent(media?.activeMs),
      jitterMeasured: media ? jitterTrusted : undefined,
      // an estimate is worth what it assumes: kept beside it
      mosAssumptions: mos === undefined ? undefined : MOS_ASSUMPTIONS,
      contactElsewhere: facts.contactElsewhere,
      ...path.oddities(),
    },
    evidence: verdict.result === 'pass' ? undefined : { ladder: calls.flatMap(({ ladder }) => ladder) },
  };
}

const streamDetail = ({ agreed, foreign }: CallFacts) => ({
  audioCodec: agreed?.audio?.codec,
  videoCodec: agreed?.video?.codec,
  encryption: encryptionOf(agreed),
  mediaElsewhere: Object.keys(foreign).length > 0 ? foreign : undefined,
});

function pictureDetail({ picture }: CallFacts): Partial<PictureFigures> | { why: string } | undefined {
  if (!picture?.ok) return picture && { why: picture.error };
  const { mean, sd, diff } = picture.value;
  return { mean: rounded(mean), sd: rounded(sd), diff: roundedOrAbsent(diff) };
}

/** A peer may take one medium and refuse the other, but never encrypt one alone: we offer both or none. */
function encryptionOf(agreed: CallFacts['agreed']): 'srtp-sdes' | 'none' | undefined {
  const stream = agreed?.audio ?? agreed?.video;
  if (!stream) return undefined;
  return stream.keys ? 'srtp-sdes' : 'none';
}
