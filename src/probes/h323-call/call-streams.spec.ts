import { TargetRule } from '../../media/target-rule.js';
import type { H323Stream } from '../../protocols/h323/call-types.js';
import { CallStreams } from './call-streams.js';

const PEER = '10.1.2.3';
const target = (address = PEER, rtpPort = 5_000) => ({ address, rtpPort, rtcpAddress: address, rtcpPort: rtpPort + 1 });
const sent = (part: object = {}): H323Stream => ({
  ...({ direction: 'send', medium: 'audio', channel: 1, codec: 'PCMA', payloadType: 8, target: target() } as const),
  mostKbps: undefined,
  ...part,
});
const received = (part: object = {}): H323Stream => ({
  ...({ direction: 'receive', medium: 'audio', channel: 101, codec: 'PCMA', payloadType: 8 } as const),
  rtcp: { address: PEER, port: 6_001 },
  ...part,
});

let streams: CallStreams;
beforeEach(() => {
  const own = { addresses: new Set<string>(), broadcasts: new Set<string>() };
  streams = new CallStreams(PEER, new TargetRule({ allowedAddresses: [PEER] }, own));
});

describe(CallStreams.name, () => {
  it('makes one leg of the two channels of a medium', () => {
    streams.update([sent(), received({ codec: 'PCMU', payloadType: 0 })], 0);
    expect(streams.legs).toEqual([
      expect.objectContaining({
        ...{ medium: 'audio', remoteAddress: PEER, remoteRtpPort: 5_000, remoteRtcpPort: 5_001, send: true, receive: true },
        ...{ codec: 'PCMA', payloadType: 8, receiveCodec: 'PCMU', receivePayloadType: 0 },
      }),
    ]);
    expect(streams.agreed('audio', false)).toEqual({ kind: 'audio', weSend: true, weReceive: true });
  });

  it.each([
    ['another machine', target('10.9.9.9'), '10.9.9.9'],
    ['a well-known port', target(PEER, 53), `${PEER} port 53`],
  ])('sends nothing to %s, and says where it was to go', (_what, elsewhere, foreign) => {
    streams.update([sent({ target: elsewhere })], 0);
    expect(streams.legs).toMatchObject([{ remoteAddress: PEER, send: false }]);
    expect(streams.foreign).toEqual({ audio: foreign });
  });

  it('does not believe another host that is named for reports', () => {
    streams.update([sent({ target: { ...target(), rtcpAddress: '10.9.9.9', rtcpPort: 53 } })], 0);
    expect(streams.legs).toMatchObject([{ remoteAddress: PEER, remoteRtcpPort: 5_001 }]);
  });

  it('reports on what it only receives to the port that was named', () => {
    streams.update([received({ medium: 'video', codec: 'H263', payloadType: 34 })], 0);
    expect(streams.legs).toMatchObject([{ remoteRtcpPort: 6_001, receiveCodec: 'H263', send: false, receive: true }]);
    expect(streams.agreed('video', true)).toEqual({ kind: 'video', weSend: false, weReceive: true, cannotSend: true });
    expect(streams.agreed('audio', false)).toBeNull();
  });

  it.each([0, 32])('obeys a flow control of %p kbit/s, and notes since when', (mostKbps) => {
    streams.update([sent(), received()], 0);
    streams.update([sent({ mostKbps }), received()], 2_000);
    expect(streams.legs).toMatchObject([{ send: false, receive: true }]);
    expect(streams.heldAfterMs).toEqual({ audioOut: 2_000 });
    streams.update([sent(), received()], 4_000);
    expect(streams.legs).toMatchObject([{ send: true }]);
    expect(streams.heldAfterMs).toEqual({});
  });

  it('stops what was closed, and remembers that it was open', () => {
    streams.update([sent(), received()], 0);
    streams.update([], 3_000);
    expect(streams.legs).toMatchObject([{ send: false, receive: false }]);
    expect(streams.agreed('audio', false)).toMatchObject({ weSend: true, weReceive: true });
    expect(streams.heldAfterMs).toEqual({ audioOut: 3_000, audioIn: 3_000 });
  });
});
