/**
 * One call to a simulated device, from SETUP to RELEASE COMPLETE, as the two captured stacks took it:
 *
 *   H323Plus   CALL PROCEEDING, CONNECT with its H.245 in it (or its address), then FACILITY after FACILITY
 *   ooh323c    CALL PROCEEDING, ALERTING, FACILITY with its capabilities and CONNECT in one burst, then PROGRESS
 */
import { NamedTimers } from '../../protocols/sip/transaction/timers.js';
import type { Setup } from '../../protocols/h323/messages/h225-call.js';
import { payloadTypeOf } from '../../protocols/h323/media-codecs.js';
import type { SignallingMessage } from '../../protocols/h323/signalling-message.js';
import { Q931_TYPES } from '../../protocols/h323/q931.js';
import type { MediaEnd } from '../media/media-host.js';
import { CallChannels } from './call-channels.js';
import { CAPTURED, filled, STACKS, type CapturedStack } from './captured.js';
import { ControlScript } from './control-script.js';
import { DeviceMessages, transportAddressOf, type Extras, type Release } from './device-messages.js';
import { fastStartAnswer } from './fast-start-answer.js';
import type { FramedConnection } from './framed-connection.js';
import { H245Port } from './h245-port.js';
import type { DeviceTools } from './device-tools.js';

/** A caller that neither hears an answer nor gives up is not rung for for ever. */
const LONGEST_RING_MS = 180_000;
const NORMAL_CLEARING = 16;

export interface IncomingSetup {
  callReference: number;
  setup: Setup;
  /** the caller can carry H.245 inside the signalling */
  tunnels: boolean;
}

/** How a call ended, as this end saw it: `caller` and `device` by RELEASE COMPLETE, `connection` without a word. */
export interface CallEnd {
  by: 'caller' | 'device' | 'connection';
  /** the caller sent endSession before */
  endSession: boolean;
}

export class ScriptedCall {
  private readonly stack: CapturedStack;
  private readonly messages: DeviceMessages;
  private readonly control: ControlScript;
  private readonly timers: NamedTimers;
  private readonly tunnelled: boolean;
  private h245: H245Port | undefined;
  private channels: CallChannels | undefined;
  private ended = false;

  constructor(
    private readonly incoming: IncomingSetup,
    private readonly link: FramedConnection,
    private readonly tools: DeviceTools,
    private readonly onEnded: (end: CallEnd) => void,
  ) {
    const { h323Device, h323Conference } = tools.behaviour();
    const { setup, callReference, tunnels } = incoming;
    this.stack = STACKS[h323Device.stack];
    this.tunnelled = tunnels && h323Device.control === 'tunnel';
    const conferenceID = h323Conference === 'conference-id' ? foreign(setup.conferenceID) : setup.conferenceID;
    const callIdentifier = setup.callIdentifier?.guid ?? new Uint8Array(16);
    this.messages = new DeviceMessages(this.stack, { callReference, callIdentifier, conferenceID }, this.tunnelled);
    this.timers = new NamedTimers(tools.scheduler);
    this.control = new ControlScript({ ...tools, stack: this.stack, send: (...messages) => this.sendControl(messages) });
  }

  get openChannels(): number {
    return this.channels?.open ?? 0;
  }

  start(): void {
    void this.proceed().catch(() => this.release({ cause: 42 }));
  }

  /** What belongs to no call that we know is nobody's. */
  receive({ type, pdu }: SignallingMessage): void {
    if (pdu?.ok) for (const octets of pdu.value.h245Control ?? []) this.control.receive(octets);
    if (type === Q931_TYPES.releaseComplete) this.end('caller');
  }

  /** H323Plus puts the end of H.245 into RELEASE COMPLETE, the other sends it before. */
  hangUp(): void {
    if (this.ended) return;
    const endSession = filled(CAPTURED.endSession);
    const control = this.tunnelled && this.stack.tunnel === 'empty' ? [endSession] : undefined;
    if (!control) this.sendControl([endSession]);
    this.release({ cause: NORMAL_CLEARING, control });
  }

  end(by: CallEnd['by']): void {
    if (this.ended) return;
    this.ended = true;
    this.timers.cancelAll();
    this.control.end();
    this.channels?.close();
    this.h245?.close();
    this.link.end();
    this.onEnded({ by, endSession: this.control.endSessionHeard });
  }

  private async proceed(): Promise<void> {
    const { h323Device, h323Hung, h323Forward, invite } = this.tools.behaviour();
    if (!this.tunnelled) await this.openH245(h323Device.control === 'blocked-address');
    if (this.ended) return;
    this.link.send(this.messages.callProceeding(h323Device.control === 'early-address' ? this.placeExtras() : {}));
    const refusal = REFUSALS[invite];
    if (h323Forward) return this.forward(h323Forward);
    if (refusal) return this.release(refusal);
    if (h323Hung || invite === 'hang') return;
    if (invite === 'ring') return this.ring();
    this.answer(await this.tools.openMedia());
  }

  private ring(): void {
    this.link.send(this.messages.alerting());
    this.timers.set('ring', LONGEST_RING_MS, () => this.release({ cause: 19 }));
  }

  private forward({ reason, to, port }: { reason: Parameters<DeviceMessages['forward']>[0]; to: string; port: number }): void {
    this.link.send(this.messages.forward(reason, { address: to, port }));
    this.release(reason === 'callForwarded' ? { cause: 17 } : { reason: 'gatekeeperResources' });
  }

  private answer(media: MediaEnd): void {
    // the caller may have given up meanwhile
    if (this.ended) return media.close();
    const { sends } = this.tools.behaviour().h323Device;
    const channels = new CallChannels(media, {
      audio: { codec: 'PCMA', payloadType: 8 },
      video: { codec: sends, payloadType: sends === 'H264' ? this.stack.videoPayloadType : payloadTypeOf(sends) },
    });
    this.channels = channels;
    this.link.send(...this.answers(this.fastStart(channels)));
    this.control.begin(channels);
    this.control.connected();
    const { hangUpAfterS } = this.tools.behaviour();
    if (hangUpAfterS !== undefined) this.timers.set('hang-up', hangUpAfterS * 1000, () => this.hangUp());
  }

  private answers(fastStart: Uint8Array[] | undefined): Uint8Array[] {
    const opening = this.tunnelled ? this.control.opening() : [];
    const connect = { ...this.placeExtras(), destinationInfo: this.destinationInfo };
    if (this.stack.insistsOnMaster) {
      // H323Plus with a fast start of its own says nothing in H.245 until it is spoken to
      return [this.messages.connect({ ...connect, fastStart, control: fastStart ? [] : opening })];
    }
    const control = opening.length > 0 ? opening.map((message) => this.messages.tunnel([message])) : [];
    const progress = this.messages.progress();
    const restart = this.h245 ? [this.messages.startH245({ address: this.tools.address, port: this.h245.port })] : [];
    return [
      this.messages.alerting({ fastStart }),
      ...control,
      this.messages.connect(connect),
      ...(progress ? [progress] : []),
      ...restart,
    ];
  }

  private fastStart(channels: CallChannels): Uint8Array[] | undefined {
    const { h323Device, video } = this.tools.behaviour();
    if (!h323Device.fastStart) return undefined;
    const takesH264 = video && h323Device.sends === 'H264' && h323Device.takes === 'H264';
    const answer = fastStartAnswer(this.incoming.setup.fastStart ?? [], this.tools.address, takesH264, channels);
    if (answer.length === 0) return undefined;
    for (const medium of ['audio', 'video'] as const) this.control.markOpened(medium);
    return answer;
  }

  private get destinationInfo() {
    const { destinationInfo } = this.messages;
    return this.tools.behaviour().h323Conference === 'mcu' ? { ...destinationInfo, mcu: {}, mc: true } : destinationInfo;
  }

  private async openH245(blocked: boolean): Promise<void> {
    const port = await H245Port.open(
      this.tools.address,
      () => this.sendControl(this.control.opening()),
      (octets) => this.control.receive(octets),
    );
    this.h245 = port;
    if (blocked) port.shut();
    if (this.ended) port.close();
  }

  private placeExtras(): Extras {
    return this.h245 ? { h245Address: transportAddressOf({ address: this.tools.address, port: this.h245.port }) } : {};
  }

  private sendControl(messages: Uint8Array[]): void {
    if (this.ended) return;
    if (this.h245) this.h245.send(messages);
    else this.link.send(this.messages.tunnel(messages));
  }

  private release(release: Release): void {
    if (this.ended) return;
    this.link.send(this.messages.release(release));
    this.end('device');
  }
}

/** H323Plus in a call, a person who declines, a bridge without a free port: cause and no reason, as captured. */
const REFUSALS: { [Invite in string]?: Release } = {
  busy: { cause: 17 },
  decline: { cause: 21 },
  unavailable: { cause: 42 },
};

/** The identifier of a conference that was there before this call. */
const foreign = (conferenceID: Uint8Array): Uint8Array => conferenceID.map((octet) => octet ^ 0xff);
