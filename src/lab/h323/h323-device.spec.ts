import { once } from 'node:events';
import { connect } from 'node:net';
import { systemScheduler } from '../../common/clock.js';
import { systemRandom } from '../../common/random.js';
import type { H323Config } from '../../protocols/h323/call-types.js';
import { Q931_TYPES } from '../../protocols/h323/q931.js';
import { fromHex, vectorOf } from '../../protocols/h323/testing/vectors.js';
import { madeEndpoints } from '../endpoints/endpoint-list.js';
import { SimulatedEndpoint } from '../endpoints/simulated-endpoint.js';
import { faultSchema, type FaultInput } from '../faults/fault.js';
import { MediaHere } from '../media/media-host.js';
import { RealCall } from './testing/real-call.js';

const ALL_WAYS = ['receive audio', 'receive video', 'send audio', 'send video'];

describe('a simulated device over H.323', () => {
  const media = new MediaHere(1);
  const [identity] = madeEndpoints(1, '127.43');
  const endpoint = new SimulatedEndpoint(identity as NonNullable<typeof identity>, {
    scheduler: systemScheduler,
    random: systemRandom,
    media,
  });
  let call: RealCall;

  const become = (...faults: FaultInput[]): Promise<void> => endpoint.setFaults(faults.map((fault) => faultSchema.parse(fault)));
  const place = async (options: Partial<H323Config> = {}): Promise<RealCall> => (call = await RealCall.to('127.43.0.1', options));
  const finish = async (): Promise<void> => {
    call.hangUp();
    await call.until(() => call.event('finished') !== undefined);
  };

  beforeAll(() => become());
  afterAll(async () => {
    await endpoint.stop();
    await media.close();
  });

  it.each<[string, FaultInput, Partial<H323Config>, string | undefined]>([
    ['H323Plus, tunnelled', { fault: 'h323-device', stack: 'h323plus' }, {}, 'tunnelled'],
    ['H323Plus, address in CONNECT', { fault: 'h323-device', stack: 'h323plus', control: 'connect-address' }, {}, 'separate'],
    ['H323Plus, address before CONNECT', { fault: 'h323-device', stack: 'h323plus', control: 'early-address' }, {}, 'separate'],
    [
      'H323Plus, of a caller that does not tunnel',
      { fault: 'h323-device', stack: 'h323plus' },
      { tunnelling: false },
      'separate',
    ],
    ['ooh323c, tunnelled', { fault: 'h323-device', stack: 'ooh323c' }, {}, 'tunnelled'],
    ['ooh323c, address in CONNECT', { fault: 'h323-device', stack: 'ooh323c', control: 'connect-address' }, {}, 'separate'],
    ['ooh323c, address before CONNECT', { fault: 'h323-device', stack: 'ooh323c', control: 'early-address' }, {}, 'separate'],
  ])('%s: sound and picture both ways, and an orderly end', async (_name, fault, options, control) => {
    await become(fault);
    await place(options);
    await call.until(() => call.heard.audio.packets > 20 && call.heard.video.packets > 20);
    expect(call.ways).toEqual(ALL_WAYS);
    expect(call.facts).toMatchObject({ control, unreadable: 0, refused: [] });
    expect(call.heard.audio.payloadTypes).toEqual(new Set([8]));
    expect(endpoint.status).toMatchObject({ inCall: true });
    // what we sent was heard: its reports speak of our source
    await call.until(() => call.heard.audio.reportsAboutUs > 0 && call.heard.video.reportsAboutUs > 0);
    await finish();
    expect(call.event('ended')).toMatchObject({ by: 'us' });
    expect(endpoint.status).toMatchObject({ inCall: false });
  });

  it.each(['h323plus', 'ooh323c'] as const)('%s: takes channels out of SETUP', async (stack) => {
    await become({ fault: 'h323-device', stack, fastStart: true });
    await place({ fastStart: true });
    await call.until(() => call.heard.audio.packets > 10 && call.heard.video.packets > 10);
    expect(call.facts.fastStartAccepted).toBe(true);
    expect(call.ways).toEqual(ALL_WAYS);
    await call.until(() => call.heard.audio.reportsAboutUs > 0);
    await finish();
  });

  it('passes over a fast start that it does not do', async () => {
    await become({ fault: 'h323-device', stack: 'h323plus' });
    await place({ fastStart: true });
    await call.until(() => call.ways.length === 4);
    expect(call.facts.fastStartAccepted).toBe(false);
    await finish();
  });

  it.each<[string, FaultInput[], object]>([
    ['busy', [{ fault: 'busy' }], { kind: 'released', cause: 17 }],
    ['declined', [{ fault: 'declined' }], { kind: 'released', cause: 21 }],
    ['out of ports', [{ fault: 'error-503' }], { kind: 'released', cause: 42 }],
    ['ringing', [{ fault: 'ringing' }], { kind: 'rang-out' }],
    ['ringing, as ooh323c', [{ fault: 'h323-device' }, { fault: 'ringing' }], { kind: 'rang-out' }],
    [
      'cause and reason',
      [{ fault: 'h323-refused', cause: 34, reason: 'inConf' }],
      { kind: 'released', cause: 34, reason: 'inConf' },
    ],
    [
      'a reason alone',
      [{ fault: 'h323-refused', reason: 'callerNotRegistered' }],
      { kind: 'released', reason: 'callerNotRegistered' },
    ],
    ['neither', [{ fault: 'h323-refused' }], { kind: 'released' }],
    ['no call in clear', [{ fault: 'h323-encrypted' }], { kind: 'released', reason: 'securityDenied' }],
    [
      'forwarded',
      [{ fault: 'h323-forwards', to: '127.43.9.9', port: 1723 }],
      { kind: 'forwarded', reason: 'callForwarded', address: { address: '127.43.9.9', port: 1723 } },
    ],
    [
      'by its gatekeeper only',
      [{ fault: 'h323-forwards', reason: 'routeCallToGatekeeper' }],
      { kind: 'forwarded', reason: 'routeCallToGatekeeper' },
    ],
    ['by its MC only', [{ fault: 'h323-forwards', reason: 'routeCallToMC' }], { kind: 'forwarded', reason: 'routeCallToMC' }],
    [
      'H.245 behind a firewall',
      [{ fault: 'h323-device', control: 'blocked-address' }],
      { kind: 'h245-blocked', failure: 'refused' },
    ],
  ])('%s', async (_name, faults, failure) => {
    await become(...faults);
    await place();
    await call.until(() => call.event('finished') !== undefined);
    expect(call.event('failed')?.failure).toMatchObject(failure);
    expect(endpoint.status.inCall).toBe(false);
  });

  it.each<[string, FaultInput, 'setup' | 'proceeding']>([
    ['the connection', { fault: 'h323-hung' }, 'setup'],
    ['CALL PROCEEDING', { fault: 'h323-hung', after: 'call-proceeding' }, 'proceeding'],
    ['CALL PROCEEDING, whatever it is called over', { fault: 'hung' }, 'proceeding'],
  ])('hangs behind %s', async (_name, fault, after) => {
    await become(fault);
    await place({ timers: { firstAnswerMs: 150, proceedingMs: 150 } });
    await call.until(() => call.event('finished') !== undefined);
    expect(call.event('failed')?.failure).toEqual({ kind: 'hung', after });
  });

  it.each<[FaultInput, string]>([
    [{ fault: 'h323-conference', sign: 'conference-id' }, 'conference-id'],
    [{ fault: 'h323-conference', sign: 'terminal-number' }, 'terminal-number'],
    [{ fault: 'h323-conference', sign: 'mcu' }, 'mcu'],
    [{ fault: 'h323-conference', sign: 'mc-location' }, 'mc-location'],
  ])('a conference of others: %j', async (fault, conference) => {
    await become(fault);
    await place();
    await call.until(() => call.event('finished') !== undefined);
    expect(call.facts.conference).toBe(conference);
    expect(call.event('ended')).toMatchObject({ by: 'us', why: 'conference' });
  });

  it('opens encrypted channels, and rejects those in clear', async () => {
    await become({ fault: 'h323-encrypted', says: 'encrypted-channel' });
    await place();
    await call.until(() => call.event('finished') !== undefined || call.facts.refused.length === 3);
    expect(call.facts.encryption).toBe(true);
    expect(call.facts.refused).toContainEqual({ by: 'peer', medium: 'audio', cause: 'securityDenied' });
    await finish();
  });

  it('never answers to our channels, and sends all the same', async () => {
    await become({ fault: 'h323-no-ack' });
    await place({ timers: { controlMs: 200 } });
    await call.until(() => call.heard.audio.packets > 5 && call.facts.unacknowledged.length === 2);
    expect(call.ways).toEqual(['receive audio', 'receive video']);
    await finish();
  });

  it('takes our channels and sends nothing', async () => {
    await become({ fault: 'one-way-out' });
    await place();
    await call.until(() => call.heard.audio.reportsAboutUs > 0);
    expect(call.heard.audio.packets).toBe(0);
    await finish();
  });

  it('has no camera: sound alone', async () => {
    await become({ fault: 'audio-only' });
    await place();
    await call.until(() => call.heard.audio.packets > 5);
    expect(call.ways).toEqual(['receive audio', 'send audio']);
    await finish();
  });

  it('holds the call and takes it back', async () => {
    await become({ fault: 'h323-in-call', does: 'hold', afterS: 0.1 });
    await place();
    await call.until(() => call.facts.pauses === 1);
    const before = call.events.length;
    await call.until(() => call.events.length > before && call.ways.length === 4);
    await finish();
  });

  it.each(['request-close', 'flow-stop'] as const)('asks us to stop: %s', async (does) => {
    await become({ fault: 'h323-in-call', does, afterS: 0.1 });
    await place();
    await call.until(() => call.facts.pauses === 2);
    const sending = call.streams.filter((stream) => stream.direction === 'send' && stream.mostKbps !== 0);
    expect(sending).toEqual([]);
    expect(call.ways).toEqual(expect.arrayContaining(['receive audio', 'receive video']));
    await finish();
  });

  it.each(['h323plus', 'ooh323c'] as const)('hangs up in the call: %s', async (stack) => {
    await become({ fault: 'h323-device', stack }, { fault: 'hang-up', afterS: 0.2 });
    await place();
    await call.until(() => call.event('finished') !== undefined);
    expect(call.event('ended')).toMatchObject({ by: 'peer' });
    expect(endpoint.status.inCall).toBe(false);
  });

  it('is in one call at a time', async () => {
    await become();
    const first = await place();
    await first.until(() => first.ways.length === 4);
    const second = await place();
    await second.until(() => second.event('finished') !== undefined);
    expect(second.event('failed')?.failure).toMatchObject({ kind: 'released', cause: 17 });
    expect(first.event('ended')).toBeUndefined();
    call = first;
    await finish();
  });

  it('a caller whose connection breaks leaves the device free', async () => {
    await become();
    const socket = connect(1720, '127.43.0.1');
    socket.write(fromHex(vectorOf('minimal-caller-h225-setup').tpkt ?? ''));
    await once(socket, 'data');
    expect(endpoint.status.inCall).toBe(true);
    socket.resetAndDestroy();
    await place();
    await call.until(() => call.event('answered') !== undefined || call.event('failed') !== undefined);
    await finish();
  });

  it('closes the connection to STATUS ENQUIRY and to what is no H.323, and does not ring', async () => {
    await become();
    const { calls } = endpoint.status;
    for (const octets of [
      Uint8Array.of(3, 0, 0, 9, 8, 2, 0, 0, Q931_TYPES.statusEnquiry),
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    ]) {
      const socket = connect(1720, '127.43.0.1');
      socket.resume();
      socket.on('error', () => undefined);
      socket.write(octets);
      await once(socket, 'close');
    }
    expect(endpoint.status.calls).toBe(calls);
  });

  it('has a port of its own that can be closed', async () => {
    await become({ fault: 'h323-closed' });
    await expect(once(connect(1720, '127.43.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED');
  });
});
