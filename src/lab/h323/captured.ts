/**
 * What two real stacks said when they were called, octet by octet: H323Plus 1.28, and ooh323c as it stands in Asterisk. The
 * simulated devices speak from it, so that they do not say what this product would have said in their place.
 *
 * H.225.0 is kept whole, from the protocol discriminator on. H.245 is kept with holes in braces where a call has its own
 * numbers: `rtp` and `rtcp` are an IPv4 address with its port (6 octets), `channel` is a logical channel number less one (2).
 */
export type StackName = 'h323plus' | 'ooh323c';

export interface CapturedStack {
  callProceeding: string;
  connect: string;
  /** where the stack was caught sending it */
  alerting?: string;
  progress?: string;
  /** how it carries H.245 in the tunnel: in FACILITY without a body, or with one of its own */
  tunnel: 'empty' | 'facility';
  /** tells everything that it takes; sound and H.264, and sound alone */
  capabilities: string;
  soundCapabilities: string;
  /** H.245 table of terminal types, of its masterSlaveDetermination */
  terminalType: number;
  /** opens nothing, and acknowledges nothing, before master and slave are known */
  insistsOnMaster: boolean;
  /** its first channel, and the next */
  firstChannel: number;
  openAudio: string;
  openVideo: string;
  videoPayloadType: number;
  ackAudio: string;
  ackVideo: string;
}

/** G.711 A and U, H.264 Baseline at level 1.3: both stacks took it from the minimal caller that was tried on them. */
const SOUND_AND_H264 =
  '02700106000881750007800d00003c000100000100000100000280000020401380000120c0138000020c001560000700088171000001400f000202914002a20024008000010100000001000002';
const SOUND =
  '02300106000881750008078000004a0811860100807c0100014007c00200c8014840009080000120401380000220c0138000032418030083008000048a061404302d31368000053810b50000120c52747044746d6652656c6179000080000685011080000785014000800101030000000100020003030004000500060007';

const H323PLUS: CapturedStack = {
  callProceeding:
    '0802ded902280763616c6c6565007e005d052180060008914a000722c00900003d1048333233506c75732073696d706c6500001a312e32382e30202848333233706c75732076312e32382e3029000000f0e011006a6fc3e9e1e4f11186cabecdb1d768e601000100010002800180',
  connect:
    '0802d50007280763616c6c6565007e007d0522c0060008914a0007000a630002ca3d22c00900003d1048333233506c75732073696d706c6500001a312e32382e30202848333233706c75732076312e32382e302900000056ffad05e2e4f1118839becdb1d768e6170e20110020f9ad05e2e4f1118839becdb1d768e601000100070120656e2d7573010002800100',
  tunnel: 'empty',
  capabilities: SOUND_AND_H264,
  soundCapabilities: SOUND,
  terminalType: 50,
  insistsOnMaster: true,
  firstChannel: 101,
  openAudio: '0300{channel}0c201380188d000100{rtcp}00800b300080b080018001fc0040',
  openVideo:
    '0300{channel}0a001560000700088171000001400f000202914002a2002480258c600200{rtcp}04000b50080008817100000000c0010b300080b080018001fc0040',
  videoPayloadType: 96,
  ackAudio: '22c0{channel}0280135c0000{rtp}00{rtcp}010100',
  ackVideo: '22c0{channel}0280135c0200{rtp}00{rtcp}010100',
};

const OOH323C: CapturedStack = {
  callProceeding:
    '0802d9f0022809617374657269736b007e003c052180060008914a000422c0b8000027056f6f683332330676302e382e336d0110c01100ba450688e4e4f11183efbecdb1d768e60100010010800180',
  alerting:
    '0802d9f0011e0280882809617374657269736b007e0047052380060008914a000422c0b8000027056f6f683332330676302e382e336d01b0f8001100ba450688e4e4f11183efbecdb1d768e6010001000501010043300100010010800180',
  connect:
    '0802d9f00704038090a32809617374657269736b007e0057052280060008914a000422c0b8000027056f6f683332330676302e382e336d00cc4c0688e4e4f11183efbecdb1d768e61d0dc01100ba450688e4e4f11183efbecdb1d768e6010001000501010043300100010010800180',
  progress:
    '0802d9f0031e0280882809617374657269736b007e003c0528003480060008914a000422c0b8000027056f6f683332330676302e382e336d00ba450688e4e4f11183efbecdb1d768e605800100010010800180',
  tunnel: 'facility',
  // it was called for sound only: the picture is the minimal caller's
  capabilities: SOUND_AND_H264,
  soundCapabilities: SOUND,
  terminalType: 60,
  insistsOnMaster: false,
  firstChannel: 1001,
  openAudio: '0300{channel}0c2013800a04000100{rtcp}',
  openVideo: '0300{channel}0a001560000700088171000001400f000202914002a20024800b04400200{rtcp}08',
  videoPayloadType: 97,
  ackAudio: '22c0{channel}0480101c0000{rtp}00{rtcp}',
  ackVideo: '22c0{channel}0480101c0200{rtp}00{rtcp}',
};

export const STACKS: Readonly<Record<StackName, CapturedStack>> = { h323plus: H323PLUS, ooh323c: OOH323C };

/** Other messages of H.245 in which nothing, or only a channel, differs from call to call. */
export const CAPTURED = {
  masterAck: '2080',
  slaveAck: '20a0',
  roundTripDelayRequest: '090001',
  fastUpdate: '4c{channel}28',
  requestChannelClose: '0580{channel}02800120',
  closeLogicalChannelAck: '2380{channel}',
  endSession: '4a40',
  /** pictures as H323Plus sends them in the older codecs: under their numbers of RFC 3551, H.263 by RFC 2190 */
  openH263: '0300{channel}08ec00040ccb0050400100801d8c200200{rtcp}800448088d44010b300080b080018001fc0040',
  openH261: '0300{channel}0878000eff0080010080178c000200{rtcp}010b300080b080018001fc0040',
  /** sound behind AES-128 */
  openEncrypted:
    '0380{channel}20400f20004009608648016503040102411380188d400100{rtcp}60040b300080b080018001fc00400280230078001e801d3009608648016503040102001083b50e099ff3e37d597d01c336d9b76d',
} as const;

/** A place on the wire: four octets of address, two of port. */
export const placeOctets = (address: string, port: number): string =>
  Buffer.from([...address.split('.').map(Number), port >> 8, port & 0xff]).toString('hex');

/** @throws for a hole that is not filled: the script is wrong */
export function filled(template: string, holes: { channel?: number; rtp?: string; rtcp?: string } = {}): Uint8Array {
  const { channel, ...places } = holes;
  const values: Record<string, string | undefined> = { ...places };
  if (channel !== undefined) values['channel'] = (channel - 1).toString(16).padStart(4, '0');
  const hex = template.replaceAll(/\{(\w+)\}/g, (_hole, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`nothing for the hole ${name}`);
    return value;
  });
  return new Uint8Array(Buffer.from(hex, 'hex'));
}
