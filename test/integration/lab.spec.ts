import { connect } from 'node:net';
import { madeEndpoints } from '../../src/lab/endpoints/endpoint-list.js';
import { startLab, type Lab } from '../../src/lab/lab.js';
import { askOptions, callEndpoint, type CallResult } from '../fixtures/lab-caller.js';

const SITES = 24;

/** 'open', or the error code of the attempt */
const tcpState = (host: string, port: number): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 });
    const end = (state: string): void => {
      socket.destroy();
      resolve(state);
    };
    socket.once('connect', () => end('open'));
    socket.once('timeout', () => end('timeout'));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? 'error'));
  });

const lossRatio = ({ packets, expected }: { packets: number; expected: number }): number => 1 - packets / expected;

describe('the lab, over real sockets', () => {
  let lab: Lab;
  let next = 0;
  /** a room of its own for each test */
  const room = (): string => {
    const endpoint = lab.endpoints[next++];
    if (!endpoint) throw new Error('not enough rooms for these tests');
    return endpoint.address;
  };

  beforeAll(async () => {
    lab = await startLab({ endpoints: madeEndpoints(SITES, '127.41'), control: { port: 0 } });
  });

  afterAll(() => lab.stop());

  const bothWays = (result: CallResult): void => {
    for (const [stream, leastPackets] of [
      [result.audio, 120],
      [result.video, 80],
    ] as const) {
      expect(stream.packets).toBeGreaterThan(leastPackets);
      expect(lossRatio(stream)).toBe(0);
      expect(stream.ssrcs.size).toBe(1);
      expect(stream.reports.length).toBeGreaterThanOrEqual(2);
      const [first, last] = [stream.reports[0], stream.reports.at(-1)];
      expect(last?.highestSequence).toBeGreaterThan(first?.highestSequence ?? Infinity);
      expect(first?.highestSequence).toBeGreaterThan(stream.ourFirstSequence);
      expect(last?.cumulativeLost).toBe(0);
      expect(stream.rtcp.map(({ type }) => type)).toEqual(expect.arrayContaining(['SR', 'SDES', 'BYE']));
    }
  };

  test.each(['UDP', 'TCP'] as const)('%s: OPTIONS and a call with sound and moving picture both ways', async (protocol) => {
    const address = room();
    const facts = await askOptions(address, protocol);
    expect(facts).toMatchObject({ outcome: 'response', status: 200, userAgent: 'Lab codec' });

    const result = await callEndpoint(address, { protocol });
    expect(result).toMatchObject({ endedBy: 'us' });
    bothWays(result);
    expect(result.audio.levelDbov).toBeCloseTo(-35, 0);
    expect(result.video.frames).toBeGreaterThan(80);
    expect(result.video.medianFrameBytes).toBeGreaterThan(500);
    expect([...result.audio.sources]).toEqual([`${address}:${result.negotiated?.audio?.rtpPort}`]);
    // a wrong LSR or DLSR is off by the age of our last report or by the epoch; the best sample shows it
    expect(Math.min(...result.audio.roundTripsMs)).toBeLessThan(100);
    expect(lab.find(address)).toMatchObject({ inCall: false, calls: 1 });
  });

  test('both TCP ports of a healthy endpoint accept', async () => {
    const address = room();
    expect(await Promise.all([tcpState(address, 5060), tcpState(address, 1720)])).toEqual(['open', 'open']);
  });

  test('dead: SIP is swallowed without a word, TCP is closed; healthy again when the fault is taken away', async () => {
    const address = room();
    await lab.setFault(address, { fault: 'dead' });
    const [facts, sip, h323] = await Promise.all([askOptions(address), tcpState(address, 5060), tcpState(address, 1720)]);
    expect([facts?.outcome, sip, h323]).toEqual(['timeout', 'ECONNREFUSED', 'ECONNREFUSED']);
    expect(await callEndpoint(address)).toMatchObject({ failure: { kind: 'no-answer' } });
    await lab.clearFault(address);
    expect(await askOptions(address)).toMatchObject({ outcome: 'response' });
    expect(await tcpState(address, 1720)).toBe('open');
  });

  test('refused: the kernel says so, over UDP and TCP', async () => {
    const address = room();
    await lab.setFault(address, { fault: 'refused' });
    expect(await askOptions(address)).toMatchObject({ outcome: 'transport', failure: 'refused' });
    expect(await tcpState(address, 5060)).toBe('ECONNREFUSED');
    expect(await callEndpoint(address)).toMatchObject({ failure: { kind: 'transport', failure: 'refused' } });
    await lab.clearFault(address);
    expect(await askOptions(address)).toMatchObject({ outcome: 'response' });
  });

  test.each([
    ['busy', { kind: 'status', status: 486 }],
    ['declined', { kind: 'status', status: 603 }],
    ['error-503', { kind: 'status', status: 503, retryAfterS: 30 }],
    ['auth', { kind: 'status', status: 401 }],
    ['ringing', { kind: 'rang-out', lastStatus: 180 }],
    ['hung', { kind: 'hung' }],
  ] as const)('%s', async (fault, failure) => {
    const address = room();
    await lab.setFault(address, { fault });
    const result = await callEndpoint(address);
    expect(result.failure).toMatchObject(failure);
    expect(result.audio.packets + result.video.packets).toBe(0);
    expect(await askOptions(address)).toMatchObject({ status: 200 });
    expect(lab.find(address)?.inCall).toBe(false);
  });

  test('auth: with the password the call is answered', async () => {
    const address = room();
    await lab.setFault(address, { fault: 'auth', user: 'room', password: 'secret' });
    const credentials = { user: 'room', password: 'secret' };
    expect(await callEndpoint(address, { credentials, holdMs: 400 })).toMatchObject({ endedBy: 'us' });
    expect(await callEndpoint(address, { credentials: { user: 'room', password: 'x' } })).toMatchObject({
      failure: { kind: 'auth-failed' },
    });
  });

  test('faults of the media: each shows in what comes, what is reported, or both', async () => {
    const call = async (...faults: Parameters<Lab['setFault']>[1][]): Promise<CallResult> => {
      const address = room();
      await lab.setFault(address, ...faults);
      return callEndpoint(address);
    };
    const [oneWayOut, oneWayIn, audioOnly, noMedia, noRtcp, lossy, silentFrozen, slowJittery] = await Promise.all([
      call({ fault: 'one-way-out' }),
      call({ fault: 'one-way-in' }),
      call({ fault: 'audio-only' }),
      call({ fault: 'no-media' }),
      call({ fault: 'no-rtcp' }),
      call({ fault: 'lossy', sentRatio: 0.2, heardRatio: 0.3 }),
      call({ fault: 'silent' }, { fault: 'frozen' }),
      call({ fault: 'slow', signallingMs: 300, mediaMs: 250 }, { fault: 'jittery', jitterMs: 60 }),
    ]);

    expect([oneWayOut.audio.packets, oneWayOut.video.packets]).toEqual([0, 0]);
    expect(oneWayOut.audio.reports.length).toBeGreaterThanOrEqual(2);
    expect(oneWayOut.audio.rtcp.map(({ type }) => type)).not.toContain('SR');

    expect(oneWayIn.audio.packets).toBeGreaterThan(120);
    expect(oneWayIn.audio.rtcp.map(({ type }) => type)).toContain('SR');
    expect([...oneWayIn.audio.reports, ...oneWayIn.video.reports]).toEqual([]);

    expect(audioOnly.negotiated).toMatchObject({ audio: { codec: 'PCMA' }, video: null });
    expect(audioOnly.audio.packets).toBeGreaterThan(120);
    expect(audioOnly.video.packets).toBe(0);

    expect(noMedia.endedBy).toBe('us');
    expect([noMedia.audio.packets, noMedia.video.packets, noMedia.audio.rtcp.length]).toEqual([0, 0, 0]);

    expect(noRtcp.video.packets).toBeGreaterThan(80);
    expect([...noRtcp.audio.rtcp, ...noRtcp.video.rtcp]).toEqual([]);

    expect(lossRatio(lossy.audio)).toBeGreaterThan(0.08);
    expect(lossRatio(lossy.audio)).toBeLessThan(0.35);
    const lost = lossy.audio.reports.at(-1)?.cumulativeLost ?? 0;
    expect(lost).toBeGreaterThan(20);

    expect(silentFrozen.audio.levelDbov).toBeLessThan(-70);
    expect(silentFrozen.video.frames).toBeGreaterThan(80);
    expect(silentFrozen.video.medianFrameBytes).toBeLessThan(100);

    expect(slowJittery.audio.maxJitterMs).toBeGreaterThan(8);
    expect(Math.max(...slowJittery.audio.roundTripsMs)).toBeGreaterThan(240);
  });

  test('hang-up: the endpoint ends the call', async () => {
    const address = room();
    await lab.setFault(address, { fault: 'hang-up', afterS: 0.5 });
    expect(await callEndpoint(address)).toMatchObject({ endedBy: 'peer' });
  });

  test('a fault set in the middle of a call acts on it', async () => {
    const address = room();
    const result = await callEndpoint(address, { midway: () => lab.setFault(address, { fault: 'silent' }) });
    expect(result.audio.levelDbov).toBeLessThan(-70);
    expect(result.audio.ssrcs.size).toBe(1);
    expect(lossRatio(result.audio)).toBe(0);
  });

  test('a fault on a schedule goes away by itself', async () => {
    const address = room();
    await lab.setFault(address, { fault: 'refused', schedule: { for: 0.8 } });
    expect(lab.find(address)?.active).toEqual(['refused']);
    expect(await askOptions(address)).toMatchObject({ outcome: 'transport' });
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(lab.find(address)?.active).toEqual([]);
    expect(await askOptions(address)).toMatchObject({ outcome: 'response' });
  });

  describe('the control', () => {
    const url = (path: string): string => `http://127.0.0.1:${lab.controlPort}${path}`;
    const put = (key: string, body: string): Promise<Response> => fetch(url(`/endpoints/${key}/faults`), { method: 'PUT', body });

    test('lists, sets by code and takes away', async () => {
      const { items, total } = (await (await fetch(url('/endpoints'))).json()) as { items: { code: string }[]; total: number };
      expect([items.length, total]).toEqual([SITES, SITES]);
      const set = await put('lab-0001', '{"faults":[{"fault":"busy","schedule":{"after":600}}]}');
      expect(set.status).toBe(200);
      expect(await set.json()).toMatchObject({ faults: [{ fault: 'busy', schedule: { after: 600 } }], active: [] });
      const cleared = await fetch(url('/endpoints/lab-0001/faults'), { method: 'DELETE' });
      expect(await cleared.json()).toMatchObject({ code: 'lab-0001', faults: [] });
    });

    test.each([
      ['no JSON', '{', 400, { title: 'the body is not JSON' }],
      ['a body without end', ' '.repeat(70_000), 400, { title: 'the body may have 65536 bytes' }],
      [
        'a fault that cannot be',
        '{"faults":[{"fault":"lossy","sentRatio":2}]}',
        422,
        { errors: ['faults[0].sentRatio: found 2, allowed: at most 1'] },
      ],
    ])('%s is refused', async (_name, body, status, problem) => {
      const response = await put('lab-0001', body);
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject(problem);
    });

    test('what is not there, and a web page, are turned away', async () => {
      expect((await put('lab-9999', '{"faults":[]}')).status).toBe(404);
      expect((await fetch(url('/elsewhere'))).status).toBe(404);
      expect((await fetch(url('/endpoints'), { method: 'POST' })).status).toBe(405);
      expect((await fetch(url('/endpoints'), { headers: { origin: 'http://evil.example' } })).status).toBe(403);
    });
  });

  test('an address that is in use is told, and nothing stays open', async () => {
    const free = madeEndpoints(2, '127.42')[1];
    const taken = lab.endpoints[0];
    if (!free || !taken) throw new Error('no endpoints');
    await expect(startLab({ endpoints: [free, taken] })).rejects.toThrow('EADDRINUSE');
    expect(await tcpState(free.address, 5060)).toBe('ECONNREFUSED');
  });
});
