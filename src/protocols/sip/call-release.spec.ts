import { ManualScheduler } from '../../common/manual-scheduler.js';
import { CallRelease } from './call-release.js';
import type { CallTicket } from './call-ticket.js';
import type { SipRequest } from './message.js';
import { CallBench, PEER_SDP } from './testing/call-bench.js';
import { answer, countingRandom, Wire } from './testing/wire.js';

const branchOf = (request: SipRequest): string | undefined => /branch=(\w+)/.exec(request.headers.get('Via') ?? '')?.[1];

/** Takes up a ticket as another process would: from its text. */
class ReleaseBench {
  readonly scheduler = new ManualScheduler();
  readonly wire = new Wire(this.scheduler);
  readonly release: CallRelease;
  done = 0;

  constructor(ticket: CallTicket) {
    const random = countingRandom();
    for (let i = 0; i < 1000; i++) random.token(1);
    const deps = { transport: this.wire, scheduler: this.scheduler, random, userAgent: 'spec' };
    const carried = JSON.parse(JSON.stringify(ticket)) as CallTicket;
    this.release = new CallRelease(carried, deps, () => this.done++);
    this.release.start();
  }
}

const CREDENTIALS = { user: 'us', password: 'secret' };

describe('the ticket of a call', () => {
  it('is there before the INVITE is, changes with its answer, and goes with the answer to the BYE', () => {
    const bench = new CallBench();
    expect(bench.tickets).toMatchObject([{ callId: bench.call.callId, unanswered: true, dialogs: [], localPort: 5062 }]);
    expect(bench.sentBeforeTicket).toEqual([0]);
    bench.establish();
    expect(bench.tickets.at(-1)).toMatchObject({ unanswered: false, dialogs: [{ localCSeq: 1 }] });
    bench.call.hangUp();
    expect(bench.tickets.at(-1)).not.toBeNull();
    bench.answer(bench.wire.request('BYE'), 200);
    expect(bench.tickets.at(-1)).toBeNull();
    bench.scheduler.advance(40_000);
    expect(bench.tickets.filter((ticket) => ticket === null)).toHaveLength(1);
  });

  it.each<[string, (bench: CallBench) => void]>([
    ['a refusal', (bench) => bench.answer(bench.invite, 486)],
    ['BYE of the peer', (bench) => bench.establish().peerRequest('BYE')],
    ['the end of its state', (bench) => bench.scheduler.advance(33_000)],
    [
      'the answer to CANCEL',
      (bench) => {
        bench.answer(bench.invite, 180);
        bench.call.hangUp();
        bench.answer(bench.wire.request('CANCEL'), 200);
        bench.answer(bench.invite, 487);
      },
    ],
  ])('goes with %s', (_what, end) => {
    const bench = new CallBench();
    end(bench);
    expect(bench.tickets.at(-1)).toBeNull();
  });

  it('goes also where the answer came under a branch that is not ours', () => {
    const bench = new CallBench();
    bench.answer(bench.invite, 180);
    const stray = answer(bench.invite, 200);
    stray.headers.set('Via', 'SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bKnot-ours');
    bench.call.receive(stray);
    expect(bench.tickets.at(-1)).toMatchObject({ unanswered: false });
    bench.call.hangUp();
    bench.answer(bench.wire.request('BYE'), 200);
    expect(bench.tickets.at(-1)).toBeNull();
    bench.scheduler.advance(40_000);
    expect(bench.call.finished).toBe(true);
  });

  it('stays while a fork is not released', () => {
    const bench = new CallBench().establish();
    bench.answer(bench.invite, 200, { toTag: 'second' });
    expect(bench.tickets.at(-1)?.dialogs).toHaveLength(2);
    bench.answer(bench.wire.request('BYE'), 200, { toTag: 'second' });
    expect(bench.tickets.at(-1)?.dialogs).toHaveLength(1);
  });

  it('leads to the port of the target', () => {
    const bench = new CallBench();
    bench.answer(bench.invite, 200, { body: PEER_SDP, contact: '<sip:room@198.51.100.7:5070>' });
    const [ticket] = bench.tickets.slice(-1);
    expect(ticket && new ReleaseBench(ticket).wire.portsOf('BYE')).toEqual([5070]);
  });

  it('follows the target of the peer', () => {
    const bench = new CallBench({ answerOf: () => PEER_SDP }).establish();
    bench.peerRequest('INVITE', { body: PEER_SDP });
    expect(bench.tickets.at(-1)?.dialogs[0]?.remoteTarget).toBe('sip:room@198.51.100.7:5080');
  });

  it('holds no credentials and no session description', () => {
    const bench = new CallBench({ credentials: CREDENTIALS });
    bench.answer(bench.invite, 401, { headers: [['WWW-Authenticate', 'Digest realm="r", nonce="n"']] });
    expect(bench.invite.headers.get('Authorization')).toBeDefined();
    bench.establish();
    expect(JSON.stringify(bench.tickets)).not.toMatch(/Authorization|response=|v=0/);
  });
});

describe(CallRelease, () => {
  const ticketOf = (bench: CallBench): CallTicket => {
    const ticket = bench.tickets.at(-1);
    if (!ticket) throw new Error('no ticket');
    return ticket;
  };

  it('sends BYE in the dialog: route, target, tags, the next CSeq, a branch of its own', () => {
    const call = new CallBench();
    const headers: [string, string][] = [['Record-Route', '<sip:b;lr>, <sip:a;lr>']];
    call.answer(call.invite, 200, { body: PEER_SDP, headers });
    const bench = new ReleaseBench(ticketOf(call));
    call.call.hangUp();
    const [bye, own] = [bench.wire.request('BYE'), call.wire.request('BYE')];
    expect(bench.wire.summary).toEqual(['BYE']);
    for (const name of ['Route', 'From', 'To', 'Call-ID', 'CSeq'])
      expect(bye.headers.getAll(name)).toEqual(own.headers.getAll(name));
    expect(bye.uri).toBe(own.uri);
    expect(branchOf(bye)).not.toBe(branchOf(own));
    bench.release.receive(answer(bye, 481));
    expect(bench.done).toBe(1);
  });

  it('sends BYE again while it is not answered', () => {
    const bench = new ReleaseBench(ticketOf(new CallBench().establish()));
    bench.scheduler.advance(1_600);
    expect(bench.wire.timesOf('BYE')).toEqual([0, 500, 1_500]);
    expect(bench.done).toBe(0);
  });

  it('cancels what was not answered, by the branch of its INVITE, and acknowledges the refusal', () => {
    const call = new CallBench({ routes: ['<sip:proxy;lr>'] });
    const bench = new ReleaseBench(ticketOf(call));
    const cancel = bench.wire.request('CANCEL');
    expect(branchOf(cancel)).toBe(branchOf(call.invite));
    expect(cancel.headers.get('CSeq')).toBe('1 CANCEL');
    expect(cancel.headers.getAll('Route')).toEqual(['<sip:proxy;lr>']);
    bench.release.receive(answer(cancel, 200));
    expect(bench.done).toBe(0);
    bench.release.receive(answer(call.invite, 487));
    expect(branchOf(bench.wire.request('ACK'))).toBe(branchOf(call.invite));
    expect(bench.done).toBe(1);
  });

  it('ends what is answered in spite of the CANCEL, each leg once', () => {
    const call = new CallBench();
    const bench = new ReleaseBench(ticketOf(call));
    for (const toTag of ['one', 'one', 'two']) bench.release.receive(answer(call.invite, 200, { toTag }));
    expect(bench.wire.summary).toEqual(['CANCEL', 'ACK', 'BYE', 'ACK', 'ACK', 'BYE']);
    for (const bye of bench.wire.requests('BYE')) bench.release.receive(answer(bye, 200));
    expect(bench.done).toBe(1);
  });

  it('answers the peer that hangs up meanwhile, and hears nobody else', () => {
    const call = new CallBench().establish();
    const bench = new ReleaseBench(ticketOf(call));
    bench.release.receive(call.peerRequest('BYE'));
    expect(bench.wire.response(200).headers.get('CSeq')).toContain('BYE');
    bench.release.receive(answer(new CallBench({}, 'UDP', 40).invite, 200));
    expect(bench.wire.requests('ACK')).toEqual([]);
  });

  it('does nothing with a ticket that somebody has spoilt', () => {
    const bench = new ReleaseBench({ ...ticketOf(new CallBench()), invite: 'rubbish' });
    expect(bench.wire.sent).toEqual([]);
    expect(bench.done).toBe(1);
  });

  it('is still when abandoned', () => {
    const bench = new ReleaseBench(ticketOf(new CallBench().establish()));
    bench.release.abandon();
    bench.scheduler.advance(60_000);
    expect(bench.wire.sent).toHaveLength(1);
    expect([bench.done, bench.scheduler.pendingCount]).toEqual([0, 0]);
  });
});
