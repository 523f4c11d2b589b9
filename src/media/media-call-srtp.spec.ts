import { ManualScheduler } from '../common/manual-scheduler.js';
import { parseRtcpCompound } from '../protocols/rtp/rtcp.js';
import { isRtcp } from '../protocols/rtp/rtp-packet.js';
import type { SrtpKeys } from '../protocols/rtp/srtp/suite.js';
import type { MediaFacts, MediaLeg, Medium } from './contract.js';
import { MediaCall } from './media-call.js';
import { countingRandom, MemoryMediaNetwork } from './testing/memory-media-network.js';

const [A, B] = ['10.0.0.1', '10.0.0.2'];
const SUITE = 'AES_CM_128_HMAC_SHA1_80';
const key = (name: string): Buffer => Buffer.alloc(30, name);

let scheduler: ManualScheduler;
let network: MemoryMediaNetwork;
let a: MediaCall;
let b: MediaCall;
beforeEach(async () => {
  scheduler = new ManualScheduler();
  network = new MemoryMediaNetwork(scheduler);
  const random = countingRandom();
  a = await MediaCall.open({ localAddress: A, video: true, allowedAddresses: [B] }, network, scheduler, random);
  b = await MediaCall.open({ localAddress: B, video: true, allowedAddresses: [A] }, network, scheduler, random);
});

type KeysOf = (medium: Medium) => SrtpKeys | undefined;
const ofA: KeysOf = (medium) => ({ suite: SUITE, send: key(`a ${medium}`), receive: key(`b ${medium}`) });
const ofB: KeysOf = (medium) => ({ suite: SUITE, send: key(`b ${medium}`), receive: key(`a ${medium}`) });

/** Both media of the other side, with the keys that one side has for them. */
function legsTo(address: string, { ports }: MediaCall, keysOf: KeysOf): MediaLeg[] {
  const both = { remoteAddress: address, rtcpMux: false, send: true, receive: true };
  const video = ports.video ?? ports.audio;
  return [
    {
      ...both,
      medium: 'audio',
      remoteRtpPort: ports.audio.rtp,
      remoteRtcpPort: ports.audio.rtcp,
      payloadType: 8,
      codec: 'PCMA',
      clockRate: 8000,
      keys: keysOf('audio'),
    },
    {
      ...both,
      medium: 'video',
      remoteRtpPort: video.rtp,
      remoteRtcpPort: video.rtcp,
      payloadType: 97,
      codec: 'H264',
      clockRate: 90_000,
      packetizationMode: 1,
      keys: keysOf('video'),
    },
  ];
}

function start(keysOfA: KeysOf, keysOfB: KeysOf): void {
  a.start(legsTo(B, b, keysOfA), 0);
  b.start(legsTo(A, a, keysOfB), 7);
}

function run(forMs: number): void {
  for (let passed = 0; passed < forMs; passed++) {
    scheduler.advance(1);
    const nowMs = scheduler.monotonicMs();
    for (const call of [a, b]) if (call.nextMs <= nowMs) call.proceed(nowMs);
  }
}

const of = (facts: MediaFacts, medium: Medium) => {
  const found = facts[medium];
  if (!found) throw new Error(`no ${medium}`);
  return found;
};

describe('MediaCall with SRTP', () => {
  it.each(['audio', 'video'] as const)('should carry %s and its reports both ways', (medium) => {
    start(ofA, ofB);
    run(6000);
    for (const { received, sent } of [of(a.facts(), medium), of(b.facts(), medium)]) {
      expect(received.packets).toBeGreaterThan(200);
      expect(received.packets).toBe(received.expected);
      expect(received).toMatchObject({ malformed: 0, ownEcho: 0, duplicates: 0 });
      expect(received.undecryptable).toBeUndefined();
      expect(sent).toMatchObject({ advancing: true, lossRatio: 0 });
      expect(sent.rttMs).toBeCloseTo(40, 0);
    }
  });

  it('should send nothing that can be read on the way', () => {
    start(ofA, ofB);
    run(3000);
    const reports = network.sent.filter(({ data }) => isRtcp(data));
    expect(reports.length).toBeGreaterThan(4);
    // SSRC and packet type are clear; the CNAME and everything after the first header are not
    for (const { data } of reports) {
      expect(data.includes('@check')).toBe(false);
      expect(parseRtcpCompound(data)).not.toMatchObject({ ok: true });
    }
  });

  it('should count the copies that the network makes, as without SRTP', () => {
    network.line = (datagram) => [datagram, datagram];
    start(ofA, ofB);
    run(2000);
    const { received } = of(a.facts(), 'audio');
    expect(received.packets).toBe(received.expected);
    expect(received.duplicates).toBe(received.packets);
  });

  it('should take what another key made for no sign of life', () => {
    start(ofA, (medium) => ({ suite: SUITE, send: key('wrong'), receive: key(`a ${medium}`) }));
    run(8000);
    const { received, sent } = of(a.facts(), 'audio');
    expect(received.packets).toBe(0);
    expect(received.undecryptable).toBeGreaterThan(80);
    expect(sent).toMatchObject({ rtcpReceived: 0, reports: 0 });
    // nothing that could be believed came back for two seconds
    expect(sent.packets).toBeLessThan(110);
  });

  it('should take plain RTP for no sign of life where SRTP was agreed', () => {
    start(ofA, () => undefined);
    run(1000);
    expect(of(a.facts(), 'audio').received).toMatchObject({ packets: 0, duplicates: 0 });
    expect(of(a.facts(), 'audio').received.undecryptable).toBeGreaterThan(40);
  });

  it('should follow new keys in the middle of the call without a loss', () => {
    start(ofA, ofB);
    run(2000);
    const rekeyed: KeysOf = (medium) => ({ suite: SUITE, send: key(`b2 ${medium}`), receive: key(`a ${medium}`) });
    const follow: KeysOf = (medium) => ({ suite: SUITE, send: key(`a ${medium}`), receive: key(`b2 ${medium}`) });
    b.start(legsTo(A, a, rekeyed), 0);
    a.start(legsTo(B, b, follow), 0);
    run(2000);
    const { received, sent } = of(a.facts(), 'audio');
    expect(received.packets).toBe(received.expected);
    expect(received.packets).toBeGreaterThan(190);
    expect(received.undecryptable).toBeUndefined();
    expect(sent.advancing).toBe(true);
  });
});
