/**
 * One outgoing call over H.323: call signalling of H.225.0 (section 7, phases A to E of H.323 section 8), with H.245 in its
 * tunnel or beside it. Its seam is `call-types.ts`.
 *
 *   idle --start--> calling --any answer--> proceeding --ALERTING--> alerting --CONNECT--> connected --> releasing --> finished
 *                      |                        |                        |                     |             ^
 *                      +------------------------+-------- failed --------+------ ended --------+-------------+
 *
 * calling     SETUP is on its way. Nothing for 10 s (T303): hung.
 * proceeding  A message came. Nothing else for 20 s (T310): hung.
 * alerting    The room rings, for as long as we may; then RELEASE COMPLETE with cause 16.
 * connected   Media may flow as soon as H.245 or fastStart says so, which it has 25 s for since SETUP.
 * releasing   The owner knows the result. Our channels and the session of H.245 are closed and RELEASE COMPLETE is out, in one
 *             go, so that nothing stands if we are killed; the far end has 1 s for its part.
 *
 * The early answers of a far end may come in one burst with CONNECT, and H.245 in any of them.
 */
import type { Scheduler } from '../../common/clock.js';
import type { RandomSource } from '../../common/random.js';
import type { LadderEntry } from '../sip/call-events.js';
import { NamedTimers } from '../sip/transaction/timers.js';
import { type CallIds, newCallIds } from './call-ids.js';
import { CallLog, controlName, signallingName } from './call-log.js';
import {
  aliasText,
  newsOf,
  productOf,
  releaseMessage,
  setupMessage,
  signalPlaceOf,
  tunnelMessage,
  type News,
} from './call-messages.js';
import {
  H323_TIMERS,
  type EndReason,
  type H323Config,
  type H323Event,
  type H323Facts,
  type H323Failure,
  type H323Timers,
  type H323TransportFailure,
  type H323Wire,
} from './call-types.js';
import { ControlPath } from './control-path.js';
import { acceptedStreams, fastStartProposals } from './fast-start.js';
import { H245Session, type H245Event } from './h245-session.js';
import type { Facility, H323UuPdu } from './messages/h225-call.js';
import type { EndpointType } from './messages/h225-endpoint.js';
import type { MultimediaSystemControlMessage } from './messages/h245-message.js';
import { causeOf, displayOf, Q931_TYPES } from './q931.js';
import { parseSignalling, type SignallingMessage } from './signalling-message.js';
import { formatTpkt, TpktFramer } from './tpkt-framer.js';

export interface H323Deps {
  wire: H323Wire;
  scheduler: Scheduler;
  random: RandomSource;
  onEvent(event: H323Event): void;
  /** each message as it goes out or comes in */
  onMessage?(entry: LadderEntry): void;
}

type Phase = 'idle' | 'calling' | 'proceeding' | 'alerting' | 'connected' | 'releasing' | 'finished';

/** Q.850: normal call clearing. */
const NORMAL_CLEARING = 16;

export class H323Call {
  readonly facts: H323Facts = {
    alerted: false,
    fastStartAccepted: false,
    encryption: false,
    refused: [],
    unacknowledged: [],
    pauses: 0,
    unreadable: 0,
  };
  private phase: Phase = 'idle';
  private startedMs = 0;
  private hasMedia = false;
  private readonly limits: H323Timers;
  private readonly ids: CallIds;
  private readonly timers: NamedTimers;
  private readonly log: CallLog;
  private readonly framer = new TpktFramer();
  private readonly control: H245Session;
  private readonly path: ControlPath;

  constructor(
    private readonly config: H323Config,
    private readonly deps: H323Deps,
  ) {
    const { scheduler, random, wire } = deps;
    const { facts } = this;
    this.limits = { ...H323_TIMERS, ...config.timers };
    this.ids = config.ids ?? newCallIds(random);
    this.timers = new NamedTimers(scheduler);
    this.log = new CallLog(scheduler, (entry) => deps.onMessage?.(entry));
    this.control = new H245Session(
      { ...config, controlMs: this.limits.controlMs },
      {
        scheduler,
        random,
        facts,
        send: (message) => this.sendControl(message),
        onEvent: (event) => this.onControl(event),
      },
    );
    this.path = new ControlPath(config, {
      wire,
      facts,
      sendTunnelled: (control) => wire.sendSignalling(formatTpkt(tunnelMessage(this.ids, [control]))),
      onMessage: (message) => this.receiveControl(message),
      onOpen: () => this.onControlOpen(),
    });
  }

  get ladder(): LadderEntry[] {
    return this.log.entries;
  }

  get finished(): boolean {
    return this.phase === 'finished';
  }

  /** The signalling connection is up. */
  start(): void {
    if (this.phase !== 'idle') return;
    this.phase = 'calling';
    this.startedMs = this.deps.scheduler.monotonicMs();
    const proposals = this.config.fastStart ? fastStartProposals(this.config) : [];
    const { alias, remoteAddress, remotePort } = this.config;
    this.log.note('sent', signallingName(Q931_TYPES.setup), { to: `${remoteAddress}:${remotePort}`, alias, ...this.ids });
    this.timers.set('answer', this.limits.firstAnswerMs, () => this.fail({ kind: 'hung', after: 'setup' }));
    this.timers.set('setup', this.limits.setupMs, () => this.onSetupTimeout());
    this.deps.wire.sendSignalling(formatTpkt(setupMessage(this.config, this.ids, proposals)));
  }

  receiveSignalling(chunk: Uint8Array): void {
    for (const packet of this.framer.push(chunk)) {
      const message = packet.ok ? parseSignalling(packet.value) : packet;
      if (this.phase === 'idle' || this.phase === 'finished') return;
      if (message.ok) this.receive(message.value);
      else this.onGarbage(message.error);
    }
  }

  signallingFailed(failure: H323TransportFailure): void {
    if (this.phase === 'releasing') return this.finish();
    if (this.phase === 'connected') this.end('peer', 'connection-lost');
    else if (this.isSettingUp) this.fail({ kind: 'transport', failure });
    this.finish();
  }

  h245Opened(): void {
    if (this.isSettingUp || this.phase === 'connected') this.path.opened();
  }

  h245Failed(failure: H323TransportFailure): void {
    this.path.failed(failure);
    if (this.phase !== 'connected') return;
    if (this.control.running) this.end('peer', 'connection-lost');
    else if (!this.hasMedia) this.fail({ kind: 'h245-blocked', failure });
  }

  receiveH245(chunk: Uint8Array): void {
    if (this.isSettingUp || this.phase === 'connected' || this.phase === 'releasing') this.path.receiveSeparate(chunk);
  }

  /** Asks the far end for a keyframe, where RTCP brought none. */
  requestKeyframe(): void {
    this.control.requestKeyframe();
  }

  hangUp(): void {
    if (this.phase === 'idle') {
      this.tellEnd('us');
      this.finish();
    } else if (this.isSettingUp || this.phase === 'connected') this.end('us');
  }

  private get isSettingUp(): boolean {
    return this.phase === 'calling' || this.phase === 'proceeding' || this.phase === 'alerting';
  }

  private get isOver(): boolean {
    return this.phase === 'releasing' || this.phase === 'finished';
  }

  private receive(message: SignallingMessage): void {
    if (message.callReference !== this.ids.callReference) return;
    this.log.note('received', signallingName(message.type), { cause: causeOf(message), pdu: message.pdu });
    const pdu = message.pdu?.ok ? message.pdu.value : undefined;
    if (message.pdu && !pdu) this.facts.unreadable++;
    if (message.type === Q931_TYPES.releaseComplete) return this.onRelease(message, pdu);
    if (this.isOver) return;
    this.facts.display ??= displayOf(message);
    const news = pdu ? newsOf(pdu['h323-message-body']) : {};
    this.advance(message.type, news);
    if (pdu && !this.isOver && !this.wasForwarded(pdu)) this.learn(pdu, news);
  }

  /** What the type of a message says, even where its contents cannot be read. */
  private advance(type: number, { conferenceID, destinationInfo }: News): void {
    if (this.phase === 'calling' && type !== Q931_TYPES.connect) this.proceed();
    if (type === Q931_TYPES.alerting) this.ring();
    if (destinationInfo) this.noteProduct(destinationInfo);
    if (type !== Q931_TYPES.connect || !this.isSettingUp) return;
    this.phase = 'connected';
    this.timers.cancel('answer', 'ring');
    const setupMs = this.deps.scheduler.monotonicMs() - this.startedMs;
    this.facts.setupMs = setupMs;
    this.deps.onEvent({ type: 'answered', setupMs });
    this.control.callAnswered();
    const isOther = conferenceID && !Buffer.from(conferenceID).equals(this.ids.conferenceID);
    if (isOther) this.noteConference('conference-id');
    else if (destinationInfo?.mcu) this.noteConference('mcu');
  }

  private proceed(): void {
    this.phase = 'proceeding';
    this.timers.set('answer', this.limits.proceedingMs, () => this.fail({ kind: 'hung', after: 'proceeding' }));
    this.deps.onEvent({ type: 'proceeding' });
  }

  private ring(): void {
    this.facts.alerted = true;
    if (this.phase !== 'proceeding') return;
    this.phase = 'alerting';
    this.timers.cancel('answer');
    this.timers.set('ring', this.config.ringMs, () => this.fail({ kind: 'rang-out' }));
    this.deps.onEvent({ type: 'alerting' });
  }

  private noteProduct(destinationInfo: EndpointType): void {
    const { product, version } = productOf(destinationInfo);
    this.facts.product ??= product;
    this.facts.version ??= version;
  }

  private learn(pdu: H323UuPdu, news: News): void {
    if (news.fastStart) this.acceptFastStart(news.fastStart);
    this.path.learn(pdu.h245Tunnelling, news.h245Address);
    if (pdu.h245Control) this.path.receiveTunnelled(pdu.h245Control);
    this.startControl();
    if (this.phase !== 'connected' || this.hasMedia) return;
    const { blocked } = this.path;
    if (blocked && blocked !== 'not-offered') this.fail({ kind: 'h245-blocked', failure: blocked });
  }

  /** The first answer counts, in whatever message it comes; a far end may ignore it wholly. */
  private acceptFastStart(answer: Uint8Array[]): void {
    if (!this.config.fastStart || this.facts.fastStartAccepted) return;
    const streams = acceptedStreams(answer, this.config);
    if (streams.length === 0) return;
    this.facts.fastStartAccepted = true;
    this.control.adopt(streams);
  }

  /** While fastStart may still be taken, H.245 would withdraw it (H.323 section 8.1.7): it waits for CONNECT. */
  private startControl(): void {
    const mayStart = this.phase === 'connected' || (this.isSettingUp && !this.config.fastStart);
    if (mayStart && this.path.isOpen) this.control.start();
  }

  private onControlOpen(): void {
    this.control.repeat();
    this.startControl();
  }

  private sendControl(message: MultimediaSystemControlMessage): void {
    this.log.note('sent', controlName(message), message);
    this.path.send(message);
  }

  private receiveControl(message: MultimediaSystemControlMessage): void {
    this.log.note('received', controlName(message), message);
    if (!this.isOver) this.control.receive(message);
  }

  private onControl(event: H245Event): void {
    if (event.type === 'media') this.onMedia(event);
    else if (event.type === 'keyframe-wanted') this.deps.onEvent(event);
    else if (event.type === 'conference') this.noteConference(event.how);
    else if (event.type === 'end-session') this.end('peer', 'end-session');
    else if (this.hasMedia) return;
    else if (event.type === 'hung') this.fail({ kind: 'h245-hung', waitingFor: event.waitingFor });
    else this.fail({ kind: 'no-common-codec' });
  }

  private onMedia(event: Extract<H245Event, { type: 'media' }>): void {
    if (event.streams.length > 0) this.hasMedia = true;
    if (this.hasMedia && this.phase === 'connected') this.timers.cancel('setup');
    if (this.hasMedia) this.deps.onEvent(event);
  }

  private onSetupTimeout(): void {
    if (this.phase === 'alerting') return this.fail({ kind: 'rang-out' });
    if (this.isSettingUp) return this.fail({ kind: 'hung', after: this.phase === 'calling' ? 'setup' : 'proceeding' });
    if (this.hasMedia) return;
    const failure = this.path.blocked;
    this.fail(failure ? { kind: 'h245-blocked', failure } : { kind: 'h245-hung', waitingFor: 'start' });
  }

  /** Do no harm: others may be in that room's call. A far end that was meant to be an MCU is one. */
  private noteConference(how: NonNullable<H323Facts['conference']>): void {
    this.facts.conference ??= how;
    if (!this.config.conferenceExpected) this.end('us', 'conference');
  }

  /** FACILITY that sends us elsewhere: told, never followed. An answered call that is to move is a conference or stays. */
  private wasForwarded({ 'h323-message-body': body }: H323UuPdu): boolean {
    const reason = 'facility' in body ? forwardReasonOf(body.facility) : undefined;
    if (!reason || !('facility' in body)) return false;
    if (this.phase === 'connected') {
      if (reason === 'routeCallToMC') this.noteConference('mcu');
      return this.isOver;
    }
    const { alternativeAddress, alternativeAliasAddress } = body.facility;
    const address = signalPlaceOf(alternativeAddress);
    this.fail({ kind: 'forwarded', reason, address, alias: aliasText(alternativeAliasAddress) });
    return true;
  }

  private onRelease(message: SignallingMessage, pdu: H323UuPdu | undefined): void {
    const body = pdu?.['h323-message-body'];
    const given = body && 'releaseComplete' in body ? body.releaseComplete.reason : undefined;
    const reason = given && (Object.keys(given)[0] as string);
    const cause = causeOf(message);
    this.facts.cause = cause;
    this.facts.reason = reason;
    if (reason === 'securityDenied' || reason === 'securityError') this.facts.encryption = true;
    const before = this.phase;
    this.phase = 'releasing';
    if (before === 'connected') this.tellEnd('peer', 'released');
    else if (before !== 'releasing') this.deps.onEvent({ type: 'failed', failure: { kind: 'released', cause, reason } });
    this.finish();
  }

  private onGarbage(message: string): void {
    this.facts.unreadable++;
    if (this.isSettingUp) this.fail({ kind: 'protocol', message });
    else if (this.framer.broken && this.phase === 'connected') this.end('peer', 'connection-lost');
  }

  private fail(failure: H323Failure): void {
    if (this.isOver) return;
    this.release();
    this.deps.onEvent({ type: 'failed', failure });
  }

  private end(by: 'us' | 'peer', why?: EndReason): void {
    if (this.isOver) return;
    this.release();
    this.tellEnd(by, why);
  }

  private tellEnd(by: 'us' | 'peer', why?: EndReason): void {
    this.deps.onEvent({ type: 'ended', by, why });
  }

  private release(): void {
    this.control.end();
    this.phase = 'releasing';
    this.timers.cancelAll();
    this.log.note('sent', signallingName(Q931_TYPES.releaseComplete), { cause: NORMAL_CLEARING });
    this.deps.wire.sendSignalling(formatTpkt(releaseMessage(this.ids, NORMAL_CLEARING, this.path.tunnels)));
    this.timers.set('release', this.limits.releaseMs, () => this.finish());
  }

  private finish(): void {
    if (this.phase === 'finished') return;
    this.phase = 'finished';
    this.timers.cancelAll();
    this.control.stop();
    this.deps.wire.close();
    this.deps.onEvent({ type: 'finished' });
  }
}

function forwardReasonOf({ reason }: Facility): Extract<H323Failure, { kind: 'forwarded' }>['reason'] | undefined {
  if ('callForwarded' in reason) return 'callForwarded';
  if ('routeCallToGatekeeper' in reason) return 'routeCallToGatekeeper';
  return 'routeCallToMC' in reason ? 'routeCallToMC' : undefined;
}
