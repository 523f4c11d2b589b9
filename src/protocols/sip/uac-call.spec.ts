import { CallBench, OFFER, PEER_SDP } from './testing/call-bench.js';
import { answer } from './testing/wire.js';
import type { SipRequest } from './message.js';

const branchOf = (request: SipRequest): string | undefined => /branch=(\w+)/.exec(request.headers.get('Via') ?? '')?.[1];

/** Everything that may still be sent or awaited is over. */
function expectFinished(bench: CallBench): void {
  expect(bench.told.filter((type) => type === 'finished')).toHaveLength(1);
  expect(bench.told.at(-1)).toBe('finished');
  expect(bench.call.finished).toBe(true);
  expect(bench.scheduler.pendingCount).toBe(0);
}

describe('a call that succeeds, RFC 3261 section 13', () => {
  it.each(['UDP', 'TCP'] as const)('over %s: rings, is answered, hung up by us', (protocol) => {
    const bench = new CallBench({}, protocol);
    bench.scheduler.advance(100);
    bench.answer(bench.invite, 100);
    bench.answer(bench.invite, 183, { body: PEER_SDP });
    bench.scheduler.advance(250);
    bench.answer(bench.invite, 200, { body: PEER_SDP });
    bench.call.hangUp();
    bench.answer(bench.wire.request('BYE'), 200);
    expect(bench.events).toEqual([
      { type: 'provisional', status: 100 },
      { type: 'provisional', status: 183, sdp: PEER_SDP },
      { type: 'answered', sdp: PEER_SDP, setupMs: 350 },
      { type: 'ended', by: 'us' },
    ]);
    expect(bench.wire.summary).toEqual(['INVITE', 'ACK', 'BYE']);
    bench.scheduler.advance(40_000);
    expectFinished(bench);
  });

  it('offers in the INVITE and says how to reach us', () => {
    const { invite } = new CallBench({}, 'TCP');
    expect(invite.body).toBe(OFFER);
    expect(invite.headers.get('Content-Type')).toBe('application/sdp');
    expect(invite.headers.get('Contact')).toBe('<sip:us@192.0.2.1:5062;transport=tcp>');
    expect(invite.headers.get('To')).toBe('<sip:room@198.51.100.7>');
  });

  it('a sips: target gets a sips: Contact (8.1.1.8)', () => {
    const bench = new CallBench({ target: { scheme: 'sips', host: '198.51.100.7', params: {} } }, 'TCP');
    expect(bench.invite.headers.get('Contact')).toBe('<sips:us@192.0.2.1:5062>');
  });

  it('the ACK goes to the Contact with a new branch (13.2.2.4)', () => {
    const bench = new CallBench().establish();
    const ack = bench.wire.request('ACK');
    expect(ack.uri).toBe('sip:room@198.51.100.7:5060');
    expect(branchOf(ack)).not.toBe(branchOf(bench.invite));
    expect(ack.headers.get('CSeq')).toBe('1 ACK');
  });

  it('BYE follows the recorded route', () => {
    const bench = new CallBench();
    bench.answer(bench.invite, 200, { headers: [['Record-Route', '<sip:b;lr>, <sip:a;lr>']] });
    bench.call.hangUp();
    expect(bench.wire.request('BYE').headers.getAll('Route')).toEqual(['<sip:a;lr>', '<sip:b;lr>']);
    expect(bench.wire.request('BYE').headers.get('CSeq')).toBe('2 BYE');
  });

  it.each([
    ['its port of the same address is followed', '<sip:room@198.51.100.7:5070>', 5070, undefined],
    ['also with our transport named', '<sip:room@198.51.100.7:5070;transport=UDP>', 5070, undefined],
    ['another transport says nothing about our port', '<sip:room@198.51.100.7:5070;transport=tcp>', undefined, undefined],
    ['without a port nothing changes', '<sip:room@198.51.100.7>', undefined, undefined],
    ['another address gets nothing', '<sip:room@203.0.113.9:5070>', undefined, '203.0.113.9'],
    ['a name is not looked up', '<sip:room@codec.example:5070>', undefined, 'codec.example'],
  ])('to a Contact: %s (12.2.1.1)', (_title, contact, port, elsewhere) => {
    const bench = new CallBench();
    bench.answer(bench.invite, 200, { body: PEER_SDP, contact });
    bench.call.hangUp();
    expect([...bench.wire.portsOf('INVITE'), ...bench.wire.portsOf('ACK'), ...bench.wire.portsOf('BYE')]).toEqual([
      undefined,
      port,
      port,
    ]);
    expect(bench.call.contactElsewhere).toBe(elsewhere);
  });

  it('a Contact that nobody hears at: the third copy of the BYE goes where the INVITE was heard', () => {
    const bench = new CallBench();
    bench.answer(bench.invite, 200, { body: PEER_SDP, contact: '<sip:room@198.51.100.7:5070>' });
    for (let i = 0; i < 2; i++) bench.answer(bench.invite, 200, { body: PEER_SDP });
    bench.call.hangUp();
    bench.scheduler.advance(4_000);
    expect(bench.wire.portsOf('ACK')).toEqual([5070, 5070, undefined]);
    expect(bench.wire.portsOf('BYE')).toEqual([5070, 5070, undefined, undefined]);
  });

  it('a recorded proxy on the same address is where its requests go', () => {
    const bench = new CallBench();
    bench.answer(bench.invite, 200, { headers: [['Record-Route', '<sip:198.51.100.7:5090;lr>']] });
    bench.call.hangUp();
    expect(bench.wire.portsOf('BYE')).toEqual([5090]);
  });

  it('INFO goes out in the answered call alone, and only to a peer that takes it (RFC 6086)', () => {
    const bench = new CallBench();
    expect(bench.call.info('text/plain', 'x')).toBe(false);
    bench.establish();
    expect(bench.call.info('text/plain', 'x')).toBe(true);
    expect(bench.wire.request('INFO')).toMatchObject({ uri: 'sip:room@198.51.100.7:5060', body: 'x' });
    bench.call.hangUp();
    expect(bench.call.info('text/plain', 'x')).toBe(false);

    const other = new CallBench();
    other.answer(other.invite, 200, { body: PEER_SDP, headers: [['Allow', 'INVITE, ACK, BYE']] });
    expect(other.call.info('text/plain', 'x')).toBe(false);
  });

  it('a lost INVITE is sent again, and the call is saved', () => {
    const bench = new CallBench();
    bench.scheduler.advance(1_600);
    bench.establish();
    expect(bench.wire.timesOf('INVITE')).toEqual([0, 500, 1_500]);
    expect(bench.event('answered').setupMs).toBe(1_600);
  });

  it('a lost ACK: each repeated 200 gets the same ACK again', () => {
    const bench = new CallBench().establish();
    for (const afterMs of [500, 1_000, 2_000]) {
      bench.scheduler.advance(afterMs);
      bench.answer(bench.invite, 200, { body: PEER_SDP });
    }
    const acks = bench.wire.requests('ACK');
    expect(acks).toHaveLength(4);
    expect(new Set(acks.map(branchOf)).size).toBe(1);
    expect(bench.told).toEqual(['provisional', 'answered']);
  });

  it('a lost BYE is sent again, and the call ends for its owner with the first', () => {
    const bench = new CallBench().establish();
    bench.call.hangUp();
    expect(bench.told.at(-1)).toBe('ended');
    bench.scheduler.advance(100_000);
    expect(bench.wire.timesOf('BYE').slice(0, 5)).toEqual([0, 500, 1_500, 3_500, 7_500]);
    expectFinished(bench);
  });

  it('a 200 without SDP is an answer without a session', () => {
    const bench = new CallBench();
    bench.answer(bench.invite, 200);
    expect(bench.event('answered').sdp).toBeNull();
  });

  it('a body of another type is not a session', () => {
    const bench = new CallBench();
    bench.answer(bench.invite, 200, { body: '<xml/>', contentType: 'application/xml' });
    expect(bench.event('answered').sdp).toBeNull();
  });
});

describe('a call that fails', () => {
  it.each([
    [403, {}],
    [404, {}],
    [480, {}],
    [486, {}],
    [488, {}],
    [500, {}],
    [600, {}],
  ])('%d is told with its status and acknowledged hop by hop', (status, extra) => {
    const bench = new CallBench();
    bench.answer(bench.invite, status);
    expect(bench.event('failed').failure).toMatchObject({ kind: 'status', status, ...extra });
    expect(branchOf(bench.wire.request('ACK'))).toBe(branchOf(bench.invite));
    bench.scheduler.advance(40_000);
    expectFinished(bench);
  });

  it('503 carries Retry-After in seconds', () => {
    const bench = new CallBench();
    bench.answer(bench.invite, 503, { headers: [['Retry-After', '120 (maintenance);duration=60']] });
    expect(bench.event('failed').failure).toEqual({
      kind: 'status',
      status: 503,
      reasonPhrase: 'Service Unavailable',
      retryAfterS: 120,
    });
  });

  it('a redirection is told with its target and never followed', () => {
    const bench = new CallBench();
    bench.answer(bench.invite, 302, { contact: '"Else" <sip:other@203.0.113.5>;q=0.7' });
    expect(bench.event('failed').failure).toMatchObject({ kind: 'status', status: 302, contact: 'sip:other@203.0.113.5' });
    bench.scheduler.advance(40_000);
    expect(bench.wire.requests('INVITE')).toHaveLength(1);
  });

  it.each([
    ['calling', (bench: CallBench) => bench],
    ['ringing', (bench: CallBench) => (bench.answer(bench.invite, 180), bench)],
  ])('a transport failure while %s is told and ends everything', (_phase, prepare) => {
    const bench = prepare(new CallBench());
    bench.call.transportFailed('refused');
    expect(bench.event('failed').failure).toEqual({ kind: 'transport', failure: 'refused' });
    expectFinished(bench);
  });

  it('inside a call a broken connection ends it, a UDP refusal is left to the BYE', () => {
    const tcp = new CallBench({}, 'TCP').establish();
    tcp.call.transportFailed('reset');
    expect(tcp.event('failed').failure).toEqual({ kind: 'transport', failure: 'reset' });
    const udp = new CallBench().establish();
    udp.call.transportFailed('refused');
    expect(udp.told).not.toContain('failed');
    udp.call.hangUp();
    udp.call.transportFailed('refused');
    expectFinished(udp);
  });
});

describe('no answer: given up early, remembered for 32 s', () => {
  it('nothing at all: no-answer at 5 s, no INVITE after that, finished at 32 s', () => {
    const bench = new CallBench();
    bench.scheduler.advance(4_999);
    expect(bench.told).toEqual([]);
    bench.scheduler.advance(1);
    expect(bench.event('failed').failure).toEqual({ kind: 'no-answer' });
    bench.scheduler.advance(26_999);
    expect(bench.call.finished).toBe(false);
    bench.scheduler.advance(1);
    expect(bench.wire.timesOf('INVITE')).toEqual([0, 500, 1_500, 3_500]);
    expect(bench.wire.summary.filter((name) => name !== 'INVITE')).toEqual([]);
    expectFinished(bench);
  });

  it('a 200 that comes late gets ACK and BYE, and is told to nobody', () => {
    const bench = new CallBench();
    bench.scheduler.advance(20_000);
    bench.answer(bench.invite, 200, { body: PEER_SDP });
    expect(bench.wire.summary.slice(-2)).toEqual(['ACK', 'BYE']);
    bench.answer(bench.wire.request('BYE'), 200);
    bench.scheduler.advance(40_000);
    expect(bench.told).toEqual(['failed', 'finished']);
  });

  it('a 180 that comes late gets CANCEL', () => {
    const bench = new CallBench();
    bench.scheduler.advance(10_000);
    bench.answer(bench.invite, 180);
    bench.answer(bench.invite, 180);
    expect(bench.wire.requests('CANCEL')).toHaveLength(1);
    bench.answer(bench.wire.request('CANCEL'), 200);
    bench.answer(bench.invite, 487);
    bench.scheduler.advance(40_000);
    expect(bench.wire.summary.at(-1)).toBe('ACK');
    expect(bench.told).toEqual(['failed', 'finished']);
  });

  it('100 and silence is hung, ringing is rang-out; both are cancelled', () => {
    const hung = new CallBench();
    hung.answer(hung.invite, 100);
    hung.scheduler.advance(8_000);
    expect(hung.event('failed').failure).toEqual({ kind: 'hung' });
    const ringing = new CallBench();
    ringing.answer(ringing.invite, 100);
    ringing.scheduler.advance(3_000);
    ringing.answer(ringing.invite, 180);
    ringing.scheduler.advance(5_000);
    expect(ringing.event('failed').failure).toEqual({ kind: 'rang-out', lastStatus: 180 });
    expect([hung, ringing].map(({ wire }) => wire.summary)).toEqual([
      ['INVITE', 'CANCEL'],
      ['INVITE', 'CANCEL'],
    ]);
  });

  it('the CANCEL is the one of RFC 3261 section 9.1', () => {
    const bench = new CallBench();
    bench.answer(bench.invite, 180);
    bench.call.hangUp();
    const cancel = bench.wire.request('CANCEL');
    for (const name of ['Via', 'From', 'To', 'Call-ID']) expect(cancel.headers.get(name)).toBe(bench.invite.headers.get(name));
    expect(cancel.uri).toBe(bench.invite.uri);
    expect(cancel.headers.get('CSeq')).toBe('1 CANCEL');
    expect(cancel.headers.getAll('Via')).toHaveLength(1);
  });

  it('a peer that answers neither CANCEL nor INVITE is forgotten 32 s after the CANCEL (9.1)', () => {
    const bench = new CallBench();
    bench.answer(bench.invite, 180);
    bench.scheduler.advance(8_000);
    bench.scheduler.advance(31_999);
    expect(bench.call.finished).toBe(false);
    bench.scheduler.advance(1);
    expectFinished(bench);
  });

  it('a 200 that crosses our CANCEL gets ACK and BYE', () => {
    const bench = new CallBench();
    bench.answer(bench.invite, 180);
    bench.scheduler.advance(8_000);
    const cancel = bench.wire.request('CANCEL');
    bench.answer(bench.invite, 200, { body: PEER_SDP });
    bench.answer(cancel, 200);
    expect(bench.wire.summary).toEqual(['INVITE', 'CANCEL', 'ACK', 'BYE']);
    expect(bench.told).toEqual(['provisional', 'failed']);
  });
});

describe('hanging up before the answer', () => {
  it('without a provisional nothing is cancelled, but the first one is', () => {
    const bench = new CallBench();
    bench.call.hangUp();
    expect(bench.wire.summary).toEqual(['INVITE']);
    bench.scheduler.advance(2_000);
    bench.answer(bench.invite, 100);
    expect(bench.wire.summary).toEqual(['INVITE', 'CANCEL']);
    expect(bench.told).toEqual(['ended']);
  });

  it('a final response after it is only acknowledged', () => {
    const bench = new CallBench();
    bench.call.hangUp();
    bench.answer(bench.invite, 486);
    bench.scheduler.advance(40_000);
    expect(bench.told).toEqual(['ended', 'finished']);
  });

  it('twice is once', () => {
    const bench = new CallBench().establish();
    bench.call.hangUp();
    bench.call.hangUp();
    expect(bench.wire.requests('BYE')).toHaveLength(1);
    expect(bench.told.filter((type) => type === 'ended')).toHaveLength(1);
  });
});

describe('forking, RFC 3261 section 13.2.2.4', () => {
  it('a second leg gets ACK and BYE at once, the first goes on', () => {
    const bench = new CallBench().establish();
    bench.answer(bench.invite, 200, { toTag: 'second', contact: '<sip:second@203.0.113.2>', body: PEER_SDP });
    const [ack, bye] = [bench.wire.request('ACK'), bench.wire.request('BYE')];
    expect([ack.uri, bye.uri]).toEqual(['sip:second@203.0.113.2', 'sip:second@203.0.113.2']);
    expect(bye.headers.get('To')).toContain('tag=second');
    expect(bench.told).toEqual(['provisional', 'answered']);
    bench.call.hangUp();
    expect(bench.wire.request('BYE').headers.get('To')).toContain('tag=peer');
  });

  it('a leg that answers when the call is over is released too', () => {
    const bench = new CallBench().establish();
    bench.call.hangUp();
    bench.answer(bench.wire.request('BYE'), 200);
    bench.scheduler.advance(20_000);
    bench.answer(bench.invite, 200, { toTag: 'second' });
    expect(bench.wire.requests('BYE')).toHaveLength(2);
  });
});

describe('reliable provisionals, which we do not offer (RFC 3262)', () => {
  const reliable = (rseq: number | string): { headers: [string, string][] } => ({
    headers: [
      ['Require', '100rel'],
      ['RSeq', String(rseq)],
    ],
  });

  it('each gets its PRACK, a copy none, and the requests after the answer count on', () => {
    const bench = new CallBench();
    for (const rseq of [7, 7, 8]) bench.answer(bench.invite, 183, reliable(rseq));
    expect(bench.wire.requests('PRACK').map(({ headers }) => [headers.get('RAck'), headers.get('CSeq')])).toEqual([
      ['7 1 INVITE', '2 PRACK'],
      ['8 1 INVITE', '3 PRACK'],
    ]);
    expect(bench.wire.request('PRACK').uri).toBe('sip:room@198.51.100.7:5060');
    for (const prack of bench.wire.requests('PRACK')) bench.answer(prack, 200);
    bench.answer(bench.invite, 200, { body: PEER_SDP });
    bench.call.hangUp();
    expect(bench.wire.request('ACK').headers.get('CSeq')).toBe('1 ACK');
    expect(bench.wire.request('BYE').headers.get('CSeq')).toBe('4 BYE');
  });

  it.each([
    ['no RSeq', 183, [['Require', '100rel']]],
    ['no number in it', 183, reliable('x').headers],
    ['no Require', 183, [['RSeq', '1']]],
    ['100 Trying, which is never reliable', 100, reliable(1).headers],
  ] as [string, number, [string, string][]][])('with %s there is nothing to acknowledge', (_what, status, headers) => {
    const bench = new CallBench();
    bench.answer(bench.invite, status, { headers });
    expect(bench.wire.summary).toEqual(['INVITE']);
  });

  it('of more forks than there are rooms only the first are acknowledged', () => {
    const bench = new CallBench();
    for (let i = 0; i < 100; i++) bench.answer(bench.invite, 183, { ...reliable(1), toTag: `fork${i}` });
    expect(bench.wire.requests('PRACK')).toHaveLength(16);
  });
});

describe('an outbound proxy, RFC 3261 section 8.1.2', () => {
  const routes = ['<sip:proxy.example;lr>'];

  it('is the Route of the INVITE, of its CANCEL and of the ACK to its refusal', () => {
    const bench = new CallBench({ routes });
    expect(bench.invite.uri).toBe('sip:room@198.51.100.7');
    bench.answer(bench.invite, 180);
    bench.call.hangUp();
    bench.answer(bench.invite, 487);
    for (const method of ['INVITE', 'CANCEL', 'ACK']) expect(bench.wire.request(method).headers.getAll('Route')).toEqual(routes);
  });

  it('is no part of the dialog, whose route is recorded by those who want to stay in it', () => {
    const bench = new CallBench({ routes }).establish();
    bench.call.hangUp();
    for (const method of ['ACK', 'BYE']) expect(bench.wire.request(method).headers.getAll('Route')).toEqual([]);
  });
});

describe('authentication, RFC 3261 section 22', () => {
  const credentials = { user: 'us', password: 'secret' };
  const challenge = (status: number, nonce = 'n'): { headers: [string, string][] } => ({
    headers: [
      [
        status === 401 ? 'WWW-Authenticate' : 'Proxy-Authenticate',
        `Digest realm="r", nonce="${nonce}", algorithm=SHA-256, qop="auth"`,
      ],
    ],
  });

  it.each([
    [401, 'Authorization'],
    [407, 'Proxy-Authorization'],
  ])('%d is answered once with %s: CSeq + 1, new branch, same call', (status, header) => {
    const bench = new CallBench({ credentials });
    const first = bench.invite;
    bench.answer(first, status, challenge(status));
    const second = bench.invite;
    expect(second.headers.get(header)).toMatch(/^Digest username="us"/);
    expect(second.headers.get('CSeq')).toBe('2 INVITE');
    expect(branchOf(second)).not.toBe(branchOf(first));
    for (const name of ['Call-ID', 'From', 'To']) expect(second.headers.get(name)).toBe(first.headers.get(name));
    bench.establish();
    expect(bench.wire.request('ACK').headers.get('CSeq')).toBe('2 ACK');
    expect(bench.wire.request('ACK').headers.get(header)).toBe(second.headers.get(header));
  });

  it('the second challenge means wrong credentials', () => {
    const bench = new CallBench({ credentials });
    bench.answer(bench.invite, 401, challenge(401));
    bench.answer(bench.invite, 401, challenge(401, 'again'));
    expect(bench.event('failed').failure).toEqual({ kind: 'auth-failed' });
    expect(bench.wire.requests('INVITE')).toHaveLength(2);
  });

  it('a stale nonce is no wrong password: one more try, and no third (RFC 7616 section 3.3)', () => {
    const bench = new CallBench({ credentials });
    const stale = { headers: [['WWW-Authenticate', 'Digest realm="r", nonce="new", stale=true']] as [string, string][] };
    bench.answer(bench.invite, 401, challenge(401));
    bench.answer(bench.invite, 401, stale);
    expect(bench.invite.headers.getAll('Authorization')).toEqual([expect.stringContaining('nonce="new"')]);
    expect(bench.told).toEqual([]);
    bench.answer(bench.invite, 401, stale);
    expect(bench.event('failed').failure).toEqual({ kind: 'auth-failed' });
    expect(bench.wire.requests('INVITE')).toHaveLength(3);
  });

  it('a proxy and the endpoint behind it may both ask, and get both answers', () => {
    const bench = new CallBench({ credentials });
    bench.answer(bench.invite, 407, challenge(407));
    bench.answer(bench.invite, 401, challenge(401));
    expect(bench.invite.headers.get('CSeq')).toBe('3 INVITE');
    for (const name of ['Proxy-Authorization', 'Authorization']) expect(bench.invite.headers.getAll(name)).toHaveLength(1);
    bench.answer(bench.invite, 407, challenge(407));
    expect(bench.event('failed').failure).toEqual({ kind: 'auth-failed' });
  });

  it('without credentials, or with a challenge we do not speak, the status is told', () => {
    const without = new CallBench();
    without.answer(without.invite, 401, challenge(401));
    const unknown = new CallBench({ credentials });
    unknown.answer(unknown.invite, 401, { headers: [['WWW-Authenticate', 'Bearer x']] });
    expect([without, unknown].map((bench) => bench.event('failed').failure)).toMatchObject([
      { kind: 'status', status: 401 },
      { kind: 'status', status: 401 },
    ]);
  });

  it('the second attempt has its own time to give up', () => {
    const bench = new CallBench({ credentials });
    bench.answer(bench.invite, 100);
    bench.scheduler.advance(4_000);
    bench.answer(bench.invite, 401, challenge(401));
    bench.scheduler.advance(4_999);
    expect(bench.told).not.toContain('failed');
    bench.scheduler.advance(1);
    expect(bench.event('failed').failure).toEqual({ kind: 'no-answer' });
  });

  it('a BYE that is challenged is sent once more with credentials', () => {
    const bench = new CallBench({ credentials }).establish();
    bench.call.hangUp();
    bench.answer(bench.wire.request('BYE'), 407, challenge(407));
    bench.answer(bench.wire.request('BYE'), 407, challenge(407));
    const byes = bench.wire.requests('BYE');
    expect(byes.map((bye) => bye.headers.get('Proxy-Authorization') !== undefined)).toEqual([false, true]);
  });
});

describe('the ladder', () => {
  it('tells what passed, when, without credentials and keys', () => {
    const bench = new CallBench({ credentials: { user: 'us', password: 'secret' } });
    bench.scheduler.advance(20);
    bench.answer(bench.invite, 401, { headers: [['WWW-Authenticate', 'Digest realm="r", nonce="n"']] });
    const body = `${PEER_SDP}m=audio 9 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0a2V5\r\n`;
    bench.answer(bench.invite, 200, { body });
    const text = bench.call.ladder.map((entry) => entry.text).join('');
    expect(bench.call.ladder.map(({ atMs, direction, summary }) => `${atMs} ${direction} ${summary}`)).toEqual([
      '0 sent INVITE sip:room@198.51.100.7',
      '20 received 401 Unauthorized',
      '20 sent ACK sip:room@198.51.100.7',
      '20 sent INVITE sip:room@198.51.100.7',
      '20 received 200 OK',
      '20 sent ACK sip:room@198.51.100.7:5060',
    ]);
    expect(text).toContain('Authorization: (removed)');
    expect(text).not.toMatch(/response=|c2VjcmV0a2V5/);
  });

  it('hides a password in a URI', () => {
    const bench = new CallBench();
    bench.answer(bench.invite, 302, { contact: '<sip:other:hunter2@203.0.113.5>' });
    expect(bench.call.ladder[1]?.text).toContain('<sip:other:(removed)@203.0.113.5>');
  });

  it('is bounded', () => {
    const bench = new CallBench();
    const ringing = answer(bench.invite, 180, { headers: [['X-Long', 'y'.repeat(7_000)]] });
    for (let i = 0; i < 200; i++) bench.call.receive(ringing);
    expect(bench.call.ladder).toHaveLength(60);
    expect(Math.max(...bench.call.ladder.map((entry) => entry.text.length))).toBe(4_096);
  });
});
