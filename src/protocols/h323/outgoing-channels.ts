/** The channels that we open: one for each medium, one way each (H.245 section 6.5, annex C.4). */
import type { Cancel, Scheduler } from '../../common/clock.js';
import type { H323Config, H323Facts, H323Stream } from './call-types.js';
import {
  audioCapability,
  dynamicPayloadTypeOf,
  mediaTargetOf,
  payloadTypeOf,
  placeOf,
  transportAddress,
  videoCapability,
  type AudioCodec,
  type MediaTarget,
  type Medium,
} from './media-codecs.js';
import type { DataType, H2250LogicalChannelParameters, OpenLogicalChannelAck } from './messages/h245-channel.js';
import type { FlowControlCommand } from './messages/h245-control.js';
import type { MultimediaSystemControlMessage } from './messages/h245-message.js';

interface Outgoing {
  channel: number;
  medium: Medium;
  codec: AudioCodec | 'H264';
  state: 'opening' | 'open';
  target?: MediaTarget;
  mostKbps?: number;
  /** of the acknowledgement, where it renumbered */
  payloadType: number;
  stopWaiting?: Cancel;
}

export interface OutgoingDeps {
  scheduler: Scheduler;
  facts: H323Facts;
  send(message: MultimediaSystemControlMessage): void;
  /** something that may be sent, or not any more */
  onChange(): void;
}

/** H.323 section 6.2.8.2: the session of sound is 1, that of pictures 2. */
export const SESSION_IDS: Readonly<Record<Medium, number>> = { audio: 1, video: 2 };

type ChannelConfig = Pick<H323Config, 'localAddress' | 'ports' | 'callRateKbps'> & { controlMs: number };

export class OutgoingChannels {
  private channels: Outgoing[] = [];
  private next = 1;
  private readonly retried = new Set<Medium>();

  constructor(
    private readonly config: ChannelConfig,
    private readonly deps: OutgoingDeps,
  ) {}

  get streams(): H323Stream[] {
    return this.channels
      .filter(({ state }) => state === 'open')
      .map(({ channel, medium, codec, payloadType, target, mostKbps }) => {
        return { direction: 'send', medium, channel, codec, payloadType, target, mostKbps };
      });
  }

  has(medium: Medium): boolean {
    return this.channels.some((channel) => channel.medium === medium);
  }

  /** @param h264Level of H.241, what the far end takes */
  open(medium: Medium, codec: Outgoing['codec'], h264Level?: number): void {
    const parameters = this.parametersOf(medium, codec);
    if (this.has(medium) || !parameters) return;
    const opening: Outgoing = { channel: this.next++, medium, codec, state: 'opening', payloadType: payloadTypeOf(codec) };
    opening.stopWaiting = this.deps.scheduler.after(this.config.controlMs, () => this.giveUp(opening));
    this.channels.push(opening);
    const dataType = dataTypeOf(codec, this.config.callRateKbps, h264Level);
    const multiplexParameters = { h2250LogicalChannelParameters: parameters };
    const forwardLogicalChannelParameters = { dataType, multiplexParameters };
    const openLogicalChannel = { forwardLogicalChannelNumber: opening.channel, forwardLogicalChannelParameters };
    this.deps.send({ request: { openLogicalChannel } });
  }

  /** One that fastStart opened, without an exchange. */
  adopt(stream: Extract<H323Stream, { direction: 'send' }>): void {
    if (this.has(stream.medium)) return;
    this.channels.push({ ...stream, state: 'open' });
    this.next = Math.max(this.next, stream.channel + 1);
  }

  acknowledged(ack: OpenLogicalChannelAck): void {
    const opening = this.find(ack.forwardLogicalChannelNumber, 'opening');
    if (!opening) return;
    opening.stopWaiting?.();
    opening.state = 'open';
    const { forwardMultiplexAckParameters: multiplex } = ack;
    if (multiplex && 'h2250LogicalChannelAckParameters' in multiplex) {
      const { mediaChannel, mediaControlChannel, dynamicRTPPayloadType } = multiplex.h2250LogicalChannelAckParameters;
      opening.target = mediaTargetOf(placeOf(mediaChannel), placeOf(mediaControlChannel));
      opening.payloadType = dynamicRTPPayloadType ?? opening.payloadType;
    }
    this.deps.onChange();
  }

  /** @param cause the name in H.245 */
  rejected(channel: number, cause: string): void {
    const opening = this.find(channel, 'opening');
    if (!opening) return;
    this.drop(opening);
    this.deps.facts.refused.push({ by: 'peer', medium: opening.medium, cause });
    const mayRetry = cause === 'masterSlaveConflict' && !this.retried.has(opening.medium);
    this.retried.add(opening.medium);
    if (mayRetry) this.open(opening.medium, opening.codec);
    this.deps.onChange();
  }

  /** requestChannelClose: H323Plus asks for it when it cannot decode what comes. */
  closeAsked(channel: number): boolean {
    const open = this.channels.find((one) => one.channel === channel);
    if (!open) return false;
    this.deps.facts.pauses++;
    this.close(open);
    this.deps.onChange();
    return true;
  }

  closeAll(): void {
    for (const channel of this.channels) this.close(channel);
  }

  /** In units of 100 bit/s; 0 is a pause (annex B.7.4). */
  limit({ scope, restriction }: FlowControlCommand): void {
    const mostKbps = 'maximumBitRate' in restriction ? restriction.maximumBitRate / 10 : undefined;
    const meant = this.channels.filter((one) => !('logicalChannelNumber' in scope) || scope.logicalChannelNumber === one.channel);
    for (const one of meant) one.mostKbps = mostKbps;
    if (meant.length === 0) return;
    if (mostKbps === 0) this.deps.facts.pauses++;
    this.deps.onChange();
  }

  stop(): void {
    for (const { stopWaiting } of this.channels) stopWaiting?.();
  }

  private giveUp(opening: Outgoing): void {
    this.drop(opening);
    this.deps.facts.unacknowledged.push(opening.medium);
    this.deps.onChange();
  }

  private close(one: Outgoing): void {
    this.drop(one);
    const { channel: forwardLogicalChannelNumber } = one;
    this.deps.send({ request: { closeLogicalChannel: { forwardLogicalChannelNumber, source: { lcse: null } } } });
  }

  private drop(one: Outgoing): void {
    one.stopWaiting?.();
    this.channels = this.channels.filter((other) => other !== one);
  }

  private find(channel: number, state: Outgoing['state']): Outgoing | undefined {
    return this.channels.find((one) => one.channel === channel && one.state === state);
  }

  private parametersOf(medium: Medium, codec: Outgoing['codec']): H2250LogicalChannelParameters | undefined {
    const ports = this.config.ports[medium];
    return (
      ports && {
        sessionID: SESSION_IDS[medium],
        mediaControlChannel: transportAddress(this.config.localAddress, ports.rtcp),
        dynamicRTPPayloadType: dynamicPayloadTypeOf(codec),
      }
    );
  }
}

export function dataTypeOf(codec: AudioCodec | 'H264', rateKbps: number, h264Level?: number): DataType {
  return codec === 'H264' ? { videoData: videoCapability(codec, rateKbps, h264Level) } : { audioData: audioCapability(codec) };
}
