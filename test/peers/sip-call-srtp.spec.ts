import { Baresip, baresipHasH264 } from './baresip.js';
import { missingBuild, probe } from './probe-command.js';
import { describeWith } from './programs.js';

const FLOWING = { audioOut: 'flowing', audioIn: 'flowing', videoOut: 'flowing', videoIn: 'flowing' };
const lacking = [missingBuild(), baresipHasH264() ? undefined : 'baresip-ffmpeg (H.264)'].filter((what) => what !== undefined);

describeWith(
  ['baresip', 'ffmpeg'],
  'sip-call to a baresip that insists on SRTP',
  () => {
    let peer: Baresip;
    beforeAll(async () => (peer = await Baresip.start({ mediaEncryption: 'srtp-mand' })));
    afterAll(() => peer.stop());

    it('should be refused with plain RTP, call again and see all four signals flow', async () => {
      const { code, outcome, stderr } = await probe('sip-call', peer.uri, '--trace');
      expect({ ...outcome, log: peer.log }).toMatchObject({
        result: 'pass',
        reason: 'ok',
        signals: FLOWING,
        detail: { encryption: 'srtp-sdes', offers: ['RTP/AVP', 'RTP/SAVP'], audioCodec: 'PCMA', videoCodec: 'H264' },
      });
      expect(code).toBe(0);
      expect(outcome.media?.audioIn?.packets).toBeGreaterThan(200);
      expect(outcome.media?.videoIn?.packets).toBeGreaterThan(100);
      // only who opened our packets can report about them
      expect(outcome.media?.audioOut?.reports).toBeGreaterThan(0);
      expect(outcome.media?.videoOut?.reports).toBeGreaterThan(0);
      expect(stderr).toMatch(/--> INVITE[^]*<-- 488[^]*--> INVITE[^]*<-- 200[^]*--> BYE/);
    });

    it('should stay refused where SRTP is switched off, and show why', async () => {
      const { code, outcome } = await probe('sip-call', peer.uri, '--encryption', 'off');
      // its 488 says nothing of encryption: without a second call nobody can know
      expect(outcome).toMatchObject({ result: 'fail', reason: 'codec-mismatch', detail: { failure: { status: 488 } } });
      expect(outcome.detail?.offers).toBeUndefined();
      expect(code).toBe(1);
    });

    it('should show no key in the messages that it keeps of a refused call', async () => {
      const { outcome } = await probe('sip-call', `sip:nobody@127.0.0.1:${peer.port}`, '--encryption', 'require');
      const ladder = JSON.stringify(outcome.evidence?.ladder);
      expect(ladder).toContain('a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:(removed)');
      expect(ladder).not.toMatch(/inline:[A-Za-z0-9+/]/);
    });
  },
  lacking,
);

describeWith(
  ['baresip', 'ffmpeg'],
  'sip-call to a baresip that takes SRTP as well as plain RTP',
  () => {
    let peer: Baresip;
    beforeAll(async () => (peer = await Baresip.start({ mediaEncryption: 'srtp' })));
    afterAll(() => peer.stop());

    it('should call with SRTP alone where that is required', async () => {
      const { outcome } = await probe('sip-call', peer.uri, '--encryption', 'require');
      expect({ ...outcome, log: peer.log }).toMatchObject({
        result: 'pass',
        signals: FLOWING,
        detail: { encryption: 'srtp-sdes', offers: ['RTP/SAVP'] },
      });
    });
  },
  lacking,
);

describeWith(
  ['baresip'],
  'sip-call to a baresip that knows no SRTP',
  () => {
    let peer: Baresip;
    beforeAll(async () => (peer = await Baresip.start({ video: 'none' })));
    afterAll(() => peer.stop());

    it('should not fall back to plain RTP where SRTP is required', async () => {
      const { outcome } = await probe('sip-call', peer.uri, '--no-video', '--encryption', 'require', '--hold', '1');
      expect(outcome).toMatchObject({ result: 'fail', reason: 'codec-mismatch', detail: { offers: ['RTP/SAVP'] } });
    });
  },
  lacking,
);
