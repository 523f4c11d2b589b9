import { err, ok, type Result } from '../../common/result.js';
import type { OpenMedia } from '../../media/contract.js';
import type { LadderEntry, UacConfig } from '../../protocols/sip/uac-call.js';
import { lookAtPicture, observationOf } from '../call/call-observation.js';
import type { CallVerdict } from '../call/media-call.verdict.js';
import { leaseMedia } from '../call/media-lease.js';
import type { Outcome, Probe, ProbeContext, ProbeRequest } from '../contract.js';
import { inconclusive, startOutcome, type Verdict } from '../outcome.js';
import { judgePathFailure } from '../reach.verdict.js';
import { readAccount } from '../sip-account.js';
import { openSipPath, type SipPathTo } from '../sip-path.js';
import { AutomaticCall } from './automatic-call.js';
import { callMediaOf } from './call-media.js';
import { offerRefused, tellingFacts } from './plain-refusal.js';
import { askDialogState, type DialogState } from './dialog-state.js';
import type { CallFacts } from './sip-call.facts.js';
import { type SipCallOptions, sipCallOptions } from './sip-call.options.js';
import { judgeCall } from './sip-call.verdict.js';

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

  const media = await leaseMedia(context.media, mediaRequest(path.value, options));
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

function mediaRequest({ transport, target }: SipPathTo, options: SipCallOptions): OpenMedia {
  const { localAddress } = transport;
  const { allowedMediaPrefixes: allowedPrefixes, decodeKeyframe: keepKeyframes } = options;
  const { video } = callMediaOf(options);
  return { localAddress, video, allowedAddresses: [target.address], allowedPrefixes, keepKeyframes };
}

function observed({ facts, path }: PlacedCall, calls: PlacedCall[], judge: (facts: CallFacts) => CallVerdict) {
  const { target } = path;
  const observation = observationOf(facts, judge(facts));
  return {
    ...observation,
    detail: {
      address: target.address,
      port: target.port,
      transport: target.transport,
      ...observation.detail,
      ...streamDetail(facts),
      offers: calls.some(({ srtp }) => srtp) ? calls.map(({ srtp }) => (srtp ? 'RTP/SAVP' : 'RTP/AVP')) : undefined,
      failure: facts.failure,
      lastProvisional: facts.lastProvisional,
      byeAnswered: facts.byeAnswered,
      changes: facts.changes || undefined,
      sdpError: facts.sdpError,
      keyframeInfos: facts.keyframeInfos,
      contactElsewhere: facts.contactElsewhere,
      ...path.oddities(),
    },
    evidence: observation.result === 'pass' ? undefined : { ladder: calls.flatMap(({ ladder }) => ladder) },
  };
}

const streamDetail = ({ agreed }: CallFacts) => ({
  audioCodec: agreed?.audio?.codec,
  videoCodec: agreed?.video?.codec,
  encryption: encryptionOf(agreed),
});

/** A peer may take one medium and refuse the other, but never encrypt one alone: we offer both or none. */
function encryptionOf(agreed: CallFacts['agreed']): 'srtp-sdes' | 'none' | undefined {
  const stream = agreed?.audio ?? agreed?.video;
  if (!stream) return undefined;
  return stream.keys ? 'srtp-sdes' : 'none';
}
