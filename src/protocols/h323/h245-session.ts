/**
 * H.245 of one call (H.323 section 8.2, H.245 section 6), the same whether it comes in a tunnel or over a connection of its
 * own: messages in, messages and events out.
 *
 *   start --> capability sets cross, master and slave are found --> our channels are opened --> media
 *                    ^                                                    |
 *                    +-- empty capability set: a pause by a third party --+
 *
 * It may begin while the room still rings; it is waited for, and channels are opened, from the answer on. A far end that never begins the determination of master and slave gets our channels when its timer is out: ooh323c opens
 * its own without, H323Plus opens nothing before it.
 */
import type { Scheduler } from '../../common/clock.js';
import type { RandomSource } from '../../common/random.js';
import { NamedTimers } from '../sip/transaction/timers.js';
import type { ControlStep, H323Config, H323Facts, H323Stream } from './call-types.js';
import { capabilitySet, sendableTo, type Sendable } from './h245-capabilities.js';
import { IncomingChannels } from './incoming-channels.js';
import { MasterSlave } from './master-slave.js';
import type { TerminalCapabilitySet } from './messages/h245-capability.js';
import type { MaintenanceLoopRequest } from './messages/h245-control.js';
import type {
  CommandMessage,
  IndicationMessage,
  MultimediaSystemControlMessage,
  RequestMessage,
  ResponseMessage,
} from './messages/h245-message.js';
import { OutgoingChannels } from './outgoing-channels.js';
import { RoundTrips } from './round-trips.js';

export type H245Event =
  | { type: 'media'; streams: H323Stream[] }
  | { type: 'keyframe-wanted' }
  | { type: 'hung'; waitingFor: ControlStep }
  | { type: 'no-common-codec' }
  | { type: 'conference'; how: NonNullable<H323Facts['conference']> }
  | { type: 'end-session' };

export interface H245Deps {
  scheduler: Scheduler;
  random: RandomSource;
  facts: H323Facts;
  send(message: MultimediaSystemControlMessage): void;
  onEvent(event: H245Event): void;
}

/** A far end may ask for our capability set again (sendTerminalCapabilitySet); one that never stops gets no more. */
const MAX_CAPABILITY_SETS = 4;

export class H245Session {
  private phase: 'idle' | 'running' | 'ended' = 'idle';
  private readonly timers: NamedTimers;
  private readonly masterSlave: MasterSlave;
  private readonly outgoing: OutgoingChannels;
  private readonly incoming: IncomingChannels;
  private readonly roundTrips: RoundTrips;
  private setsSent = 0;
  private setAcknowledged = false;
  private theirs?: Sendable;
  private undecided = true;
  private answered = false;

  constructor(
    private readonly config: H323Config & { controlMs: number },
    private readonly deps: H245Deps,
  ) {
    const { scheduler, random, facts } = deps;
    const send = (message: MultimediaSystemControlMessage): void => deps.send(message);
    const onChange = (): void => this.tellMedia();
    this.timers = new NamedTimers(scheduler);
    this.masterSlave = new MasterSlave(random, send);
    this.outgoing = new OutgoingChannels(config, { scheduler, facts, send, onChange });
    this.incoming = new IncomingChannels(config, { facts, send, onChange });
    this.roundTrips = new RoundTrips(scheduler, facts, send);
  }

  get streams(): H323Stream[] {
    return [...this.outgoing.streams, ...this.incoming.streams];
  }

  get running(): boolean {
    return this.phase === 'running';
  }

  start(): void {
    if (this.phase !== 'idle') return;
    this.phase = 'running';
    this.introduce();
    if (this.answered) this.limitWaiting();
  }

  /** The call was answered: from now on H.245 may be expected to go on, and channels are opened. */
  callAnswered(): void {
    this.answered = true;
    if (this.phase === 'running') this.limitWaiting();
    this.openChannels();
  }

  /** The way to the far end is another one: what went out on the old may never have arrived. */
  repeat(): void {
    if (this.phase === 'running') this.introduce();
  }

  /** What fastStart agreed on stands before the first message. */
  adopt(streams: H323Stream[]): void {
    for (const stream of streams) {
      if (stream.direction === 'send') this.outgoing.adopt(stream);
      else this.incoming.adopt(stream);
    }
    this.tellMedia();
  }

  receive(message: MultimediaSystemControlMessage): void {
    if (this.phase === 'ended') return;
    if ('request' in message) this.onRequest(message.request);
    else if ('response' in message) this.onResponse(message.response);
    else if ('command' in message) this.onCommand(message.command);
    else if ('indication' in message) this.onIndication(message.indication);
  }

  /** Asks the far end for a keyframe of its video (annex B.13). */
  requestKeyframe(): void {
    const logicalChannelNumber = this.incoming.channelOf('video');
    if (this.phase !== 'running' || logicalChannelNumber === undefined) return;
    this.deps.send({ command: { miscellaneousCommand: { logicalChannelNumber, type: { videoFastUpdatePicture: null } } } });
  }

  /** Our channels are closed, then the session: nothing is waited for. */
  end(): void {
    if (this.phase === 'running') {
      this.outgoing.closeAll();
      this.deps.send({ command: { endSessionCommand: { disconnect: null } } });
    }
    this.stop();
  }

  stop(): void {
    this.phase = 'ended';
    this.timers.cancelAll();
    this.outgoing.stop();
    this.roundTrips.stop();
  }

  private introduce(): void {
    this.sendCapabilities();
    this.masterSlave.begin();
  }

  private limitWaiting(): void {
    this.timers.set('capabilities', this.config.controlMs, () => this.onCapabilitiesTimeout());
    this.timers.set('master-slave', this.config.controlMs, () => this.onMasterSlaveTimeout());
  }

  private onRequest(request: RequestMessage): void {
    if ('masterSlaveDetermination' in request) {
      this.masterSlave.determine(request.masterSlaveDetermination);
      this.noteRole();
    } else if ('terminalCapabilitySet' in request) this.onCapabilities(request.terminalCapabilitySet);
    else if ('openLogicalChannel' in request) this.onOpen(request);
    else if ('closeLogicalChannel' in request) this.incoming.closed(request.closeLogicalChannel.forwardLogicalChannelNumber);
    else if ('requestChannelClose' in request) this.onCloseAsked(request.requestChannelClose.forwardLogicalChannelNumber);
    else if ('roundTripDelayRequest' in request) {
      const { sequenceNumber } = request.roundTripDelayRequest;
      this.deps.send({ response: { roundTripDelayResponse: { sequenceNumber } } });
    } else if ('maintenanceLoopRequest' in request) this.refuseLoop(request.maintenanceLoopRequest);
  }

  private onResponse(response: ResponseMessage): void {
    if ('terminalCapabilitySetAck' in response) this.onCapabilitiesAcknowledged();
    else if ('masterSlaveDeterminationAck' in response) {
      this.masterSlave.acknowledgedAs('master' in response.masterSlaveDeterminationAck.decision ? 'master' : 'slave');
      this.noteRole();
    } else if ('masterSlaveDeterminationReject' in response) this.masterSlave.rejected();
    else if ('openLogicalChannelAck' in response) this.outgoing.acknowledged(response.openLogicalChannelAck);
    else if ('openLogicalChannelReject' in response) {
      const { forwardLogicalChannelNumber, cause } = response.openLogicalChannelReject;
      this.outgoing.rejected(forwardLogicalChannelNumber, Object.keys(cause)[0] ?? '');
    } else if ('roundTripDelayResponse' in response) this.roundTrips.answered(response.roundTripDelayResponse.sequenceNumber);
  }

  private onCommand(command: CommandMessage): void {
    if ('endSessionCommand' in command) this.deps.onEvent({ type: 'end-session' });
    else if ('flowControlCommand' in command) this.outgoing.limit(command.flowControlCommand);
    else if ('sendTerminalCapabilitySet' in command) this.sendCapabilities();
    else if ('miscellaneousCommand' in command) {
      const { type } = command.miscellaneousCommand;
      const wantsKeyframe = 'videoFastUpdatePicture' in type || 'videoFastUpdateGOB' in type;
      if (wantsKeyframe) this.deps.onEvent({ type: 'keyframe-wanted' });
      if ('multipointModeCommand' in type) this.tellConference('multipoint');
    }
  }

  private onIndication(indication: IndicationMessage): void {
    if ('mcLocationIndication' in indication) this.tellConference('mc-location');
    else if ('conferenceIndication' in indication && 'terminalNumberAssign' in indication.conferenceIndication) {
      this.tellConference('terminal-number');
    } else if ('miscellaneousIndication' in indication && 'multipointConference' in indication.miscellaneousIndication.type) {
      this.tellConference('multipoint');
    }
  }

  private onCapabilities(set: TerminalCapabilitySet): void {
    this.deps.send({ response: { terminalCapabilitySetAck: { sequenceNumber: set.sequenceNumber } } });
    // one that begins before our own start is answered in full: it waits for our set
    this.start();
    if (!set.capabilityTable) return this.pause();
    this.theirs = sendableTo(set);
    const { encryption, h264Level, video } = this.theirs;
    if (encryption) this.deps.facts.encryption = true;
    this.deps.facts.takesVideo = h264Level !== undefined ? 'H264' : video ? 'other' : 'none';
    this.openChannels();
  }

  /** An empty set (H.323 section 8.4.6): send nothing until the next one. */
  private pause(): void {
    this.theirs = undefined;
    this.deps.facts.pauses++;
    this.outgoing.closeAll();
    this.tellMedia();
  }

  private onCapabilitiesAcknowledged(): void {
    this.setAcknowledged = true;
    this.openChannels();
  }

  private noteRole(): void {
    const { role } = this.masterSlave;
    if (!role) return;
    this.deps.facts.role = role;
    this.timers.cancel('master-slave');
    this.undecided = false;
    this.openChannels();
  }

  private openChannels(): void {
    if (!this.theirs || !this.setAcknowledged || this.undecided || !this.answered || this.phase !== 'running') return;
    this.timers.cancel('capabilities');
    this.roundTrips.begin();
    const { theirs } = this;
    const common = theirs.audioCodecs.filter((codec) => this.config.audioCodecs.includes(codec));
    // sound is sent as it comes where both ways are possible: one codec for a medium is all that a media worker has
    const audio = common.find((codec) => codec === this.incoming.codecOf('audio')) ?? common[0];
    if (audio) this.outgoing.open('audio', audio);
    const sendsVideo = theirs.h264Level !== undefined && this.config.videoCodecs.includes('H264');
    if (sendsVideo) this.outgoing.open('video', 'H264', theirs.h264Level);
    this.timers.set('channels', this.config.controlMs, () => this.onChannelsTimeout(!audio && !sendsVideo));
  }

  private onOpen({ openLogicalChannel }: Extract<RequestMessage, { openLogicalChannel: unknown }>): void {
    const videoBefore = this.incoming.channelOf('video');
    this.incoming.asked(openLogicalChannel);
    if (this.incoming.channelOf('video') !== videoBefore) this.requestKeyframe();
  }

  private onCloseAsked(forwardLogicalChannelNumber: number): void {
    this.deps.send({ response: { requestChannelCloseAck: { forwardLogicalChannelNumber } } });
    this.outgoing.closeAsked(forwardLogicalChannelNumber);
  }

  /** We send our own media back to nobody; the type goes back as it came. */
  private refuseLoop({ type }: MaintenanceLoopRequest): void {
    this.deps.send({ response: { maintenanceLoopReject: { type, cause: { canNotPerformLoop: null } } } });
  }

  private sendCapabilities(): void {
    if (this.setsSent >= MAX_CAPABILITY_SETS) return;
    const { audioCodecs, callRateKbps, ports } = this.config;
    const videoCodecs = ports.video ? this.config.videoCodecs : [];
    this.setsSent++;
    const terminalCapabilitySet = capabilitySet(this.setsSent, { audioCodecs, videoCodecs, videoKbps: callRateKbps });
    this.deps.send({ request: { terminalCapabilitySet } });
  }

  private onCapabilitiesTimeout(): void {
    if (!this.theirs || !this.setAcknowledged) this.deps.onEvent({ type: 'hung', waitingFor: 'capabilities' });
  }

  private onMasterSlaveTimeout(): void {
    this.undecided = false;
    this.openChannels();
  }

  /** Behind the timers of the channels themselves, which have noted by now what was not answered. */
  private onChannelsTimeout(nothingToSend: boolean): void {
    if (this.streams.length > 0) return;
    const refused = nothingToSend || this.deps.facts.refused.length > 0;
    this.deps.onEvent(refused ? { type: 'no-common-codec' } : { type: 'hung', waitingFor: 'channels' });
  }

  private tellConference(how: NonNullable<H323Facts['conference']>): void {
    this.deps.onEvent({ type: 'conference', how });
  }

  private tellMedia(): void {
    if (this.phase === 'ended') return;
    this.deps.onEvent({ type: 'media', streams: this.streams });
  }
}
