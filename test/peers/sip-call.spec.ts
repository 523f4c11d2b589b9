import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { Baresip, baresipHasH264, freePort } from './baresip.js';
import { missingBuild, probe, startProbe } from './probe-command.js';
import { describeWith } from './programs.js';

const UNKNOWN = { audioOut: 'unknown', audioIn: 'unknown', videoOut: 'unknown', videoIn: 'unknown' };
const buildNeeded = [missingBuild()].filter((what) => what !== undefined);
const videoNeeded = baresipHasH264() ? [] : ['baresip-ffmpeg (H.264)'];

describeWith(
  ['baresip', 'ffmpeg'],
  'sip-call to a baresip with sound and moving picture',
  () => {
    let peer: Baresip;
    beforeAll(async () => (peer = await Baresip.start()));
    afterAll(() => peer.stop());

    it.each(['udp', 'tcp'])('should see all four signals flow over %s', async (transport) => {
      const { code, outcome, stderr } = await probe('sip-call', `${peer.uri};transport=${transport}`, '--trace');
      expect({ ...outcome, log: peer.log }).toMatchObject({
        kind: 'sip-call',
        endpointId: null,
        result: 'pass',
        reason: 'ok',
        signals: { audioOut: 'flowing', audioIn: 'flowing', videoOut: 'flowing', videoIn: 'flowing' },
        detail: { audioCodec: 'PCMA', videoCodec: 'H264', endedBy: 'us', byeAnswered: true },
      });
      expect(code).toBe(0);
      expect(outcome.media?.audioIn?.packets).toBeGreaterThan(200);
      expect(outcome.media?.videoIn?.packets).toBeGreaterThan(100);
      expect(outcome.media?.audioOut?.reports).toBeGreaterThan(0);
      expect(outcome.media?.videoOut?.reports).toBeGreaterThan(0);
      expect(outcome.rttMs).toEqual(expect.any(Number));
      for (const line of ['--> INVITE', '<-- 200', '--> ACK', '--> BYE']) expect(stderr).toContain(line);
    });
  },
  [...buildNeeded, ...videoNeeded],
);

describeWith(
  ['baresip'],
  'sip-call to a baresip with a still picture',
  () => {
    let peer: Baresip;
    beforeAll(async () => (peer = await Baresip.start({ video: 'still' })));
    afterAll(() => peer.stop());

    it('should call it frozen, and the rest well', async () => {
      const { code, outcome } = await probe('sip-call', peer.uri);
      expect(outcome).toMatchObject({
        result: 'fail',
        reason: 'frozen',
        signals: { audioOut: 'flowing', audioIn: 'flowing', videoOut: 'flowing', videoIn: 'poor' },
      });
      expect(code).toBe(1);
    });
  },
  [...buildNeeded, ...videoNeeded],
);

describeWith(
  ['baresip'],
  'sip-call to a baresip without video',
  () => {
    let peer: Baresip;
    let withPicture: Awaited<ReturnType<typeof probe>>;
    let soundAlone: Awaited<ReturnType<typeof startProbe>['ended']>;
    beforeAll(async () => {
      peer = await Baresip.start({ video: 'none' });
      const { ended } = startProbe('sip-call', peer.uri, '--no-video');
      [withPicture, soundAlone] = await Promise.all([probe('sip-call', peer.uri), ended]);
    }, 60_000);
    afterAll(() => peer.stop());

    it('should name a missing picture', () => {
      const { code, outcome } = withPicture;
      expect(outcome).toMatchObject({
        result: 'fail',
        reason: 'audio-only',
        signals: { audioOut: 'flowing', audioIn: 'flowing', videoOut: 'absent', videoIn: 'absent' },
      });
      expect(code).toBe(1);
    });

    it('should be content when no picture was wanted, and say so in plain words', () => {
      const { code, stdout } = soundAlone;
      expect(stdout).toMatch(/^ĐẠT \/ pass: /);
      expect(stdout).toContain('Tiếng nhận về / sound from it: thông / flowing');
      expect(code).toBe(0);
    });

    it('should not confuse a wrong name with a dead device', async () => {
      const { code, outcome } = await probe('sip-call', `sip:nobody@127.0.0.1:${peer.port}`);
      expect(outcome).toMatchObject({
        result: 'fail',
        reason: 'not-found',
        signals: UNKNOWN,
        detail: { failure: { status: 404 } },
      });
      expect(outcome.evidence?.ladder).toMatchObject([
        { direction: 'sent' },
        { summary: '404 Not Found' },
        { direction: 'sent' },
      ]);
      expect(code).toBe(1);
    });

    it('should be let go when it is interrupted', async () => {
      const call = startProbe('sip-call', peer.uri, '--json', '--trace');
      await call.traced('--> ACK');
      call.interrupt();
      const { code, stdout, stderr } = await call.ended;
      expect(JSON.parse(stdout)).toMatchObject({ result: 'inconclusive', reason: 'aborted', detail: { byeAnswered: true } });
      expect(stderr).toContain('--> BYE');
      expect(code).toBe(2);
    });
  },
  buildNeeded,
);

describeWith(
  ['baresip'],
  'sip-call to a baresip that nobody answers',
  () => {
    let peer: Baresip;
    beforeAll(async () => (peer = await Baresip.start({ video: 'none', answerMode: 'manual', maxCalls: 1 })));
    afterAll(() => peer.stop());

    it('should let it ring for its time, cancel and not call that a failure of the line', async () => {
      const { code, outcome, stderr } = await probe('sip-call', peer.uri, '--timeout', '2', '--trace');
      expect(outcome).toMatchObject({ result: 'inconclusive', reason: 'not-auto-answering', signals: UNKNOWN });
      expect(stderr).toMatch(/--> CANCEL[^]*<-- 487/);
      expect(code).toBe(2);
    });

    it('should find it busy while another call rings there', async () => {
      const other = startProbe('sip-call', peer.uri, '--json', '--trace');
      await other.traced('<-- 180');
      const { code, outcome } = await probe('sip-call', peer.uri);
      other.interrupt();
      await other.ended;
      expect(outcome).toMatchObject({ result: 'inconclusive', reason: 'busy', detail: { failure: { status: 486 } } });
      expect(code).toBe(2);
    });
  },
  buildNeeded,
);

describeWith(
  [],
  'sip-call where no codec is',
  () => {
    let swallowing: Socket;
    beforeAll(async () => {
      swallowing = createSocket('udp4');
      swallowing.bind(0, '127.0.0.1');
      await once(swallowing, 'listening');
    });
    afterAll(() => void swallowing.close());

    it('should tell a closed port from an address that swallows everything', async () => {
      const closed = await probe('sip-call', `sip:room@127.0.0.1:${await freePort()}`);
      expect(closed).toMatchObject({ code: 1, outcome: { result: 'fail', reason: 'refused', signals: UNKNOWN } });
      const dead = await probe('sip-call', `sip:room@127.0.0.1:${swallowing.address().port}`, '--timeout', '2');
      expect(dead).toMatchObject({ code: 1, outcome: { result: 'fail', reason: 'no-answer', signals: UNKNOWN } });
      // RFC 3261 17.1.1.2: asked at 0, 0.5 and 1.5 s
      expect(dead.outcome.evidence?.ladder).toHaveLength(3);
    });

    it('should refuse what it does not understand with code 64 and the usage', async () => {
      const { code, stdout, stderr } = await startProbe('sip-call', 'sip:room@127.0.0.1', '--hold', '99').ended;
      expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
      expect(stderr).toMatch(/holdS[^]*usage: npm run -s probe/);
    });
  },
  buildNeeded,
);
