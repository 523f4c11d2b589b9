import { buildAnswer, buildOffer, negotiate, type LocalMedia } from './offer-answer.js';
import { formatSdp, parseSdp, type Direction, type SessionDescription } from './session-description.js';

const local: LocalMedia = { address: '192.0.2.1', sessionId: '1', audioPort: 20_000, videoPort: 20_002 };
const peer: LocalMedia = { address: '198.51.100.7', sessionId: '2', audioPort: 30_000, videoPort: 30_002 };
const offer = buildOffer(local);
const PEER = 'v=0\r\no=- 2 1 IN IP4 198.51.100.7\r\ns=-\r\nc=IN IP4 198.51.100.7\r\nt=0 0\r\n';
const AUDIO = 'm=audio 30000 RTP/AVP 8\r\n';
const VIDEO = 'm=video 30002 RTP/AVP 98\r\na=rtpmap:98 H264/90000\r\n';

function sdp(text: string): SessionDescription {
  const result = parseSdp(text);
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

function agreed(answer: string, offered = offer) {
  const result = negotiate(offered, sdp(PEER + answer));
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

describe(buildOffer.name, () => {
  it('offers G.711 and H.264 in both packetization modes, with RTCP ports', () => {
    expect(formatSdp(buildOffer({ ...local, videoRtcpPort: 20_009 })).split('\r\n')).toEqual([
      'v=0',
      'o=- 1 1 IN IP4 192.0.2.1',
      's=-',
      'c=IN IP4 192.0.2.1',
      't=0 0',
      'm=audio 20000 RTP/AVP 8 0',
      'a=rtpmap:8 PCMA/8000',
      'a=rtpmap:0 PCMU/8000',
      'a=rtcp:20001',
      'a=ptime:20',
      'a=sendrecv',
      'm=video 20002 RTP/AVP 97 98',
      'b=AS:1024',
      'a=rtpmap:97 H264/90000',
      'a=fmtp:97 profile-level-id=42e01f;packetization-mode=1',
      'a=rtpmap:98 H264/90000',
      'a=fmtp:98 profile-level-id=42e01f;packetization-mode=0',
      'a=rtcp:20009',
      'a=rtcp-fb:* nack pli',
      'a=rtcp-fb:* ccm fir',
      'a=sendrecv',
      '',
    ]);
  });

  it('says how much the peer may send, with headers and without (RFC 3890)', () => {
    const narrow = buildOffer({ ...local, audioKbps: 80, videoKbps: 304 });
    expect(formatSdp(narrow).match(/b=.*/g)).toEqual(['b=AS:80', 'b=TIAS:64000', 'b=AS:304', 'b=TIAS:292307']);
    expect(sdp(formatSdp(narrow))).toEqual(narrow);
  });

  it('without a video port offers audio alone, in the order that was asked for', () => {
    const { media } = buildOffer({ ...local, videoPort: undefined, audioCodecs: ['PCMU', 'PCMA'] });
    expect(media.map(({ kind, payloadTypes }) => ({ kind, payloadTypes }))).toEqual([{ kind: 'audio', payloadTypes: [0, 8] }]);
  });
});

describe('negotiate, RFC 3264 section 6', () => {
  it('takes address, ports and payload types of the answer', () => {
    expect(agreed(AUDIO + VIDEO)).toEqual({
      audio: {
        kind: 'audio',
        address: '198.51.100.7',
        rtpPort: 30000,
        rtcpPort: 30001,
        rtcpMux: false,
        payloadType: 8,
        receivePayloadType: 8,
        codec: 'PCMA',
        clockRate: 8000,
        peerDirection: 'sendrecv',
        weSend: true,
        weReceive: true,
      },
      video: {
        kind: 'video',
        address: '198.51.100.7',
        rtpPort: 30002,
        rtcpPort: 30003,
        rtcpMux: false,
        payloadType: 98,
        receivePayloadType: 98,
        codec: 'H264',
        clockRate: 90000,
        packetizationMode: 0,
        peerDirection: 'sendrecv',
        weSend: true,
        weReceive: true,
      },
    });
  });

  it.each<[Direction, boolean, boolean]>([
    ['sendrecv', true, true],
    ['sendonly', false, true],
    ['recvonly', true, false],
    ['inactive', false, false],
  ])('a=%s is said from the answerer: we send %s, receive %s', (direction, weSend, weReceive) => {
    expect(agreed(`${AUDIO}a=${direction}\r\n`).audio).toMatchObject({ peerDirection: direction, weSend, weReceive });
  });

  it('the direction of the session holds where the medium names none', () => {
    const { audio, video } = agreed(`a=recvonly\r\n${AUDIO}${VIDEO}a=sendonly\r\n`);
    expect([audio?.peerDirection, video?.peerDirection]).toEqual(['recvonly', 'sendonly']);
  });

  it('our own direction counts too', () => {
    const quiet = buildOffer(local);
    quiet.media[0]!.direction = 'recvonly';
    expect(agreed(AUDIO, quiet).audio).toMatchObject({ weSend: false, weReceive: true });
  });

  it.each(['c=IN IP4 0.0.0.0', 'c=IN IP6 ::'])('%s is hold of old (8.4): we do not send', (line) => {
    expect(agreed(`${AUDIO}${line}\r\n`).audio).toMatchObject({ weSend: false, weReceive: true });
  });

  it('a medium may have an address of its own', () => {
    const { audio, video } = agreed(`${AUDIO}${VIDEO}c=IN IP4 198.51.100.8\r\n`);
    expect([audio?.address, video?.address]).toEqual(['198.51.100.7', '198.51.100.8']);
  });

  it.each([
    ['port 0', `${AUDIO}m=video 0 RTP/AVP 98\r\n`],
    ['no line for it', AUDIO],
    ['no codec of ours', `${AUDIO}m=video 30002 RTP/AVP 120\r\na=rtpmap:120 VP8/90000\r\n`],
    ['an interleaved mode', `${AUDIO}${VIDEO}a=fmtp:98 packetization-mode=2\r\n`],
  ])('video with %s is audio only', (_what, answer) => {
    const { audio, video } = agreed(answer);
    expect(audio).not.toBeNull();
    expect(video).toBeNull();
  });

  it('more media than offered, or another kind in a place, is an error', () => {
    expect(negotiate(offer, sdp(`${PEER}${AUDIO}${VIDEO}m=application 9 UDP/BFCP *\r\n`)).ok).toBe(false);
    expect(negotiate(offer, sdp(`${PEER}${VIDEO}${AUDIO}`)).ok).toBe(false);
  });

  it.each([
    ['98, mode 0 only', 'm=video 30002 RTP/AVP 98\r\na=rtpmap:98 H264/90000\r\na=fmtp:98 packetization-mode=0\r\n', 98, 98, 0],
    ['97, mode 1', 'm=video 30002 RTP/AVP 97\r\na=rtpmap:97 H264/90000\r\na=fmtp:97 packetization-mode=1\r\n', 97, 97, 1],
    [
      'both, mode 1 first',
      'm=video 30002 RTP/AVP 97 98\r\na=rtpmap:97 H264/90000\r\na=fmtp:97 packetization-mode=1\r\na=rtpmap:98 H264/90000\r\n',
      97,
      97,
      1,
    ],
    ['renumbered', 'm=video 30002 RTP/AVP 109\r\na=rtpmap:109 h264/90000\r\na=fmtp:109 packetization-mode=1\r\n', 109, 97, 1],
  ])('H.264 %s', (_what, lines, payloadType, receivePayloadType, packetizationMode) => {
    expect(agreed(AUDIO + lines).video).toMatchObject({ payloadType, receivePayloadType, packetizationMode });
  });

  it('the answerer chooses the codec by its order (6.1)', () => {
    expect(agreed('m=audio 30000 RTP/AVP 101 0 8\r\na=rtpmap:101 telephone-event/8000\r\n').audio).toMatchObject({
      codec: 'PCMU',
      payloadType: 0,
    });
  });

  it('a=rtcp names another port (RFC 3605)', () => {
    expect(agreed(`${AUDIO}a=rtcp:31000\r\n`).audio).toMatchObject({ rtpPort: 30000, rtcpPort: 31000 });
  });

  it.each([
    [true, true, 30000],
    [true, false, 30001],
    [false, true, 30001],
  ])('rtcp-mux offered %s, answered %s: RTCP goes to %d (RFC 5761)', (offered, answered, rtcpPort) => {
    const muxing = buildOffer(local);
    muxing.media[0]!.rtcpMux = offered;
    const { audio } = agreed(`${AUDIO}${answered ? 'a=rtcp-mux\r\n' : ''}`, muxing);
    expect(audio).toMatchObject({ rtcpPort, rtcpMux: offered && answered });
  });

  it('an answer with SRTP is marked, not spoken', () => {
    expect(agreed('m=audio 30000 RTP/SAVP 8\r\n')).toEqual({ audio: null, video: null, secure: true });
  });
});

describe('buildAnswer, RFC 3264 section 6', () => {
  const accept = { audio: true, video: true };
  const answered = (offered: SessionDescription, options = {}) => buildAnswer(offered, { ...peer, accept, ...options });

  it('what it says is what both sides then hold to be agreed', () => {
    const result = negotiate(offer, sdp(formatSdp(answered(offer))));
    expect(result).toMatchObject({
      ok: true,
      value: { audio: { codec: 'PCMA', rtpPort: 30000 }, video: { payloadType: 97, packetizationMode: 1, rtpPort: 30002 } },
    });
  });

  it.each<[Direction, Direction, Direction]>([
    ['sendrecv', 'sendrecv', 'sendrecv'],
    ['sendonly', 'sendrecv', 'recvonly'],
    ['recvonly', 'sendrecv', 'sendonly'],
    ['inactive', 'sendrecv', 'inactive'],
    ['sendrecv', 'sendonly', 'sendonly'],
    ['sendonly', 'sendonly', 'inactive'],
    ['recvonly', 'recvonly', 'inactive'],
    ['sendrecv', 'inactive', 'inactive'],
  ])('offered %s, wanted %s: answers %s (6.1)', (offeredDirection, wanted, expected) => {
    const offered = buildOffer(local);
    offered.media[0]!.direction = offeredDirection;
    expect(answered(offered, { direction: { audio: wanted } }).media[0]?.direction).toBe(expected);
  });

  it('does not send to c=0.0.0.0', () => {
    const offered = buildOffer(local);
    offered.connection = { address: '0.0.0.0', family: 4 };
    expect(answered(offered).media.map(({ direction }) => direction)).toEqual(['recvonly', 'recvonly']);
  });

  it('keeps number and order of the media lines and refuses with port 0', () => {
    const offered = sdp(
      `${PEER}m=application 9 UDP/BFCP *\r\nm=video 9 RTP/AVP 120\r\na=rtpmap:120 VP8/90000\r\n${AUDIO}m=audio 9 RTP/AVP 0\r\nm=audio 9 RTP/SAVP 8\r\n`,
    );
    expect(answered(offered).media.map(({ kind, port, protocol }) => `${kind} ${port} ${protocol}`)).toEqual([
      'application 0 UDP/BFCP',
      'video 0 RTP/AVP',
      'audio 30000 RTP/AVP',
      'audio 0 RTP/AVP',
      'audio 0 RTP/SAVP',
    ]);
  });

  it('refuses what it was told to, and a medium that was offered with port 0', () => {
    expect(answered(offer, { accept: { audio: true, video: false } }).media.map(({ port }) => port)).toEqual([30000, 0]);
    const withdrawn = buildOffer(local);
    withdrawn.media[0]!.port = 0;
    expect(answered(withdrawn).media.map(({ port }) => port)).toEqual([0, 30002]);
  });

  it('never takes up rtcp-mux, and names its RTCP port', () => {
    const muxing = buildOffer(local);
    muxing.media[0]!.rtcpMux = true;
    expect(answered(muxing, { audioRtcpPort: 33_333 }).media[0]).toMatchObject({ rtcpMux: false, rtcp: { port: 33_333 } });
  });

  it('repeats the payload type and the parameters of the offer', () => {
    const offered = sdp(
      `${PEER}m=video 9 RTP/AVP 120 109\r\na=rtpmap:120 VP8/90000\r\na=rtpmap:109 H264/90000\r\na=fmtp:109 profile-level-id=428016\r\n`,
    );
    expect(answered(offered).media[0]?.formats).toEqual([
      { payloadType: 109, encoding: 'H264', clockRate: 90000, fmtp: { 'profile-level-id': '428016' } },
    ]);
  });
});
