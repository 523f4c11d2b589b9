/** For specs: one call against captured messages of a far end. */
import { ManualScheduler } from '../../../common/manual-scheduler.js';
import type { H245Target, H323Config, H323Event } from '../call-types.js';
import { H323Call } from '../h323-call.js';
import { MultimediaSystemControlMessage } from '../messages/h245-message.js';
import { decodePer, encodePer } from '../per/schema.js';
import { Q931_TYPES } from '../q931.js';
import { formatSignalling, parseSignalling, type SignallingMessage } from '../signalling-message.js';
import { formatTpkt, TpktFramer } from '../tpkt-framer.js';
import type { H323UuPdu } from '../messages/h225-call.js';
import { fromHex, toHex, vectorOf } from './vectors.js';

/** The minimal caller's: with it the master-slave answers of the captures fit. */
const CALLER_NUMBER = 0x5bd7b5;
const CALL_REFERENCE = 0x2e80;

export class CallBench {
  readonly scheduler = new ManualScheduler();
  readonly events: H323Event[] = [];
  readonly signalling: SignallingMessage[] = [];
  /** H.245 that went out, tunnelled or not, in hex */
  readonly control: string[] = [];
  readonly targets: H245Target[] = [];
  readonly call: H323Call;
  closed = false;
  private readonly sentSignalling = new TpktFramer();
  private readonly sentH245 = new TpktFramer();

  constructor(config: Partial<H323Config> = {}) {
    const random = { token: () => '', uint32: scripted([CALL_REFERENCE - 1, 1, 1, 1, 1, 2, 2, 2, 2, CALLER_NUMBER]) };
    const onEvent = (event: H323Event): void => void this.events.push(event);
    const wire = {
      sendSignalling: (octets: Uint8Array) => this.noteSignalling(octets),
      openH245: (target: H245Target) => void this.targets.push(target),
      sendH245: (octets: Uint8Array) => this.noteControl(octets),
      close: () => void (this.closed = true),
    };
    this.call = new H323Call({ ...DEFAULTS, ...config }, { wire, scheduler: this.scheduler, random, onEvent });
    this.call.start();
  }

  /** Captured messages, made answers to this call. */
  peer(...names: string[]): void {
    this.call.receiveSignalling(Buffer.concat(names.map(answerOf)));
  }

  /** A message of the far end that no capture has. */
  say(type: keyof typeof Q931_TYPES, pdu: H323UuPdu): void {
    const frame = { callReference: CALL_REFERENCE, fromDestination: true, type: Q931_TYPES[type], elements: [] };
    this.call.receiveSignalling(formatTpkt(formatSignalling(frame, pdu)));
  }

  sayControl(...messages: MultimediaSystemControlMessage[]): void {
    const h245Control = messages.map((message) => encodePer(MultimediaSystemControlMessage, message));
    this.say('facility', { 'h323-message-body': { empty: null }, h245Tunnelling: true, h245Control });
  }

  /** Captured H.245 over a connection of its own. */
  peerH245(...names: string[]): void {
    this.call.receiveH245(Buffer.concat(names.map((name) => fromHex(renumbered(vectorOf(name).tpkt ?? '')))));
  }

  /** Names of the H.245 messages that went out. */
  get controlNames(): string[] {
    return this.control.map((hex) => {
      const message = decodePer(MultimediaSystemControlMessage, fromHex(hex));
      return message.ok ? (Object.keys(Object.values(message.value)[0] as object)[0] ?? '') : 'unreadable';
    });
  }

  get types(): string[] {
    return this.events.map(({ type }) => type);
  }

  get streams() {
    const media = this.events.filter((event) => event.type === 'media').at(-1);
    return media?.streams ?? [];
  }

  private noteSignalling(octets: Uint8Array): void {
    for (const packet of this.sentSignalling.push(octets)) {
      const message = packet.ok ? parseSignalling(packet.value) : packet;
      if (!message.ok) throw new Error(message.error);
      this.signalling.push(message.value);
      const pdu = message.value.pdu?.ok ? message.value.pdu.value : undefined;
      this.control.push(...(pdu?.h245Control ?? []).map(toHex));
    }
  }

  private noteControl(octets: Uint8Array): void {
    for (const packet of this.sentH245.push(octets)) if (packet.ok) this.control.push(toHex(packet.value));
  }
}

const DEFAULTS: H323Config = {
  localAddress: '10.99.0.3',
  localPort: 40_000,
  remoteAddress: '10.99.0.2',
  remotePort: 1720,
  displayName: 'monitor',
  ports: { audio: { rtp: 17_374, rtcp: 17_375 }, video: { rtp: 18_352, rtcp: 18_353 } },
  audioCodecs: ['PCMA', 'PCMU'],
  videoCodecs: ['H264'],
  callRateKbps: 384,
  tunnelling: true,
  fastStart: false,
  ringMs: 8_000,
};

/** Our conference: the words 2, 2, 2, 2 of the scripted source. */
const CONFERENCE = toHex(new Uint8Array(Uint32Array.of(2, 2, 2, 2).buffer));

/** The same message with the call reference, the conference and the channel numbers of this call. */
function answerOf(name: string): Uint8Array {
  const { tpkt = '', value } = vectorOf(name);
  const conference = /"conferenceID":"([0-9a-f]{32})"/.exec(JSON.stringify(value))?.[1];
  const ours = conference === undefined ? tpkt : tpkt.replace(conference, CONFERENCE);
  const octets = fromHex(renumbered(ours));
  octets.set([(CALL_REFERENCE >> 8) | 0x80, CALL_REFERENCE & 0xff], 6);
  return octets;
}

/** Their callers numbered channels from 101 on, we do from 1 on. The field is the first of openLogicalChannelAck. */
const renumbered = (hex: string): string => hex.replace('22c00064', '22c00000').replace('22c00065', '22c00001');

function scripted(numbers: number[]): () => number {
  let at = 0;
  return () => numbers[at++] ?? 0x123456 + at;
}
