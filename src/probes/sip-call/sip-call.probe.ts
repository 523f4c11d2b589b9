import { err, ok, type Result } from '../../common/result.js';
import type { MediaSession } from '../../media/contract.js';
import type { LadderEntry } from '../../protocols/sip/uac-call.js';
import type { Outcome, Probe, ProbeContext, ProbeRequest } from '../contract.js';
import { inconclusive, rounded, roundedOrAbsent, startOutcome } from '../outcome.js';
import { judgePathFailure } from '../reach.verdict.js';
import { readAccount } from '../sip-account.js';
import { openSipPath, type SipPathTo } from '../sip-path.js';
import { AutomaticCall } from './automatic-call.js';
import type { CallFacts } from './sip-call.facts.js';
import { measuresOf, mosOf } from './sip-call.measures.js';
import { type SipCallOptions, sipCallOptions } from './sip-call.options.js';
import { judgeCall, SELF_LAG } from './sip-call.verdict.js';

export const sipCallProbe: Probe<'sip-call', SipCallOptions> = { kind: 'sip-call', options: sipCallOptions, run };

async function run(request: ProbeRequest<SipCallOptions>, context: ProbeContext): Promise<Outcome> {
  const { options } = request;
  const finish = startOutcome('sip-call', request, context);
  if (context.signal.aborted) return finish(inconclusive('aborted'));
  const credentials = await readAccount(options);
  if (!credentials.ok) return finish({ ...inconclusive('unavailable-here'), detail: { message: credentials.error } });

  const active: { call?: AutomaticCall } = {};
  const path = await openSipPath(request.target, { ...options, connectTimeoutMs: options.noProvisionalS * 1000 }, context, {
    onMessage: (message) => active.call?.receive(message),
    onFailure: (failure) => active.call?.transportFailed(failure),
  });
  if (!path.ok) return finish({ ...judgePathFailure(path.error.failure), detail: { message: path.error.message } });

  const media = await leaseMedia(path.value, options.video, context);
  if (!media.ok) {
    path.value.transport.close();
    return finish({ ...inconclusive('unavailable-here'), detail: { message: media.error } });
  }
  const call = new AutomaticCall(path.value, media.value, options, credentials.value, context);
  active.call = call;
  const facts = await call.run();
  return finish(observed(facts, path.value, call.ladder, credentials.value !== undefined));
}

async function leaseMedia(
  { transport, target }: SipPathTo,
  video: boolean,
  context: ProbeContext,
): Promise<Result<MediaSession>> {
  try {
    return ok(await context.media.open({ localAddress: transport.localAddress, video, allowedAddresses: [target.address] }));
  } catch (error) {
    return err(`no media ports: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function observed(facts: CallFacts, { target, transport }: SipPathTo, ladder: LadderEntry[], hasCredentials: boolean) {
  const { notes, ...verdict } = judgeCall(facts, hasCredentials);
  const { media, failure } = facts;
  const jitterTrusted = facts.selfLagMs <= SELF_LAG.jitterMs;
  return {
    ...verdict,
    media: media && measuresOf(media, jitterTrusted),
    rttMs: roundedOrAbsent(media?.audio?.sent.rttMs ?? media?.video?.sent.rttMs),
    mos: media && mosOf(media, jitterTrusted),
    selfLagMs: rounded(facts.selfLagMs),
    setupMs: roundedOrAbsent(facts.setupMs),
    clock: media?.clock,
    detail: {
      address: target.address,
      port: target.port,
      transport: target.transport,
      notes: Object.keys(notes).length > 0 ? notes : undefined,
      ...streamDetail(facts),
      failure,
      lastProvisional: facts.lastProvisional,
      endedBy: facts.endedBy,
      byeAnswered: facts.byeAnswered,
      changes: facts.changes || undefined,
      sdpError: facts.sdpError,
      activeMs: roundedOrAbsent(media?.activeMs),
      jitterMeasured: media ? jitterTrusted : undefined,
      malformed: transport.malformed || undefined,
    },
    evidence: verdict.result === 'pass' ? undefined : { ladder },
  };
}

const streamDetail = ({ agreed, foreign }: CallFacts) => ({
  audioCodec: agreed?.audio?.codec,
  videoCodec: agreed?.video?.codec,
  mediaElsewhere: Object.keys(foreign).length > 0 ? foreign : undefined,
});
