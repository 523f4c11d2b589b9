/**
 * H.245 as a simulated device speaks it: what the captured stacks said, in the order in which they said it. No state machine of
 * the product has a part in it.
 *
 *   capabilities and master/slave begin at once; when ours are acknowledged, theirs are here and, of a stack that insists, the
 *   master is known: our channels. A channel of the caller is answered as it comes. endSession is answered by endSession.
 */
import type { Cancel, Scheduler } from '../../common/clock.js';
import type { RandomSource } from '../../common/random.js';
import { contentOf, placeOf } from '../../protocols/h323/media-codecs.js';
import type { OpenLogicalChannel, OpenLogicalChannelAck } from '../../protocols/h323/messages/h245-channel.js';
import type { MasterSlaveDetermination } from '../../protocols/h323/messages/h245-control.js';
import {
  MultimediaSystemControlMessage,
  type CommandMessage,
  type RequestMessage,
  type ResponseMessage,
} from '../../protocols/h323/messages/h245-message.js';
import { decodePer, encodePer } from '../../protocols/h323/per/schema.js';
import type { BehaviourSource } from '../media/media-stream.js';
import type { CallChannels, Medium } from './call-channels.js';
import { CAPTURED, filled, placeOctets, type CapturedStack } from './captured.js';
import { capabilitiesOf, openVideoOf } from './device-codecs.js';

export interface ControlTools {
  address: string;
  stack: CapturedStack;
  behaviour: BehaviourSource;
  random: RandomSource;
  scheduler: Scheduler;
  /** H.245 messages that belong together */
  send(...messages: Uint8Array[]): void;
}

const HALF_CIRCLE = 0x800000;
const HOLD_MS = 2000;
const SEQUENCE_AT = 2;

export class ControlScript {
  private readonly number: number;
  private readonly received: Uint8Array[] = [];
  private channels: CallChannels | undefined;
  private readonly progress = { capabilitiesTaken: false, theirCapabilities: false, master: false, masterAnswered: false };
  private sequence = 1;
  private readonly opened = new Set<Medium>();
  private readonly theirChannels = new Map<number, Medium>();
  private ended = false;
  /** the caller closed H.245 in order */
  endSessionHeard = false;
  private cancelOddity: Cancel | undefined;

  constructor(private readonly tools: ControlTools) {
    this.number = tools.random.uint32() & 0xffffff;
  }

  /** What the device says first. */
  opening(): Uint8Array[] {
    const { terminalType } = this.tools.stack;
    const masterSlaveDetermination = { terminalType, statusDeterminationNumber: this.number };
    return [this.capabilities(), encoded({ request: { masterSlaveDetermination } })];
  }

  /** From now on the caller is listened to; what came before is heard now. */
  begin(channels: CallChannels): void {
    this.channels = channels;
    for (const octets of this.received.splice(0)) this.hear(octets, channels);
  }

  /** Media that a fast start opened are not opened again. */
  markOpened(medium: Medium): void {
    this.opened.add(medium);
  }

  receive(octets: Uint8Array): void {
    if (this.channels) this.hear(octets, this.channels);
    else this.received.push(octets);
  }

  /** The call is answered. */
  connected(): void {
    const { h323InCall, h323Conference } = this.tools.behaviour();
    if (h323Conference === 'terminal-number') {
      this.say({ indication: { conferenceIndication: { terminalNumberAssign: { mcuNumber: 1, terminalNumber: 3 } } } });
    }
    if (h323Conference === 'mc-location')
      this.say({ indication: { mcLocationIndication: { signalAddress: this.signalAddress() } } });
    if (h323InCall) this.later(h323InCall.afterS * 1000, () => this.beOdd(h323InCall.does));
  }

  end(): void {
    this.ended = true;
    this.cancelOddity?.();
  }

  private hear(octets: Uint8Array, channels: CallChannels): void {
    const message = decodePer(MultimediaSystemControlMessage, octets);
    if (!message.ok || this.ended) return;
    const { value } = message;
    if ('request' in value) this.answer(value.request, channels);
    else if ('response' in value) this.note(value.response, channels);
    else if ('command' in value) this.obey(value.command, channels);
  }

  private answer(request: RequestMessage, channels: CallChannels): void {
    if ('terminalCapabilitySet' in request) this.takeCapabilities(request.terminalCapabilitySet.sequenceNumber);
    else if ('masterSlaveDetermination' in request) this.determine(request.masterSlaveDetermination);
    else if ('openLogicalChannel' in request) this.answerChannel(request.openLogicalChannel, channels);
    else if ('roundTripDelayRequest' in request)
      this.say({ response: { roundTripDelayResponse: request.roundTripDelayRequest } });
    else if ('closeLogicalChannel' in request) this.close(request.closeLogicalChannel.forwardLogicalChannelNumber, channels);
    this.openWhenReady(channels);
  }

  private note(response: ResponseMessage, channels: CallChannels): void {
    if ('terminalCapabilitySetAck' in response) this.capabilitiesTaken();
    else if ('masterSlaveDeterminationAck' in response) this.acknowledged(response.masterSlaveDeterminationAck.decision);
    else if ('openLogicalChannelAck' in response) this.startSending(response.openLogicalChannelAck, channels);
    this.openWhenReady(channels);
  }

  private obey(command: CommandMessage, channels: CallChannels): void {
    if ('endSessionCommand' in command) {
      this.endSessionHeard = true;
      this.tools.send(filled(CAPTURED.endSession));
      this.end();
    } else if ('miscellaneousCommand' in command && 'videoFastUpdatePicture' in command.miscellaneousCommand.type) {
      channels.requestKeyframe();
    }
  }

  private takeCapabilities(sequenceNumber: number): void {
    this.progress.theirCapabilities = true;
    this.say({ response: { terminalCapabilitySetAck: { sequenceNumber } } });
  }

  private capabilitiesTaken(): void {
    // Asterisk measures the way as soon as its capabilities have been taken
    if (!this.progress.capabilitiesTaken && !this.tools.stack.insistsOnMaster) {
      this.tools.send(filled(CAPTURED.roundTripDelayRequest));
    }
    this.progress.capabilitiesTaken = true;
  }

  /** H.245 annex C.2.4: the larger terminal type, else whose number is ahead on the circle. The answer names the caller's role. */
  private determine({ terminalType, statusDeterminationNumber }: MasterSlaveDetermination): void {
    const ours = this.tools.stack.terminalType;
    const ahead = (statusDeterminationNumber - this.number) & 0xffffff;
    const weAreMaster = terminalType === ours ? ahead < HALF_CIRCLE : ours > terminalType;
    this.progress.masterAnswered = true;
    this.tools.send(filled(weAreMaster ? CAPTURED.slaveAck : CAPTURED.masterAck));
  }

  private acknowledged(ours: { master: null } | { slave: null }): void {
    this.progress.master = true;
    if (this.progress.masterAnswered) return;
    this.progress.masterAnswered = true;
    this.tools.send(filled('master' in ours ? CAPTURED.slaveAck : CAPTURED.masterAck));
  }

  private answerChannel(open: OpenLogicalChannel, channels: CallChannels): void {
    const { h323Acknowledges, h323Encrypted } = this.tools.behaviour();
    const channel = open.forwardLogicalChannelNumber;
    const { dataType, multiplexParameters } = open.forwardLogicalChannelParameters;
    const content = contentOf(dataType);
    const parameters =
      'h2250LogicalChannelParameters' in multiplexParameters ? multiplexParameters.h2250LogicalChannelParameters : undefined;
    // H323Plus says nothing at all to a channel that names no place for reports
    if (!h323Acknowledges || !parameters?.mediaControlChannel) return;
    if (h323Encrypted) return this.reject(channel, { securityDenied: null });
    if (!content.codec || !this.takes(content.codec)) return this.reject(channel, { dataTypeNotSupported: null });
    const { medium, codec } = content;
    const payloadType = parameters.dynamicRTPPayloadType ?? (codec === 'PCMU' ? 0 : codec === 'PCMA' ? 8 : this.videoPayloadType);
    this.theirChannels.set(channel, medium);
    channels.receive(medium, payloadType, placeOf(parameters.mediaControlChannel));
    const { ackAudio, ackVideo } = this.tools.stack;
    this.tools.send(filled(medium === 'audio' ? ackAudio : ackVideo, { channel, ...this.holes(medium, channels) }));
  }

  private reject(channel: number, cause: { securityDenied: null } | { dataTypeNotSupported: null }): void {
    this.say({ response: { openLogicalChannelReject: { forwardLogicalChannelNumber: channel, cause } } });
  }

  private takes(codec: string): boolean {
    return (
      codec === 'PCMA' || codec === 'PCMU' || (codec === this.tools.behaviour().h323Device.takes && this.tools.behaviour().video)
    );
  }

  private openWhenReady(channels: CallChannels): void {
    const { capabilitiesTaken, theirCapabilities, master } = this.progress;
    const { stack } = this.tools;
    if (!capabilitiesTaken || !theirCapabilities || (stack.insistsOnMaster && !master) || this.ended) return;
    const { h323Encrypted, h323Device, video } = this.tools.behaviour();
    if (h323Encrypted) return this.openOne('audio', CAPTURED.openEncrypted, channels);
    this.openOne('audio', stack.openAudio, channels);
    if (video) this.openOne('video', openVideoOf(stack, h323Device), channels);
  }

  private openOne(medium: Medium, template: string, channels: CallChannels): void {
    if (this.opened.has(medium)) return;
    this.opened.add(medium);
    this.tools.send(filled(template, { channel: this.channelOf(medium), ...this.holes(medium, channels) }));
  }

  private startSending(
    { forwardLogicalChannelNumber, forwardMultiplexAckParameters: forward }: OpenLogicalChannelAck,
    channels: CallChannels,
  ): void {
    const medium = (['audio', 'video'] as const).find((one) => this.channelOf(one) === forwardLogicalChannelNumber);
    if (!medium || !forward || !('h2250LogicalChannelAckParameters' in forward)) return;
    const { mediaChannel, mediaControlChannel } = forward.h2250LogicalChannelAckParameters;
    const rtp = placeOf(mediaChannel);
    if (rtp) channels.send(medium, rtp, placeOf(mediaControlChannel));
    // as H323Plus asks for a picture to begin with
    if (medium === 'video' && this.tools.stack.insistsOnMaster) this.askForPicture();
  }

  private askForPicture(): void {
    for (const [channel, medium] of this.theirChannels) {
      if (medium === 'video') this.tools.send(filled(CAPTURED.fastUpdate, { channel }));
    }
  }

  private close(channel: number, channels: CallChannels): void {
    const medium = this.theirChannels.get(channel);
    this.theirChannels.delete(channel);
    if (medium) channels.stopReceiving(medium);
    this.tools.send(filled(CAPTURED.closeLogicalChannelAck, { channel }));
  }

  private beOdd(does: 'hold' | 'request-close' | 'flow-stop'): void {
    if (does === 'hold') return this.hold();
    for (const channel of this.theirChannels.keys()) {
      if (does === 'request-close') this.tools.send(filled(CAPTURED.requestChannelClose, { channel }));
      else
        this.say({
          command: { flowControlCommand: { scope: { logicalChannelNumber: channel }, restriction: { maximumBitRate: 0 } } },
        });
    }
  }

  /** Third-party initiated pause (H.323 section 8.4.6): an empty set, and a whole one when it is over. */
  private hold(): void {
    const protocolIdentifier = '0.0.8.245.0.7';
    this.say({ request: { terminalCapabilitySet: { sequenceNumber: ++this.sequence, protocolIdentifier } } });
    this.later(HOLD_MS, () => {
      this.sequence++;
      this.tools.send(this.capabilities());
    });
  }

  private later(delayMs: number, run: () => void): void {
    this.cancelOddity = this.tools.scheduler.after(delayMs, () => {
      if (!this.ended) run();
    });
  }

  private capabilities(): Uint8Array {
    const { stack, behaviour } = this.tools;
    const octets = capabilitiesOf(stack, behaviour());
    octets[SEQUENCE_AT] = this.sequence;
    return octets;
  }

  private channelOf(medium: Medium): number {
    const { firstChannel } = this.tools.stack;
    return medium === 'audio' ? firstChannel : firstChannel + 1;
  }

  private get videoPayloadType(): number {
    return this.tools.stack.videoPayloadType;
  }

  private holes(medium: Medium, channels: CallChannels): { rtp: string; rtcp: string } {
    const { rtp, rtcp } = channels.portsOf(medium);
    const { address } = this.tools;
    return { rtp: placeOctets(address, rtp), rtcp: placeOctets(address, rtcp) };
  }

  private signalAddress() {
    const network = Uint8Array.from(this.tools.address.split('.').map(Number));
    return { unicastAddress: { iPAddress: { network, tsapIdentifier: 1720 } } };
  }

  private say(message: MultimediaSystemControlMessage): void {
    this.tools.send(encoded(message));
  }
}

const encoded = (message: MultimediaSystemControlMessage): Uint8Array => encodePer(MultimediaSystemControlMessage, message);
