import { ManualScheduler } from '../../common/manual-scheduler.js';
import { OptionsRequest, type OptionsFacts } from './options-client.js';
import { answer, countingRandom, Wire } from './testing/wire.js';

function ask(protocol: 'UDP' | 'TCP' = 'UDP') {
  const scheduler = new ManualScheduler();
  const wire = new Wire(scheduler, protocol);
  const told: OptionsFacts[] = [];
  const config = {
    target: { scheme: 'sip' as const, user: 'room', host: '198.51.100.7', params: {} },
    from: { displayName: 'Kiểm tra', uri: { scheme: 'sip' as const, user: 'us', host: '192.0.2.1', params: {} }, params: {} },
    userAgent: 'spec',
    timeoutMs: 5_000,
  };
  const request = new OptionsRequest(config, { transport: wire, scheduler, random: countingRandom() }, (facts) =>
    told.push(facts),
  );
  request.start();
  return { scheduler, wire, told, request };
}

describe(OptionsRequest.name, () => {
  it('asks as RFC 3261 section 11.1 says, with rport', () => {
    const options = ask().wire.request('OPTIONS');
    expect(options.uri).toBe('sip:room@198.51.100.7');
    expect(options.headers.get('Via')).toMatch(/^SIP\/2\.0\/UDP 192\.0\.2\.1:5062;branch=z9hG4bK\w+;rport$/);
    expect(options.headers.get('Max-Forwards')).toBe('70');
    expect(options.headers.get('From')).toMatch(/^"Kiểm tra" <sip:us@192\.0\.2\.1>;tag=\w+$/);
  });

  it.each([200, 401, 404, 486, 503])('a %d proves life and carries the round trip', (status) => {
    const { scheduler, wire, told, request } = ask();
    scheduler.advance(37);
    const headers: [string, string][] = [
      ['Allow', 'INVITE, ACK'],
      ['Server', 'Codec 9'],
    ];
    request.receive(answer(wire.request('OPTIONS'), status, { headers }));
    expect(told).toMatchObject([
      { outcome: 'response', status, rttMs: 37, sends: 1, allow: 'INVITE, ACK', userAgent: 'Codec 9' },
    ]);
    expect(scheduler.pendingCount).toBe(0);
  });

  it('tells no round trip when nobody knows which copy was answered', () => {
    const { scheduler, wire, told, request } = ask();
    scheduler.advance(600);
    request.receive(answer(wire.request('OPTIONS'), 200));
    expect(told).toMatchObject([{ outcome: 'response', sends: 2 }]);
    expect(told[0]?.rttMs).toBeUndefined();
  });

  it('takes the arrival for the round trip, however late it is read', () => {
    const { scheduler, wire, told, request } = ask();
    scheduler.advance(250);
    request.receive(answer(wire.request('OPTIONS'), 200), 20.25);
    expect(told).toMatchObject([{ rttMs: 20.25, clock: 'kernel' }]);
  });

  it.each([
    ['no stamp', undefined],
    ['a stamp from before the request', -3],
  ])('takes its own time of reading for %s, and says so', (_case, arrivalMs) => {
    const { scheduler, wire, told, request } = ask();
    scheduler.advance(25);
    request.receive(answer(wire.request('OPTIONS'), 200), arrivalMs);
    expect(told).toMatchObject([{ rttMs: 25, clock: 'user' }]);
  });

  it('takes the stamp of the final response, not of the provisional before it', () => {
    const { scheduler, wire, told, request } = ask();
    const options = wire.request('OPTIONS');
    scheduler.advance(40);
    request.receive(answer(options, 100), 10);
    request.receive(answer(options, 200));
    expect(told).toMatchObject([{ rttMs: 40, clock: 'user' }]);
  });

  it('waits on after a provisional and for messages of others', () => {
    const { wire, told, request } = ask();
    const options = wire.request('OPTIONS');
    request.receive(answer(options, 100));
    const foreign = answer(options, 200);
    foreign.headers.set('Via', 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKother');
    request.receive(foreign);
    request.receive(options);
    expect(told).toEqual([]);
  });

  it('times out after its own time, having asked four times', () => {
    const { scheduler, wire, told } = ask();
    scheduler.advance(60_000);
    expect(told).toMatchObject([{ outcome: 'timeout', sends: 4 }]);
    expect(wire.timesOf('OPTIONS')).toEqual([0, 500, 1_500, 3_500]);
  });

  it('tells a transport failure once, and nothing after it', () => {
    const { scheduler, wire, told, request } = ask();
    request.transportFailed('refused');
    request.receive(answer(wire.request('OPTIONS'), 200));
    request.abort();
    scheduler.advance(60_000);
    expect(told).toMatchObject([{ outcome: 'transport', failure: 'refused', sends: 1 }]);
  });

  it('keeps the ladder, with what was answered under a wrong branch and without what was said to others', () => {
    const { wire, told, request } = ask('TCP');
    const [lostBranch, foreign] = [answer(wire.request('OPTIONS'), 481), answer(wire.request('OPTIONS'), 482)];
    for (const response of [lostBranch, foreign]) response.headers.set('Via', 'SIP/2.0/TCP 192.0.2.1;branch=z9hG4bKother');
    foreign.headers.set('Call-ID', 'of somebody else');
    request.receive(lostBranch);
    request.receive(foreign);
    request.receive(answer(wire.request('OPTIONS'), 200));
    expect(told[0]?.ladder().map((entry) => `${entry.direction} ${entry.summary}`)).toEqual([
      'sent OPTIONS sip:room@198.51.100.7',
      'received 481 Call/Transaction Does Not Exist',
      'received 200 OK',
    ]);
  });
});
