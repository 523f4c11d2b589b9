/** The channels that a far end opens to us: acknowledged with our ports, or refused by name (H.245 section 6.5, annex C.4). */
import type { H323Config, H323Facts, H323Stream } from './call-types.js';
import { contentOf, payloadTypeOf, placeOf, transportAddress, type ChannelMedium, type Medium } from './media-codecs.js';
import type { H2250LogicalChannelParameters, OpenLogicalChannel, OpenLogicalChannelReject } from './messages/h245-channel.js';
import type { MultimediaSystemControlMessage } from './messages/h245-message.js';
import { SESSION_IDS } from './outgoing-channels.js';

type Incoming = Extract<H323Stream, { direction: 'receive' }>;
type RejectCause = OpenLogicalChannelReject['cause'];

export interface IncomingDeps {
  facts: H323Facts;
  send(message: MultimediaSystemControlMessage): void;
  onChange(): void;
}

type ChannelConfig = Pick<H323Config, 'localAddress' | 'ports' | 'audioCodecs' | 'videoCodecs'>;

export class IncomingChannels {
  private channels: Incoming[] = [];

  constructor(
    private readonly config: ChannelConfig,
    private readonly deps: IncomingDeps,
  ) {}

  get streams(): H323Stream[] {
    return this.channels;
  }

  codecOf(medium: Medium): Incoming['codec'] | undefined {
    return this.channels.find((one) => one.medium === medium)?.codec;
  }

  channelOf(medium: Medium): number | undefined {
    return this.channels.find((one) => one.medium === medium)?.channel;
  }

  asked(request: OpenLogicalChannel): void {
    const { forwardLogicalChannelNumber: channel } = request;
    const { dataType, multiplexParameters } = request.forwardLogicalChannelParameters;
    const parameters =
      'h2250LogicalChannelParameters' in multiplexParameters ? multiplexParameters.h2250LogicalChannelParameters : undefined;
    const content = contentOf(dataType);
    if (content.medium === 'encrypted') this.deps.facts.encryption = true;
    if (!parameters || content.codec === undefined) return this.reject(channel, content.medium, { dataTypeNotSupported: null });
    if (request.reverseLogicalChannelParameters)
      return this.reject(channel, content.medium, { unsuitableReverseParameters: null });
    if (!this.takes(content)) return this.reject(channel, content.medium, { dataTypeNotSupported: null });
    const known = this.channels.find((one) => one.medium === content.medium);
    if (known && known.channel !== channel) return this.reject(channel, content.medium, { dataTypeNotAvailable: null });
    this.accept(channel, content, parameters);
  }

  /** One that fastStart opened, without an exchange. */
  adopt(stream: Incoming): void {
    if (this.channelOf(stream.medium) === undefined) this.channels.push(stream);
  }

  closed(channel: number): void {
    this.channels = this.channels.filter((one) => one.channel !== channel);
    this.deps.send({ response: { closeLogicalChannelAck: { forwardLogicalChannelNumber: channel } } });
    this.deps.onChange();
  }

  private takes(content: ChannelMedium): boolean {
    if (content.medium === 'audio') return this.config.audioCodecs.includes(content.codec);
    return this.config.ports.video !== undefined && this.config.videoCodecs.includes(content.codec);
  }

  private accept(channel: number, content: ChannelMedium, parameters: H2250LogicalChannelParameters): void {
    const { medium, codec } = content;
    const { mediaControlChannel, dynamicRTPPayloadType, sessionID } = parameters;
    const stream: Incoming = {
      direction: 'receive',
      medium,
      channel,
      codec,
      payloadType: payloadTypeOf(codec, dynamicRTPPayloadType),
      rtcp: placeOf(mediaControlChannel),
    };
    this.channels = [...this.channels.filter((one) => one.medium !== medium), stream];
    this.acknowledge(stream, sessionID === 0 ? SESSION_IDS[medium] : sessionID);
    this.deps.onChange();
  }

  /** A slave that leaves the session open with 0 is told which one it is. */
  private acknowledge({ medium, channel }: Incoming, sessionID: number): void {
    const ports = this.config.ports[medium];
    if (!ports) return;
    const h2250LogicalChannelAckParameters = {
      sessionID,
      mediaChannel: transportAddress(this.config.localAddress, ports.rtp),
      mediaControlChannel: transportAddress(this.config.localAddress, ports.rtcp),
    };
    const forwardMultiplexAckParameters = { h2250LogicalChannelAckParameters };
    const openLogicalChannelAck = { forwardLogicalChannelNumber: channel, forwardMultiplexAckParameters };
    this.deps.send({ response: { openLogicalChannelAck } });
  }

  private reject(channel: number, medium: Medium | 'other' | 'encrypted', cause: RejectCause): void {
    const [name = ''] = Object.keys(cause);
    const { refused } = this.deps.facts;
    if (refused.length < MAX_REFUSED) refused.push({ by: 'us', medium: medium === 'encrypted' ? 'other' : medium, cause: name });
    this.deps.send({ response: { openLogicalChannelReject: { forwardLogicalChannelNumber: channel, cause } } });
  }
}

/** A far end that asks without end is told no without end, and noted so often. */
const MAX_REFUSED = 20;
