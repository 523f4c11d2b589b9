import { ManualScheduler } from '../../common/manual-scheduler.js';
import { systemRandom } from '../../common/random.js';
import type { MediaFacts, MediaLeg } from '../../media/contract.js';
import { createResponse, parseSipMessage, type SipRequest } from '../../protocols/sip/message.js';
import type { SipPathTo } from '../sip-path.js';
import { AutomaticCall } from './automatic-call.js';
import type { CallFacts } from './sip-call.facts.js';
import { type SipCallOptions, sipCallOptions } from './sip-call.options.js';

const PEER = '10.1.2.3';
const noFacts: MediaFacts = { activeMs: 6000, pacingLateMs: 0.3, clock: 'kernel' };

const sdp = (address: string, videoPort = 20_002): string =>
  [
    'v=0',
    `o=room 1 1 IN IP4 ${address}`,
    's=-',
    `c=IN IP4 ${address}`,
    't=0 0',
    'm=audio 20000 RTP/AVP 8',
    'a=rtpmap:8 PCMA/8000',
    `m=video ${videoPort} RTP/AVP 97`,
    'a=rtpmap:97 H264/90000',
    'a=fmtp:97 packetization-mode=0;profile-level-id=42e01f',
    '',
  ].join('\r\n');

/** One call against a peer that a test plays by hand; time moves only when told to. */
class Stage {
  readonly scheduler = new ManualScheduler();
  readonly stop = new AbortController();
  /** methods we sent and what happened to the media, in order */
  readonly events: string[] = [];
  readonly legs: MediaLeg[][] = [];
  readonly requests: SipRequest[] = [];
  /** our descriptions, in order: the offer, then the answers to the peer's */
  readonly described: string[] = [];
  readonly call: AutomaticCall;
  private peerCSeq = 0;
  facts?: CallFacts;
  closed = false;
  loseMedia: () => void = () => undefined;
  missKeyframe: () => void = () => undefined;

  constructor(options: Partial<SipCallOptions> = {}) {
    const media = {
      ports: { audio: { rtp: 40_000, rtcp: 40_001 }, video: { rtp: 40_002, rtcp: 40_003 } },
      start: (legs: MediaLeg[]) => {
        this.events.push('media on');
        this.legs.push(legs);
      },
      onLost: (run: () => void) => void (this.loseMedia = run),
      onKeyframeMissing: (run: () => void) => void (this.missKeyframe = run),
      stop: () => {
        if (this.events.at(-1) !== 'media off') this.events.push('media off');
        return Promise.resolve(noFacts);
      },
    };
    const deps = { scheduler: this.scheduler, random: systemRandom, signal: this.stop.signal, loopLagMs: () => 7 };
    this.call = new AutomaticCall(this.path(), media, { ...sipCallOptions.parse({}), ...options }, undefined, deps);
    void this.call.run().then((facts) => (this.facts = facts));
  }

  reply(method: string, status: number, body?: string): void {
    const request = this.requests.findLast((candidate) => candidate.method === method);
    if (!request) throw new Error(`no ${method} was sent`);
    const contact = `<sip:room@${PEER}>`;
    this.call.receive(
      createResponse(request, status, 'x', { toTag: 'peer', contact, body, contentType: body && 'application/sdp' }),
    );
  }

  /** A request of the peer inside the call. */
  ask(method: string, body = ''): void {
    const invite = this.requests[0];
    if (!invite) throw new Error('no INVITE was sent');
    const headers = invite.headers.clone();
    headers.set('CSeq', `${++this.peerCSeq} ${method}`);
    headers.set('Via', `SIP/2.0/UDP ${PEER}:5060;branch=z9hG4bKpeer${this.peerCSeq}`);
    headers.set('From', `${invite.headers.get('To')};tag=peer`);
    headers.set('To', invite.headers.get('From') ?? '');
    this.call.receive({ kind: 'request', method, uri: 'sip:kiemtra@10.0.0.1', headers, body });
  }

  async settled(): Promise<CallFacts | undefined> {
    await new Promise((resolve) => setImmediate(resolve));
    return this.facts;
  }

  private path(): SipPathTo {
    return {
      target: {
        uri: { scheme: 'sip', user: 'room', host: PEER, params: {} },
        host: PEER,
        port: 5060,
        transport: 'UDP',
        address: PEER,
      },
      from: { uri: { scheme: 'sip', user: 'kiemtra', host: '10.0.0.1', params: {} }, params: {} },
      routes: [],
      route: { transport: 'UDP', host: PEER, address: PEER, port: 5060 },
      oddities: () => ({}),
      transport: {
        protocol: 'UDP',
        reliable: false,
        localAddress: '10.0.0.1',
        localPort: 5066,
        remoteAddress: PEER,
        malformed: 0,
        send: (bytes) => this.sent(bytes),
        unref: () => undefined,
        close: () => (this.closed = true),
      },
    };
  }

  private sent(bytes: Uint8Array): void {
    const message = parseSipMessage(bytes);
    if (!message.ok) throw new Error(message.error);
    if (message.value.body !== '') this.described.push(message.value.body);
    if (message.value.kind !== 'request') return;
    this.requests.push(message.value);
    this.events.push(message.value.method);
  }
}

describe(AutomaticCall.name, () => {
  it('should ring, hold, send no media after its BYE and tell what it saw', async () => {
    const stage = new Stage({ holdS: 6 });
    stage.reply('INVITE', 180);
    stage.scheduler.advance(300);
    stage.reply('INVITE', 200, sdp(PEER));
    stage.scheduler.advance(5999);
    expect(stage.events).toEqual(['INVITE', 'ACK', 'media on']);
    stage.scheduler.advance(1);
    expect(stage.events).toEqual(['INVITE', 'ACK', 'media on', 'media off', 'BYE']);
    expect(await stage.settled()).toBeUndefined();
    expect(stage.requests[0]?.headers.get('Priority')).toBe('non-urgent');
    stage.reply('BYE', 200);
    expect(await stage.settled()).toMatchObject({
      setupMs: 300,
      lastProvisional: 180,
      endedBy: 'us',
      byeAnswered: true,
      media: noFacts,
      selfLagMs: 0.3,
    });
    expect(stage.legs[0]).toMatchObject([
      {
        medium: 'audio',
        remoteAddress: PEER,
        remoteRtpPort: 20_000,
        remoteRtcpPort: 20_001,
        payloadType: 8,
        codec: 'PCMA',
        send: true,
      },
      { medium: 'video', remoteAddress: PEER, remoteRtpPort: 20_002, payloadType: 97, packetizationMode: 0, send: true },
    ]);
    stage.scheduler.advance(40_000);
    expect(stage.closed).toBe(true);
    expect(stage.scheduler.pendingCount).toBe(0);
  });

  it('should not wait for ever for the answer to its BYE, and go on repeating it', async () => {
    const stage = new Stage({ holdS: 1 });
    stage.reply('INVITE', 200, sdp(PEER));
    stage.scheduler.advance(1000 + 4000);
    expect(await stage.settled()).toMatchObject({ endedBy: 'us', media: noFacts });
    expect(stage.facts?.byeAnswered).toBeUndefined();
    expect(stage.closed).toBe(false);
    const repeats = stage.events.filter((event) => event === 'BYE').length;
    stage.scheduler.advance(10_000);
    expect(stage.events.filter((event) => event === 'BYE').length).toBeGreaterThan(repeats);
    stage.scheduler.advance(60_000);
    expect(stage.closed).toBe(true);
  });

  it('should send media only to the machine that it called', async () => {
    const stage = new Stage({ holdS: 1 });
    stage.reply('INVITE', 200, sdp('10.9.9.9'));
    expect(stage.legs[0]).toMatchObject([
      { remoteAddress: PEER, send: false, receive: true },
      { remoteAddress: PEER, send: false, receive: true },
    ]);
    stage.scheduler.advance(1000);
    stage.reply('BYE', 200);
    expect((await stage.settled())?.foreign).toEqual({ audio: '10.9.9.9', video: '10.9.9.9' });
  });

  it.each([
    ['an address of an allowed prefix', '10.9.9.9', ['10.9.9.0/24'], '10.9.9.9', {}],
    ['its own address, mapped into IPv6', `::ffff:${PEER}`, [], PEER, {}],
    ['a name, which nobody resolves', 'media.example.org', [], undefined, { audio: 'media.example.org' }],
    ['everybody', '239.1.1.1', ['239.0.0.0/8'], undefined, { audio: '239.1.1.1' }],
    ['this machine', '127.0.0.1', ['127.0.0.0/8'], undefined, { audio: '127.0.0.1' }],
  ])('should decide about media for %s', async (_title, address, allowedMediaPrefixes, target, foreign) => {
    const stage = new Stage({ holdS: 1, allowedMediaPrefixes });
    stage.reply('INVITE', 200, sdp(address, 0));
    expect(stage.legs[0]).toMatchObject([{ remoteAddress: target ?? PEER, send: target !== undefined, receive: true }]);
    stage.scheduler.advance(1000);
    stage.reply('BYE', 200);
    expect((await stage.settled())?.foreign).toEqual(foreign);
  });

  it('should offer the codecs and the bandwidth of the endpoint', () => {
    const offer = (options: Partial<SipCallOptions>) => new Stage(options).described[0] ?? '';
    expect(offer({ codecs: ['PCMU', 'H264'], bandwidthKbps: 384 })).toMatch(/m=audio \d+ RTP\/AVP 0\r\nb=AS:80\r\nb=TIAS:64000/);
    expect(offer({ codecs: ['PCMU', 'H264'], bandwidthKbps: 384 })).toContain('b=AS:304');
    expect(offer({})).not.toContain('TIAS');
  });

  it('should send nothing to the port of a service', async () => {
    const stage = new Stage({ holdS: 1 });
    stage.reply('INVITE', 200, sdp(PEER, 0).replace('audio 20000', 'audio 161'));
    expect(stage.legs[0]).toMatchObject([{ send: false }]);
    stage.scheduler.advance(1000);
    stage.reply('BYE', 200);
    expect((await stage.settled())?.foreign).toEqual({ audio: `${PEER} port 161` });
  });

  it('should hang up at once on an answer that holds nothing for us', async () => {
    const stage = new Stage();
    stage.reply('INVITE', 200);
    expect(stage.events).toEqual(['INVITE', 'ACK', 'media off', 'BYE']);
    stage.reply('BYE', 200);
    expect(await stage.settled()).toMatchObject({ sdpError: expect.any(String) as string, media: undefined });
  });

  it('should cancel what rings too long and wait for the device to let go', async () => {
    const stage = new Stage({ ringS: 8 });
    stage.reply('INVITE', 180);
    stage.scheduler.advance(8000);
    expect(stage.events).toContain('CANCEL');
    expect(await stage.settled()).toBeUndefined();
    stage.reply('CANCEL', 200);
    expect(await stage.settled()).toBeUndefined();
    stage.reply('INVITE', 487);
    expect(await stage.settled()).toMatchObject({ failure: { kind: 'rang-out', lastStatus: 180 }, lastProvisional: 180 });
  });

  it('should end a call that is answered after we gave up', async () => {
    const stage = new Stage({ noProvisionalS: 5 });
    stage.scheduler.advance(5000);
    expect(await stage.settled()).toMatchObject({ failure: { kind: 'no-answer' }, selfLagMs: 7 });
    stage.reply('INVITE', 200, sdp(PEER));
    expect(stage.events.filter((event) => event !== 'INVITE' && event !== 'media off')).toEqual(['ACK', 'BYE']);
    expect(stage.closed).toBe(false);
    stage.reply('BYE', 200);
    stage.scheduler.advance(60_000);
    expect(stage.closed).toBe(true);
  });

  it('should note when the peer takes a direction away, and for good only when it does not give it back', async () => {
    const stage = new Stage({ holdS: 6 });
    const held = sdp(PEER).replace('m=video', 'a=sendonly\r\nm=video');
    stage.reply('INVITE', 200, sdp(PEER));
    stage.scheduler.advance(1000);
    stage.ask('UPDATE', held);
    stage.scheduler.advance(1000);
    stage.ask('UPDATE', sdp(PEER));
    stage.scheduler.advance(1000);
    stage.ask('UPDATE', sdp(PEER, 0));
    stage.scheduler.advance(3000);
    stage.reply('BYE', 200);
    expect(await stage.settled()).toMatchObject({ changes: 3, heldAfterMs: { videoOut: 3000, videoIn: 3000 } });
    expect(stage.facts?.heldAfterMs).not.toHaveProperty('audioOut');
  });

  it('should raise the version of its description with each change, and only then', () => {
    const stage = new Stage({ holdS: 6 });
    stage.reply('INVITE', 200, sdp(PEER));
    for (const body of [sdp(PEER), sdp(PEER), sdp(PEER, 0)]) stage.ask('UPDATE', body);
    expect(stage.described.map((text) => /^o=\S+ \S+ (\d+)/m.exec(text)?.[1])).toEqual(['1', '2', '2', '3']);
  });

  it('should ask for a missing keyframe by INFO (RFC 5168), and go on whatever it is answered', async () => {
    const stage = new Stage({ holdS: 6 });
    stage.missKeyframe();
    stage.reply('INVITE', 200, sdp(PEER));
    stage.missKeyframe();
    stage.reply('INFO', 415);
    stage.missKeyframe();
    const infos = stage.requests.filter(({ method }) => method === 'INFO');
    expect(infos.map(({ headers }) => headers.get('CSeq'))).toEqual(['2 INFO', '3 INFO']);
    expect(infos[0]?.headers.get('Content-Type')).toBe('application/media_control+xml');
    expect(infos[0]?.body).toContain('<picture_fast_update/>');
    stage.scheduler.advance(6000);
    stage.missKeyframe();
    expect(stage.events.slice(-2)).toEqual(['media off', 'BYE']);
    stage.reply('BYE', 200);
    expect(await stage.settled()).toMatchObject({ keyframeInfos: 2, endedBy: 'us' });
  });

  it('should tell that the peer hung up', async () => {
    const stage = new Stage();
    stage.reply('INVITE', 200, sdp(PEER));
    stage.ask('BYE');
    expect(await stage.settled()).toMatchObject({ endedBy: 'peer', media: noFacts });
  });

  it.each([
    ['while it rings', 180, 'CANCEL', 'INVITE', 487],
    ['while it is held', 200, 'BYE', 'BYE', 200],
  ] as const)('should end cleanly when it is told to stop %s', async (_title, status, ours, answered, answer) => {
    const stage = new Stage();
    stage.reply('INVITE', status, status === 200 ? sdp(PEER) : undefined);
    stage.stop.abort();
    expect(stage.events).toContain(ours);
    stage.reply(answered, answer);
    expect(await stage.settled()).toMatchObject({ aborted: true });
  });

  it.each([
    ['while it rings', 180, 'CANCEL', 'INVITE', 487],
    ['while it is held', 200, 'BYE', 'BYE', 200],
  ] as const)('should end at once when the media thread is lost %s', async (_title, status, ours, answered, answer) => {
    const stage = new Stage();
    stage.reply('INVITE', status, status === 200 ? sdp(PEER) : undefined);
    stage.loseMedia();
    expect(stage.events).toContain(ours);
    stage.reply(answered, answer);
    expect(await stage.settled()).toMatchObject({ aborted: true });
  });
});
