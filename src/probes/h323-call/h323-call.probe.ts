import { isIPv4 } from 'node:net';
import { err, ok, type Result } from '../../common/result.js';
import type { OpenMedia } from '../../media/contract.js';
import { H323Connections } from '../../net/h323/h323-connections.js';
import type { H323TransportFailure } from '../../protocols/h323/call-types.js';
import type { LadderEntry } from '../../protocols/sip/call-events.js';
import { lookAtPicture, observationOf } from '../call/call-observation.js';
import { leaseMedia } from '../call/media-lease.js';
import type { Outcome, Probe, ProbeContext, ProbeRequest } from '../contract.js';
import { locateH323 } from '../endpoint-address.js';
import { inconclusive, type Observed, roundedOrAbsent, startOutcome, type Verdict } from '../outcome.js';
import { judgePathFailure } from '../reach.verdict.js';
import { admit } from './admission.js';
import type { H323CallFacts } from './h323-call.facts.js';
import { CONNECT_S, h323CallOptions, type H323CallOptions, hasVideo } from './h323-call.options.js';
import { judgeH323Call } from './h323-call.verdict.js';
import { type Callee, H323TestCall, mediaAddressesOf } from './h323-test-call.js';

export const h323CallProbe: Probe<'h323-call', H323CallOptions> = { kind: 'h323-call', options: h323CallOptions, run };

async function run(request: ProbeRequest<H323CallOptions>, context: ProbeContext): Promise<Outcome> {
  const { options } = request;
  const finish = startOutcome('h323-call', request, context);
  if (context.signal.aborted) return finish(inconclusive('aborted'));
  const target = await locateH323(request.target);
  if (!target.ok) return finish({ ...judgePathFailure(target.error.failure), detail: { message: target.error.message } });
  const { address, port = options.port, alias } = target.value;
  if (!isIPv4(address)) {
    return finish({ ...inconclusive('unavailable-here'), detail: { message: `H.323 is called over IPv4, not to ${address}` } });
  }
  const admitted = await admit({ address, port, alias }, options, context);
  if (!admitted.ok) return finish(admitted.error);
  const { callee, admittedBy, release } = admitted.value;
  const observation = await call(callee, options, context).finally(release);
  return finish({ ...observation, detail: { ...admittedBy, ...observation.detail } });
}

async function call(callee: Callee, options: H323CallOptions, context: ProbeContext): Promise<Observed> {
  const first = await placeCall(callee, options, context);
  if (!first.ok) return first.error;
  const next = placeToFollow(first.value.facts, options);
  const second = next && !context.signal.aborted ? await placeCall(next, options, context) : undefined;
  return second?.ok ? observed(second.value, options, first.value) : observed(first.value, options);
}

interface PlacedCall {
  facts: H323CallFacts;
  callee: Callee;
  ladder: LadderEntry[];
}
/** An error is the whole outcome: there was no call. */
type Placed = Result<PlacedCall, Verdict & { detail: Record<string, unknown> }>;

async function placeCall(callee: Callee, options: H323CallOptions, context: ProbeContext): Promise<Placed> {
  const { address, port } = callee;
  const active: { call?: H323TestCall; lost?: H323TransportFailure } = {};
  const place = { address, port, source: options.source, timeoutMs: CONNECT_S * 1000, signal: context.signal };
  const opened = await H323Connections.open(place, {
    onSignalling: (octets) => active.call?.call.receiveSignalling(octets),
    onSignallingFailed: (failure) => {
      active.lost = failure;
      active.call?.call.signallingFailed(failure);
    },
    onH245Opened: () => active.call?.call.h245Opened(),
    onH245: (octets) => active.call?.call.receiveH245(octets),
    onH245Failed: (failure) => active.call?.call.h245Failed(failure),
  });
  if (!opened.ok) return err({ ...judgePathFailure(opened.error), detail: { address, port, failure: opened.error } });
  const media = await leaseMedia(context.media, mediaRequest(opened.value.localAddress, callee, options));
  // lost: accepted and thrown out at once, before we had said a word
  if (!media.ok || active.lost) {
    opened.value.close();
    if (media.ok) void media.value.stop();
    const verdict = active.lost ? judgePathFailure(active.lost) : inconclusive('unavailable-here');
    return err({ ...verdict, detail: { address, port, message: media.ok ? undefined : media.error, failure: active.lost } });
  }
  const call = new H323TestCall(opened.value, media.value, callee, options, context);
  active.call = call;
  const facts = await call.run();
  if (options.decodeKeyframe && !context.signal.aborted) await lookAtPicture(facts);
  return ok({ facts, callee, ladder: call.ladder });
}

function mediaRequest(localAddress: string, callee: Callee, options: H323CallOptions): OpenMedia {
  const { allowedMediaPrefixes: allowedPrefixes, decodeKeyframe: keepKeyframes } = options;
  return { localAddress, video: hasVideo(options), allowedAddresses: mediaAddressesOf(callee), allowedPrefixes, keepKeyframes };
}

/** Nobody is called because a peer said so: only who stands on this endpoint's own list, and once. */
function placeToFollow({ failure }: H323CallFacts, { followTo }: H323CallOptions): Callee | undefined {
  if (failure?.kind !== 'forwarded' || failure.reason === 'routeCallToMC' || !failure.address) return undefined;
  const { address, port } = failure.address;
  return followTo.includes(address) ? { address, port, alias: failure.alias } : undefined;
}

/** @param forwarded the call before this one, which sent us here */
function observed({ facts, callee, ladder }: PlacedCall, options: H323CallOptions, forwarded?: PlacedCall) {
  const observation = observationOf(facts, judgeH323Call(facts, options.quality));
  const { signalling, failure } = facts;
  return {
    ...observation,
    detail: {
      address: callee.address,
      port: callee.port,
      transport: 'TCP',
      forwardedBy: forwarded && { address: forwarded.callee.address, failure: forwarded.facts.failure },
      ...observation.detail,
      ...codecDetail(facts),
      failure,
      endedWhy: facts.endedWhy,
      keyframeRequests: facts.keyframeRequests || undefined,
      ...signallingDetail(signalling),
    },
    evidence: observation.result === 'pass' ? undefined : { ladder: [...(forwarded?.ladder ?? []), ...ladder] },
  };
}

/** One word for a medium that has the same codec both ways, as nearly all have. */
const codecDetail = ({ codecs: { audioIn, audioOut, videoIn, videoOut } }: H323CallFacts) => ({
  audioCodec: audioOut ?? audioIn,
  audioCodecIn: audioOut && audioIn !== audioOut ? audioIn : undefined,
  videoCodec: videoOut ?? videoIn,
  videoCodecIn: videoOut && videoIn !== videoOut ? videoIn : undefined,
});

const signallingDetail = (seen: H323CallFacts['signalling']) => ({
  cause: seen.cause,
  releaseReason: seen.reason,
  display: seen.display,
  product: seen.product,
  version: seen.version,
  control: seen.control,
  controlElsewhere: seen.controlElsewhere,
  // of the control channel: a stack and its line, and no round trip of media
  controlRttMs: roundedOrAbsent(seen.controlRttMs),
  fastStartAccepted: seen.fastStartAccepted || undefined,
  role: seen.role,
  alerted: seen.alerted || undefined,
  encryption: seen.encryption ? 'wanted' : undefined,
  conference: seen.conference,
  channelsRefused: seen.refused.length > 0 ? seen.refused : undefined,
  channelsUnacknowledged: seen.unacknowledged.length > 0 ? seen.unacknowledged : undefined,
  pauses: seen.pauses || undefined,
  unreadable: seen.unreadable || undefined,
});
