import { MAX_SERVER_TRANSACTIONS } from './transaction-table.js';
import { CallBench, OFFER, PEER_SDP } from './testing/call-bench.js';

const ANSWER = 'v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n';
const established = (): CallBench => new CallBench({ answerOf: () => ANSWER }).establish();

describe('BYE of the peer, RFC 3261 section 15.1.2', () => {
  it('is answered, also its copies, and ends the call', () => {
    const bench = established();
    const bye = bench.peerRequest('BYE');
    bench.call.receive(bye);
    expect(bench.wire.timesOf('200 BYE')).toHaveLength(2);
    expect(bench.events.filter(({ type }) => type === 'ended')).toEqual([{ type: 'ended', by: 'peer' }]);
    bench.call.hangUp();
    bench.scheduler.advance(40_000);
    expect(bench.wire.requests('BYE')).toEqual([]);
    expect(bench.call.finished).toBe(true);
  });

  it.each([
    ['where it came from, where that was written in', 'SIP/2.0/UDP 198.51.100.7:5080;rport=6001;branch=z9hG4bKx', 6001],
    ['where it says', 'SIP/2.0/UDP 198.51.100.7:5080;branch=z9hG4bKx', 5080],
    ['where we call it, where it says nothing', 'SIP/2.0/UDP 198.51.100.7;rport;branch=z9hG4bKx', undefined],
    ['where we call it, where it makes no sense', 'SIP/2.0/UDP 198.51.100.7;rport=70000;branch=z9hG4bKx', undefined],
  ])('is answered at the port %s (18.2.2, RFC 3581)', (_title, via, port) => {
    const bench = established();
    const bye = bench.peerRequest('INFO');
    const again = { ...bye, headers: bye.headers.clone() };
    again.headers.set('Via', via);
    again.headers.set('CSeq', '500 INFO');
    bench.call.receive(again);
    expect(bench.wire.portsOf('200 INFO').at(-1)).toBe(port);
  });

  it('may cross ours: both are answered, the call ended by us', () => {
    const bench = established();
    bench.call.hangUp();
    bench.peerRequest('BYE');
    expect(bench.lastStatus).toBe(200);
    expect(bench.events.filter(({ type }) => type === 'ended')).toEqual([{ type: 'ended', by: 'us' }]);
  });
});

describe('re-INVITE, RFC 3261 section 14.2', () => {
  it('is answered with our answer, told, and its 200 repeated until the ACK', () => {
    const bench = established();
    const reinvite = bench.peerRequest('INVITE', { body: PEER_SDP });
    expect(bench.wire.response(200).body).toBe(ANSWER);
    expect(bench.event('changed')).toEqual({ type: 'changed', sdp: PEER_SDP, local: ANSWER, offerer: 'peer' });
    bench.scheduler.advance(600);
    bench.peerRequest('ACK', { cseq: Number(reinvite.headers.get('CSeq')?.split(' ')[0]) });
    bench.scheduler.advance(20_000);
    expect(bench.wire.timesOf('200 INVITE')).toEqual([0, 500]);
  });

  it('moves the remote target (12.2.2)', () => {
    const bench = established();
    bench.peerRequest('INVITE', { body: PEER_SDP });
    bench.call.hangUp();
    expect(bench.wire.request('BYE').uri).toBe('sip:room@198.51.100.7:5080');
  });

  it('without an offer gets our SDP, and the ACK brings the answer', () => {
    const bench = established();
    const reinvite = bench.peerRequest('INVITE');
    expect(bench.wire.response(200).body).toBe(OFFER);
    expect(bench.told).not.toContain('changed');
    bench.peerRequest('INVITE', { body: PEER_SDP });
    expect(bench.lastStatus).toBe(491);
    bench.peerRequest('UPDATE', { body: PEER_SDP });
    expect(bench.lastStatus).toBe(491);
    bench.peerRequest('ACK', { cseq: Number(reinvite.headers.get('CSeq')?.split(' ')[0]), body: PEER_SDP });
    expect(bench.event('changed')).toEqual({ type: 'changed', sdp: PEER_SDP, local: OFFER, offerer: 'us' });
  });

  it.each([
    ['nobody answers offers', new CallBench()],
    ['the offer is refused', new CallBench({ answerOf: () => null })],
  ])('gets 488 when %s, and the session stays', (_why, bench) => {
    bench.establish();
    bench.peerRequest('INVITE', { body: PEER_SDP });
    expect(bench.lastStatus).toBe(488);
    expect(bench.told).toEqual(['provisional', 'answered']);
  });

  it('that is never acknowledged ends the call with BYE', () => {
    const bench = established();
    bench.peerRequest('INVITE', { body: PEER_SDP });
    bench.scheduler.advance(32_000);
    expect(bench.wire.requests('BYE')).toHaveLength(1);
    expect(bench.told).toContain('ended');
  });

  it('before our own INVITE is answered gets 491', () => {
    const bench = new CallBench();
    bench.answer(bench.invite, 180);
    bench.peerRequest('INVITE', { body: PEER_SDP });
    expect(bench.lastStatus).toBe(491);
    bench.peerRequest('UPDATE', { body: PEER_SDP });
    expect(bench.lastStatus).toBe(491);
  });
});

describe('other requests in the dialog, RFC 3261 section 12.2.2', () => {
  it.each([
    ['INFO', 200],
    ['OPTIONS', 200],
    ['UPDATE', 200],
    ['REFER', 603],
    ['SUBSCRIBE', 405],
    ['NOTIFY', 405],
    ['CANCEL', 481],
  ])('%s gets %d', (method, status) => {
    const bench = established();
    bench.peerRequest(method);
    expect(bench.lastStatus).toBe(status);
    expect(bench.told).toEqual(['provisional', 'answered']);
  });

  it('UPDATE with an offer is answered and told (RFC 3311)', () => {
    const bench = established();
    bench.peerRequest('UPDATE', { body: PEER_SDP });
    expect(bench.wire.response(200).body).toBe(ANSWER);
    expect(bench.event('changed')).toMatchObject({ sdp: PEER_SDP, local: ANSWER });
  });

  it.each([
    ['UPDATE', undefined],
    ['INVITE', PEER_SDP],
  ])('%s that refreshes a session timer is answered; we run none (RFC 4028 section 9)', (method, body) => {
    const bench = new CallBench({ answerOf: () => ANSWER });
    bench.answer(bench.invite, 200, { body: PEER_SDP, headers: [['Session-Expires', '90;refresher=uas']] });
    bench.peerRequest(method, {
      body,
      headers: [
        ['Session-Expires', '90;refresher=uac'],
        ['Min-SE', '90'],
      ],
    });
    expect(bench.wire.response(200).headers.get('CSeq')).toContain(method);
    expect(bench.wire.response(200).headers.get('Session-Expires')).toBeUndefined();
  });

  it('a CSeq that does not rise gets 500', () => {
    const bench = established();
    bench.peerRequest('INFO', { cseq: 500 });
    bench.peerRequest('INFO', { cseq: 499 });
    expect(bench.lastStatus).toBe(500);
  });

  it('an extension that is required gets 420', () => {
    const bench = established();
    bench.peerRequest('INFO', { headers: [['Require', 'foo, bar']] });
    expect(bench.wire.response(420).headers.get('Unsupported')).toBe('foo, bar');
  });

  it('CANCEL of an answered re-INVITE gets 200 and changes nothing', () => {
    const bench = established();
    const reinvite = bench.peerRequest('INVITE', { body: PEER_SDP });
    bench.peerRequest('CANCEL', { cseq: Number(reinvite.headers.get('CSeq')?.split(' ')[0]) });
    expect(bench.lastStatus).toBe(200);
  });
});

describe('requests of no dialog of ours', () => {
  it.each(['BYE', 'INFO', 'INVITE', 'UPDATE'])('%s with a strange tag gets 481', (method) => {
    const bench = established();
    bench.peerRequest(method, { to: '<sip:us@192.0.2.1>;tag=nobody' });
    expect(bench.lastStatus).toBe(481);
    expect(bench.told).toEqual(['provisional', 'answered']);
  });

  it('BYE before the answer gets 481', () => {
    const bench = new CallBench();
    bench.peerRequest('BYE');
    expect(bench.lastStatus).toBe(481);
  });

  it.each([
    ['OPTIONS', 200],
    ['INVITE', 403],
    ['MESSAGE', 405],
  ])('%s without a tag gets %d', (method, status) => {
    const bench = established();
    bench.peerRequest(method, { to: '<sip:us@192.0.2.1>' });
    expect(bench.lastStatus).toBe(status);
  });

  it('a stray ACK gets nothing', () => {
    const bench = established();
    const before = bench.wire.sent.length;
    bench.peerRequest('ACK', { cseq: 77 });
    expect(bench.wire.sent).toHaveLength(before);
  });

  it('a flood is answered up to a bound', () => {
    const bench = established();
    for (let i = 0; i < 500; i++) bench.peerRequest('INFO');
    expect(bench.wire.timesOf('200 INFO')).toHaveLength(MAX_SERVER_TRANSACTIONS);
  });
});
