import { describeDevices } from './called-device.js';
import { answer, confirm, heldToTheEnd, invite, NO_VIDEO, pause, play, recv, sdp } from './sipp-scenario.js';

/** SIPp sends no RTCP: what it hears nobody knows; what it does not send is absent. */
const NO_SOUND = { result: 'fail', reason: 'no-media' };
const MUTE = 'uaua';
const accept = answer(200, 'OK', { sdp: sdp() });
const ladder = (...steps: string[]): string[] => [invite(), ...steps];
/** Half a second of A-law that is no silence. */
const TONE = Uint8Array.from({ length: 4000 }, (_, i) => 0x20 + ((i * 7) % 64));
const withSound = { files: { 'tone.alaw': TONE } };

describeDevices('sip-call to a SIPp that answers with', [
  {
    title: 'a description with all that we offered',
    steps: ladder(answer(180, 'Ringing'), accept, ...heldToTheEnd()),
    outcome: { ...NO_SOUND, detail: { audioCodec: 'PCMA', videoCodec: 'H264', endedBy: 'us', byeAnswered: true } },
    signals: MUTE,
  },
  {
    title: 'no description',
    steps: ladder(answer(200, 'OK'), ...heldToTheEnd()),
    outcome: { result: 'fail', reason: 'protocol-error', detail: { byeAnswered: true } },
    signals: 'uuuu',
  },
  {
    title: 'a description that cannot be read',
    steps: ladder(answer(200, 'OK', { sdp: 'this is no session description' }), ...heldToTheEnd()),
    outcome: { result: 'fail', reason: 'protocol-error', detail: { sdpError: expect.any(String) as string } },
    signals: 'uuuu',
  },
  {
    title: 'codecs that nobody offered',
    steps: ladder(
      answer(200, 'OK', {
        sdp: sdp({ audio: ['m=audio [media_port] RTP/AVP 96', 'a=rtpmap:96 opus/48000/2'], video: NO_VIDEO }),
      }),
      ...heldToTheEnd(),
    ),
    outcome: { result: 'fail', reason: 'codec-mismatch' },
    signals: 'aaaa',
  },
  {
    title: 'no video',
    steps: ladder(answer(200, 'OK', { sdp: sdp({ video: NO_VIDEO }) }), recv('ACK'), play('tone.alaw'), recv('BYE'), confirm()),
    sipp: withSound,
    outcome: { result: 'fail', reason: 'audio-only', detail: { videoCodec: undefined } },
    signals: 'ufaa',
  },
  {
    title: 'that it only sends',
    steps: ladder(
      answer(200, 'OK', { sdp: sdp({ direction: 'sendonly' }) }),
      recv('ACK'),
      play('tone.alaw'),
      recv('BYE'),
      confirm(),
    ),
    sipp: withSound,
    outcome: { result: 'fail', reason: 'one-way-in' },
    signals: 'afaa',
  },
  {
    title: 'that it only receives',
    steps: ladder(answer(200, 'OK', { sdp: sdp({ direction: 'recvonly' }) }), ...heldToTheEnd()),
    outcome: NO_SOUND,
    signals: MUTE,
  },
  {
    title: 'that it is on hold',
    steps: ladder(answer(200, 'OK', { sdp: sdp({ direction: 'inactive' }) }), ...heldToTheEnd()),
    outcome: NO_SOUND,
    signals: 'aaaa',
  },
  {
    title: 'that it is on hold, in the old way',
    steps: ladder(answer(200, 'OK', { sdp: sdp({ connection: 'c=IN IP4 0.0.0.0' }) }), ...heldToTheEnd()),
    outcome: NO_SOUND,
    signals: 'aaaa',
  },
  {
    title: 'that media should go to somebody else',
    steps: ladder(answer(200, 'OK', { sdp: sdp({ connection: 'c=IN IP4 192.0.2.9' }) }), ...heldToTheEnd()),
    outcome: { result: 'inconclusive', reason: 'target-not-allowed', detail: { mediaElsewhere: { audio: '192.0.2.9' } } },
    signals: MUTE,
  },
  {
    title: 'early media, then the call',
    steps: ladder(
      answer(183, 'Session Progress', { sdp: sdp({ video: [] }) }),
      play('tone.alaw'),
      pause(300),
      answer(200, 'OK', { sdp: sdp({ video: [] }) }),
      ...heldToTheEnd(),
    ),
    sipp: withSound,
    outcome: { result: 'inconclusive', reason: 'out-unconfirmed', detail: { lastProvisional: 183 } },
    options: { video: false },
    signals: 'ufuu',
  },
  {
    title: 'our own stream, come back',
    steps: ladder(accept, ...heldToTheEnd()),
    sipp: { args: ['-rtp_echo'] },
    outcome: { ...NO_SOUND, detail: { notes: { audioIn: 'only our own stream came back' } } },
    signals: MUTE,
  },
  {
    title: 'compact headers',
    steps: ladder(
      `<send retrans="500"><![CDATA[
SIP/2.0 200 OK
v: [$via]
f: [$from]
t: [$to];tag=peer
i: [call_id]
CSeq: [$cseq]
m: "Phòng họp" <sip:room@[local_ip]:[local_port]>
c: application/sdp
l: [len]

${sdp()}
]]></send>`,
      ...heldToTheEnd(),
    ),
    outcome: { ...NO_SOUND, detail: { audioCodec: 'PCMA', videoCodec: 'H264', byeAnswered: true } },
    signals: MUTE,
  },
  {
    title: 'over IPv6',
    // SIPp would write its own address in brackets, which no description has
    steps: ladder(answer(200, 'OK', { sdp: sdp({ connection: 'c=IN IP6 ::1' }) }), ...heldToTheEnd()),
    sipp: { address: '::1' },
    outcome: { ...NO_SOUND, detail: { address: '::1', byeAnswered: true } },
    signals: MUTE,
  },
]);
