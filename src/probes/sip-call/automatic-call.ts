import type { Cancel } from '../../common/clock.js';
import { SIGNAL_NAMES, type SignalName } from '../../common/states.js';
import type { MediaSession } from '../../media/contract.js';
import { TargetRule } from '../../media/target-rule.js';
import { ownNetworks } from '../../net/own-networks.js';
import { newLocalKeys } from '../../protocols/sdp/crypto-attribute.js';
import type { LocalMedia, Negotiated } from '../../protocols/sdp/offer-answer.js';
import type { CallTicket } from '../../protocols/sip/call-ticket.js';
import type { SipMessage } from '../../protocols/sip/message.js';
import type { TransportFailure } from '../../protocols/sip/transport.js';
import { type CallFailure, type LadderEntry, UacCall, type UacConfig, type UacEvent } from '../../protocols/sip/uac-call.js';
import { onAbort } from '../abort.js';
import type { ProbeContext } from '../contract.js';
import { releaseCall } from '../release-call.js';
import { type SipPathTo, USER_AGENT } from '../sip-path.js';
import type { StandingCall } from '../standing-call.js';
import { AUDIO_KBPS, callMediaOf } from './call-media.js';
import type { CallFacts } from './sip-call.facts.js';
import type { SipCallOptions } from './sip-call.options.js';
import { CallSession } from './sip-call.sdp.js';

/** The outcome waits so long for the peer's 200 to our BYE; retransmissions go on behind it. */
const BYE_WAIT_MS = 4000;
/** A CANCEL, or any end when we are told to stop, gets so long. */
const CANCEL_WAIT_MS = 2000;
/** RFC 3261: nothing of a dialog is retransmitted for longer than 64*T1 = 32 s. */
const LINGER_LIMIT_MS = 40_000;
/** RFC 5168: the way to ask for a keyframe before there was RTCP feedback. */
const MEDIA_CONTROL_TYPE = 'application/media_control+xml';
const PICTURE_FAST_UPDATE =
  '<?xml version="1.0" encoding="utf-8"?>\r\n' +
  '<media_control><vc_primitive><to_encoder><picture_fast_update/></to_encoder></vc_primitive></media_control>\r\n';
const SRTP_WANTED = /RTP\/SAVP|a=crypto:/;
const DTLS_WANTED = /UDP\/TLS\/RTP\/SAVP|a=fingerprint:/;

type Deps = Pick<ProbeContext, 'scheduler' | 'random' | 'signal' | 'loopLagMs' | 'journal'>;

/**
 * One test call. It rings until the limits of UacCall, is answered and held for `holdS`, and ends with BYE; our sending stops
 * with the BYE and not with its answer. The facts are given as soon as the call is over for the user; the dialog lingers
 * behind them, so that a late 200 still gets its ACK and BYE and no codec stays in a ghost call.
 */
export class AutomaticCall {
  private readonly call: UacCall;
  private readonly session: CallSession;
  private readonly facts: CallFacts;
  private readonly timers = new Set<Cancel>();
  private settle: (facts: CallFacts) => void = () => undefined;
  private answeredMs = 0;
  private standing?: StandingCall;
  private releasing = false;
  private state: 'calling' | 'held' | 'leaving' | 'over' = 'calling';

  constructor(
    private readonly path: SipPathTo,
    private readonly media: MediaSession,
    private readonly options: SipCallOptions,
    credentials: UacConfig['credentials'],
    private readonly deps: Deps,
    private readonly srtp = false,
  ) {
    const { transport, target } = path;
    this.session = new CallSession(
      media.ports,
      transport.localAddress,
      String(deps.random.uint32()),
      target.address,
      new TargetRule({ allowedAddresses: [target.address], allowedPrefixes: options.allowedMediaPrefixes }, ownNetworks()),
      this.wantedMedia(),
    );
    const config: UacConfig = {
      target: target.uri,
      from: path.from,
      userAgent: USER_AGENT,
      routes: path.routes,
      credentials,
      noProvisionalMs: options.noProvisionalS * 1000,
      ringMs: options.ringS * 1000,
      answerOf: (offer) => this.session.answerTo(offer),
    };
    const { scheduler, random } = deps;
    const onEvent = (event: UacEvent): void => this.heard(event);
    this.call = new UacCall(config, { transport, scheduler, random, onEvent, onTicket: (ticket) => this.note(ticket) });
    this.facts = {
      videoWanted: callMediaOf(options).video,
      aborted: false,
      encryptionHinted: false,
      foreign: {},
      heldAfterMs: {},
      changes: 0,
      selfLagMs: 0,
    };
  }

  get ladder(): LadderEntry[] {
    return this.call.ladder;
  }

  run(): Promise<CallFacts> {
    return new Promise((resolve) => {
      this.settle = resolve;
      this.call.start(this.session.offer);
      this.timers.add(onAbort(this.deps.signal, () => this.abort()));
      // nothing is sent or seen any more: the room is not kept in a call for it
      this.media.onLost(() => this.abort());
      this.media.onKeyframeMissing(() => this.requestKeyframe());
    });
  }

  receive(message: SipMessage): void {
    this.call.receive(message);
    if (this.state !== 'leaving' || message.kind !== 'response' || message.status < 200) return;
    const method = message.headers.get('CSeq')?.split(/\s+/)[1];
    if (method === 'BYE') this.facts.byeAnswered = true;
    // the final response to a cancelled INVITE; a repeated 200 of an answered one is none
    if (method === 'BYE' || (method === 'INVITE' && this.facts.setupMs === undefined)) this.conclude();
  }

  transportFailed(failure: TransportFailure): void {
    const { standing } = this;
    const begun = this.facts.setupMs !== undefined || this.facts.lastProvisional !== undefined;
    if (standing && begun && this.path.transport.reliable && !this.releasing) this.releaseElsewhere(standing);
    this.call.transportFailed(failure);
  }

  private wantedMedia(): Pick<LocalMedia, 'keys' | 'audioCodecs' | 'audioKbps' | 'videoKbps'> {
    const { audioCodecs, videoKbps } = callMediaOf(this.options);
    const bounded = this.options.bandwidthKbps !== undefined;
    return { keys: this.newKeys(), audioCodecs, ...(bounded ? { audioKbps: AUDIO_KBPS, videoKbps } : {}) };
  }

  private newKeys(): LocalMedia['keys'] {
    const { random } = this.deps;
    return this.srtp ? { audio: newLocalKeys(random), video: newLocalKeys(random) } : undefined;
  }

  private heard(event: UacEvent): void {
    switch (event.type) {
      case 'provisional':
        this.facts.lastProvisional = event.status;
        break;
      case 'answered':
        this.answered(event.sdp, event.setupMs);
        break;
      case 'changed':
        this.facts.changes++;
        this.agree(event.sdp, event.local);
        break;
      case 'failed':
        this.failed(event.failure);
        break;
      case 'ended':
        this.facts.endedBy ??= event.by;
        if (event.by === 'peer') this.conclude();
        break;
      case 'finished':
        this.conclude();
        this.path.transport.close();
        break;
    }
  }

  private note(ticket: CallTicket | null): void {
    const { user, passwordFile, passwordEnv } = this.options;
    this.standing = ticket ? { route: this.path.route, ticket, account: { user, passwordFile, passwordEnv } } : undefined;
    if (this.standing) this.deps.journal?.note(this.standing);
    else if (!this.releasing) this.deps.journal?.end(this.call.callId);
  }

  /** A connection that broke takes our BYE with it, but not the call: the room is let go over a new one, once. */
  private releaseElsewhere(standing: StandingCall): void {
    this.releasing = true;
    void releaseCall(standing, this.deps).then(() => this.deps.journal?.end(this.call.callId));
  }

  private failed(failure: CallFailure): void {
    this.facts.failure ??= failure;
    // a device that rings must have heard our CANCEL before we say that we are done
    if (failure.kind === 'rang-out' || failure.kind === 'hung') this.await(CANCEL_WAIT_MS);
    else this.conclude();
  }

  private answered(sdp: string | null, setupMs: number): void {
    // a late answer, after we gave up: UacCall ends it; it is no answer any more
    if (this.state !== 'calling') return;
    this.state = 'held';
    this.answeredMs = this.deps.scheduler.monotonicMs();
    this.facts.setupMs = setupMs;
    if (this.agree(sdp)) this.after(this.options.holdS * 1000, () => this.leave(BYE_WAIT_MS));
    else this.leave(BYE_WAIT_MS);
  }

  /** False where there is nothing to hold the call for. */
  private agree(sdp: string | null, local?: string): boolean {
    if (this.state !== 'held') return false;
    const agreement = this.session.agree(sdp, local);
    if (!agreement.ok) {
      this.facts.sdpError = agreement.error;
      return false;
    }
    const { agreed, foreign, legs } = agreement.value;
    // a stream that the peer withdraws later is judged by what it carried until then; one that it adds counts from then on
    const before = this.facts.agreed;
    if (before) this.noteHolds(agreed);
    this.facts.agreed = { ...agreed, audio: before?.audio ?? agreed.audio, video: before?.video ?? agreed.video };
    this.facts.foreign = { ...this.facts.foreign, ...foreign };
    if (legs.length > 0) this.media.start(legs);
    return legs.length > 0;
  }

  private noteHolds(agreed: Negotiated): void {
    const { heldAfterMs } = this.facts;
    const atMs = this.deps.scheduler.monotonicMs() - this.answeredMs;
    for (const name of SIGNAL_NAMES) {
      if (isOpen(agreed, name)) delete heldAfterMs[name];
      else heldAfterMs[name] ??= atMs;
    }
  }

  private requestKeyframe(): void {
    if (this.state !== 'held' || !this.call.info(MEDIA_CONTROL_TYPE, PICTURE_FAST_UPDATE)) return;
    this.facts.keyframeInfos = (this.facts.keyframeInfos ?? 0) + 1;
  }

  private leave(waitMs: number): void {
    if (this.state === 'leaving' || this.state === 'over') return;
    this.await(waitMs);
    this.call.hangUp();
  }

  /** Sends no more media and gives the peer a moment to confirm that it let go. */
  private await(waitMs: number): void {
    this.state = 'leaving';
    void this.media.stop();
    this.after(waitMs, () => this.conclude());
  }

  private abort(): void {
    this.facts.aborted = true;
    this.leave(CANCEL_WAIT_MS);
  }

  private conclude(): void {
    if (this.state === 'over') return;
    this.state = 'over';
    for (const cancel of this.timers) cancel();
    this.timers.clear();
    this.linger();
    void this.media.stop().then((media) => {
      const answered = this.facts.setupMs !== undefined && this.facts.agreed !== undefined;
      const hint = this.srtp ? DTLS_WANTED : SRTP_WANTED;
      const encryptionHinted = this.call.ladder.some((entry) => entry.direction === 'received' && hint.test(entry.text));
      const selfLagMs = answered ? media.pacingLateMs : this.deps.loopLagMs();
      const { contactElsewhere } = this.call;
      this.settle({ ...this.facts, contactElsewhere, encryptionHinted, selfLagMs, media: answered ? media : undefined });
    });
  }

  private linger(): void {
    if (this.call.finished) {
      this.path.transport.close();
      return;
    }
    this.path.transport.unref();
    this.deps.scheduler.after(LINGER_LIMIT_MS, () => this.path.transport.close());
  }

  private after(delayMs: number, run: () => void): void {
    this.timers.add(this.deps.scheduler.after(delayMs, run));
  }
}

/** RFC 3264 section 8.4: a peer that wants nothing from us any more has put us on hold, and need not send anything either. */
function isOpen({ audio, video }: Negotiated, name: SignalName): boolean {
  const stream = name.startsWith('audio') ? audio : video;
  return stream !== null && stream.weSend && (name.endsWith('Out') || stream.weReceive);
}
