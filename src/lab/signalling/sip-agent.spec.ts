import { ManualScheduler } from '../../common/manual-scheduler.js';
import { systemRandom } from '../../common/random.js';
import { answerChallenge } from '../../protocols/sip/digest.js';
import { SipHeaders, tagOf } from '../../protocols/sip/headers.js';
import { parseSipMessage, type SipMessage, type SipRequest, type SipResponse } from '../../protocols/sip/message.js';
import type { SipTransport } from '../../protocols/sip/transport.js';
import { buildOffer, negotiate } from '../../protocols/sdp/offer-answer.js';
import { formatSdp, parseSdp } from '../../protocols/sdp/session-description.js';
import { behaviourAt, HEALTHY, type Behaviour } from '../faults/behaviour.js';
import { faultSchema, type FaultInput } from '../faults/fault.js';
import type { AgreedMedia } from '../media/call-media.js';
import type { MediaEnd } from '../media/media-host.js';
import { SipAgent } from './sip-agent.js';

const OFFER = buildOffer({ address: '127.0.0.1', sessionId: '1', audioPort: 4000, videoPort: 4002 });

class RecordingFlow implements SipTransport {
  readonly protocol = 'UDP';
  readonly reliable = false;
  readonly localAddress = '127.20.0.1';
  readonly localPort = 5060;
  readonly remoteAddress = '127.0.0.9';
  readonly sent: SipMessage[] = [];

  send(bytes: Uint8Array): void {
    const parsed = parseSipMessage(bytes);
    if (parsed.ok) this.sent.push(parsed.value);
  }

  get statuses(): number[] {
    return this.sent.flatMap((message) => (message.kind === 'response' ? [message.status] : []));
  }

  get methods(): string[] {
    return this.sent.flatMap((message) => (message.kind === 'request' ? [message.method] : []));
  }

  last(): SipResponse {
    const message = this.sent.findLast((sent) => sent.kind === 'response');
    if (message?.kind !== 'response') throw new Error('no response was sent');
    return message;
  }
}

class RecordingMedia implements MediaEnd {
  readonly ports = { audio: { rtp: 20_000, rtcp: 20_001 }, video: { rtp: 20_002, rtcp: 20_003 } };
  quietSinceMs: number | undefined;
  readonly applied: AgreedMedia[] = [];
  closed = false;

  requestKeyframe(): void {}
  apply(agreed: AgreedMedia): void {
    this.applied.push(agreed);
  }

  close(): void {
    this.closed = true;
  }
}

function setUp(...faults: FaultInput[]) {
  const scheduler = new ManualScheduler();
  const flow = new RecordingFlow();
  const media = new RecordingMedia();
  let behaviour: Readonly<Behaviour> = HEALTHY;
  const become = (...next: FaultInput[]): void => {
    behaviour = behaviourAt(
      next.map((fault) => ({ fault: faultSchema.parse(fault), sinceMs: 0 })),
      0,
    );
  };
  become(...faults);
  const agent = new SipAgent({
    address: '127.20.0.1',
    scheduler,
    random: systemRandom,
    behaviour: () => behaviour,
    openMedia: () => Promise.resolve(media),
    inOtherCall: () => false,
  });
  let cseq = 0;
  const request = (
    method: string,
    more: Partial<{ body: string; toTag: string; callId: string; cseq: number; branch: string }> = {},
  ) => {
    const number = more.cseq ?? ++cseq;
    const message: SipRequest = {
      kind: 'request',
      method,
      uri: 'sip:room@127.20.0.1',
      headers: SipHeaders.from([
        ['Via', `SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK${more.branch ?? `${method}${number}`}`],
        ['From', '<sip:probe@127.0.0.1>;tag=caller'],
        ['To', `<sip:room@127.20.0.1>${more.toTag === undefined ? '' : `;tag=${more.toTag}`}`],
        ['Call-ID', more.callId ?? 'call-1'],
        ['CSeq', `${number} ${method}`],
        ['Contact', '<sip:probe@127.0.0.1:5070>'],
      ]),
      body: more.body ?? '',
    };
    return message;
  };
  const receive = async (message: SipRequest): Promise<SipRequest> => {
    agent.receive(message, flow);
    // opening the media takes a turn of the loop
    await new Promise((resolve) => setImmediate(resolve));
    return message;
  };
  const toTag = (): string => tagOf(flow.last().headers.get('To')) ?? '';
  const establish = async (): Promise<void> => {
    const invite = await receive(request('INVITE', { body: formatSdp(OFFER) }));
    await receive(request('ACK', { toTag: toTag(), cseq: Number(invite.headers.get('CSeq')?.split(' ')[0]), branch: 'ack' }));
  };
  return { agent, flow, media, scheduler, request, receive, toTag, become, establish };
}

describe(SipAgent.name, () => {
  test('OPTIONS: 200 with Allow and Server, without state, the copy answered alike', async () => {
    const { flow, request, receive, scheduler } = setUp();
    const options = await receive(request('OPTIONS'));
    await receive(options);
    expect(flow.statuses).toEqual([200, 200]);
    expect(flow.sent[1]).toEqual(flow.sent[0]);
    expect(flow.last().headers.get('Server')).toBe('Lab codec');
    expect(flow.last().headers.get('Allow')).toContain('INVITE');
    expect(scheduler.pendingCount).toBe(0);
  });

  test('a call: 100, 180, 200 with an answer, media, ACK, BYE', async () => {
    const { agent, flow, media, request, receive, toTag, establish } = setUp();
    await establish();
    expect(flow.statuses).toEqual([100, 180, 200]);
    const answer = parseSdp(flow.last().body);
    const agreed = answer.ok ? negotiate(OFFER, answer.value) : answer;
    expect(agreed).toMatchObject({
      ok: true,
      value: {
        audio: { rtpPort: 20_000, codec: 'PCMA', weSend: true, weReceive: true },
        video: { rtpPort: 20_002, codec: 'H264' },
      },
    });
    expect(media.applied).toMatchObject([
      { audio: { address: '127.0.0.1', rtpPort: 4000, rtcpPort: 4001 }, video: { rtpPort: 4002 } },
    ]);
    expect([agent.inCall, agent.calls]).toEqual([true, 1]);
    await receive(request('BYE', { toTag: toTag() }));
    expect([flow.last().status, agent.inCall, media.closed]).toEqual([200, false, true]);
  });

  test.each<[FaultInput, number[]]>([
    [{ fault: 'busy' }, [486]],
    [{ fault: 'declined' }, [603]],
    [{ fault: 'error-503', retryAfterS: 7 }, [503]],
    [{ fault: 'ringing' }, [100, 180]],
    [{ fault: 'hung' }, [100]],
    [{ fault: 'auth' }, [401]],
  ])('%j', async (fault, statuses) => {
    const { flow, request, receive } = setUp(fault);
    await receive(request('INVITE', { body: formatSdp(OFFER) }));
    expect(flow.statuses).toEqual(statuses);
    if (statuses[0] === 503) expect(flow.last().headers.get('Retry-After')).toBe('7');
  });

  test('audio-only refuses the picture with port 0', async () => {
    const { flow, establish } = setUp({ fault: 'audio-only' });
    await establish();
    expect(flow.last().body).toMatch(/^m=audio 20000 /m);
    expect(flow.last().body).toMatch(/^m=video 0 /m);
  });

  test('the right password opens the door, a wrong one does not', async () => {
    const { flow, request, receive } = setUp({ fault: 'auth', user: 'u', password: 'p' });
    await receive(request('INVITE'));
    const answer = (password: string): string => {
      const { headers } = flow.last();
      const answered = answerChallenge({
        headers,
        method: 'INVITE',
        uri: 'sip:room@127.20.0.1',
        body: '',
        user: 'u',
        password,
        random: systemRandom,
      });
      return answered.ok ? answered.value.value : '';
    };
    for (const password of ['wrong', 'p']) {
      const invite = request('INVITE', { body: formatSdp(OFFER) });
      invite.headers.set('Authorization', answer(password));
      await receive(invite);
    }
    expect(flow.statuses).toEqual([401, 401, 100, 180, 200]);
  });

  test('a second caller gets 486 while the room is in a call', async () => {
    const { flow, request, receive, establish } = setUp();
    await establish();
    await receive(request('INVITE', { callId: 'call-2', body: formatSdp(OFFER) }));
    expect(flow.last().status).toBe(486);
  });

  test('CANCEL while it rings: 200 for it, 487 for the INVITE, and the room is free', async () => {
    const { agent, flow, request, receive } = setUp({ fault: 'ringing' });
    const invite = await receive(request('INVITE', { body: formatSdp(OFFER), branch: 'one' }));
    await receive(request('CANCEL', { branch: 'one', cseq: Number(invite.headers.get('CSeq')?.split(' ')[0]) }));
    expect(flow.statuses).toEqual([100, 180, 200, 487]);
    expect(agent.inCall).toBe(false);
  });

  test('a hold stops the sound of the room, a resume brings it back', async () => {
    const { flow, media, request, receive, toTag, establish } = setUp();
    await establish();
    const held = { ...OFFER, media: OFFER.media.map((medium) => ({ ...medium, direction: 'inactive' as const })) };
    await receive(request('INVITE', { toTag: toTag(), body: formatSdp(held) }));
    await receive(request('UPDATE', { toTag: toTag(), body: formatSdp(OFFER) }));
    expect(flow.last().status).toBe(200);
    expect(media.applied.map(({ audio }) => audio?.weSend)).toEqual([true, false, true]);
  });

  test('an INVITE without an offer gets ours, and the ACK brings the answer', async () => {
    const { flow, media, request, receive, toTag } = setUp();
    await receive(request('INVITE'));
    const answer = OFFER.media.map((medium) => ({ ...medium, payloadTypes: medium.payloadTypes.slice(0, 1) }));
    expect(flow.last().body).toMatch(/^m=video 20002 /m);
    await receive(request('ACK', { toTag: toTag(), cseq: 1, branch: 'ack', body: formatSdp({ ...OFFER, media: answer }) }));
    expect(media.applied).toMatchObject([{ audio: { rtpPort: 4000 }, video: { rtpPort: 4002 } }]);
  });

  test.each([
    ['no sound in common', formatSdp(OFFER).replaceAll('RTP/AVP', 'RTP/SAVP')],
    ['no description at all', 'rubbish'],
  ])('%s: 488', async (_name, body) => {
    const { agent, flow, media, request, receive } = setUp();
    await receive(request('INVITE', { body }));
    expect([flow.last().status, agent.inCall, media.closed]).toEqual([488, false, true]);
  });

  test('a 200 that is never acknowledged is repeated, then the call is ended with BYE', async () => {
    const { agent, flow, scheduler, request, receive } = setUp();
    await receive(request('INVITE', { body: formatSdp(OFFER) }));
    scheduler.advance(33_000);
    expect(flow.statuses.filter((status) => status === 200).length).toBeGreaterThan(5);
    expect(flow.methods).toContain('BYE');
    expect(agent.inCall).toBe(false);
  });

  test('hang-up: BYE so long after the ACK', async () => {
    const { agent, flow, scheduler, establish } = setUp({ fault: 'hang-up', afterS: 2 });
    await establish();
    scheduler.advance(1999);
    expect(agent.inCall).toBe(true);
    scheduler.advance(1);
    expect([flow.methods, agent.inCall]).toEqual([['BYE'], false]);
  });

  test('a caller that fell silent is hung up on, one that is heard is not', async () => {
    const { agent, media, scheduler, establish } = setUp();
    await establish();
    media.quietSinceMs = 25_000;
    scheduler.advance(50_000);
    expect(agent.inCall).toBe(true);
    scheduler.advance(10_000);
    expect(agent.inCall).toBe(false);
  });

  test('strangers: BYE and re-INVITE of no call get 481, an unknown method 405, a stray ACK nothing', async () => {
    const { flow, request, receive } = setUp();
    await receive(request('BYE', { toTag: 'x' }));
    await receive(request('INVITE', { toTag: 'x', body: formatSdp(OFFER) }));
    await receive(request('CANCEL'));
    await receive(request('PUBLISH'));
    await receive(request('ACK', { toTag: 'x', branch: 'stray' }));
    expect(flow.statuses).toEqual([481, 481, 481, 405]);
  });

  test('a flood of INVITEs is dropped, not stored', async () => {
    const { flow, request, receive } = setUp({ fault: 'busy' });
    for (let i = 0; i < 300; i++) await receive(request('INVITE', { callId: `flood-${i}` }));
    expect(flow.statuses).toHaveLength(256);
  });

  test('closing ends the call with one BYE and leaves no timer', async () => {
    const { agent, flow, scheduler, establish } = setUp();
    await establish();
    agent.close();
    expect([flow.methods, scheduler.pendingCount]).toEqual([['BYE'], 0]);
  });
});
