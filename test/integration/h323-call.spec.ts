import { madeEndpoints } from '../../src/lab/endpoints/endpoint-list.js';
import type { FaultInput } from '../../src/lab/faults/fault.js';
import { startLab, type Lab } from '../../src/lab/lab.js';
import type { MediaPool } from '../../src/media/contract.js';
import type { Outcome } from '../../src/probes/contract.js';
import { builtMediaPool } from '../peers/called-device.js';
import { runProbe } from '../peers/probe-context.js';

type Device = Extract<FaultInput, { fault: 'h323-device' }>;
interface Room {
  device?: Omit<Device, 'fault'>;
  fault?: FaultInput;
  options?: Record<string, unknown>;
}

const FLOWING = { audioOut: 'flowing', audioIn: 'flowing', videoOut: 'flowing', videoIn: 'flowing' };
const H323PLUS = { stack: 'h323plus' } as const;
const OOH323C = { stack: 'ooh323c' } as const;

const ROOMS = {
  'H323Plus, tunnelled': { device: { ...H323PLUS, control: 'tunnel' } },
  'ooh323c, tunnelled': { device: { ...OOH323C, control: 'tunnel' } },
  'H323Plus, H.245 beside': { device: { ...H323PLUS, control: 'connect-address' } },
  'ooh323c, H.245 beside, early': { device: { ...OOH323C, control: 'early-address' } },
  'tunnel not offered': { device: { ...H323PLUS, control: 'tunnel' }, options: { tunnelling: false } },
  'fast start': { device: { ...OOH323C, fastStart: true }, options: { fastStart: true } },
  'fast start ignored': { device: { ...H323PLUS }, options: { fastStart: true } },
  'sound alone': { device: { ...H323PLUS }, options: { video: false } },
  'pictures in H.263 alone': { device: { ...H323PLUS, sends: 'H263', takes: 'H263' } },
  'pictures in H.261 alone': { device: { ...OOH323C, control: 'connect-address', sends: 'H261', takes: 'H261' } },
  'H.263 one way, H.264 the other': { device: { ...H323PLUS, sends: 'H263', takes: 'H264' } },
  busy: { fault: { fault: 'h323-refused', cause: 17 } },
  'in a conference, cause 34': { fault: { fault: 'h323-refused', cause: 34, reason: 'inConf' } },
  declined: { fault: { fault: 'h323-refused', cause: 21, reason: 'destinationRejection' } },
  full: { fault: { fault: 'h323-refused', cause: 42, reason: 'noBandwidth' } },
  'gatekeeper says no': { fault: { fault: 'h323-refused', reason: 'calledPartyNotRegistered' } },
  'security denied': { fault: { fault: 'h323-encrypted', says: 'security-denied' } },
  'encrypted channel': { fault: { fault: 'h323-encrypted', says: 'encrypted-channel' } },
  hung: { fault: { fault: 'h323-hung', after: 'connection' }, options: { firstAnswerS: 1 } },
  closed: { fault: { fault: 'h323-closed' } },
  blocked: { device: { ...H323PLUS, control: 'blocked-address' } },
  rings: { fault: { fault: 'ringing' }, options: { ringS: 1 } },
  'forwards to a gatekeeper': {
    fault: { fault: 'h323-forwards', reason: 'routeCallToGatekeeper', to: '127.47.9.9', port: 1721 },
  },
  'forwards while busy': { fault: { fault: 'h323-forwards', reason: 'callForwarded', to: '127.47.9.9', port: 1720 } },
  'other conference': { fault: { fault: 'h323-conference', sign: 'conference-id' } },
  'terminal number': { fault: { fault: 'h323-conference', sign: 'terminal-number' } },
  'is an MCU': { fault: { fault: 'h323-conference', sign: 'mcu' } },
  'an MCU, meant': { fault: { fault: 'h323-conference', sign: 'mcu' }, options: { mcu: true } },
  'acknowledges nothing': { fault: { fault: 'h323-no-ack' }, options: { holdS: 10 } },
} satisfies Record<string, Room>;
type Name = keyof typeof ROOMS;

describe('a test call over H.323', () => {
  let lab: Lab;
  let pool: MediaPool;
  let outcomes: Map<string, Outcome>;
  const of = (name: Name): Outcome => outcomes.get(name) as Outcome;
  /** On a machine too busy to blame anybody it is our overload, and the signals are shown all the same. */
  const expectSignals = (name: Name, signals: Record<string, string>): void => expect(of(name).signals).toEqual(signals);

  /** About 30 pictures a second over 6 s, each known by its marker; of their insides nothing is read. */
  const expectPictures = (name: Name): void => {
    const videoIn = of(name).media?.videoIn;
    expect(videoIn?.frames).toBeGreaterThan(100);
    expect(videoIn?.packets).toBeGreaterThanOrEqual(Number(videoIn?.frames));
    expect(videoIn?.keyframes).toBeUndefined();
  };

  beforeAll(async () => {
    const names = Object.keys(ROOMS) as Name[];
    lab = await startLab({ endpoints: madeEndpoints(names.length, '127.47') });
    pool = builtMediaPool();
    const call = async (name: Name, i: number): Promise<[Name, Outcome]> => {
      const { address } = lab.endpoints[i]!;
      const { device, fault, options }: Room = ROOMS[name];
      const faults: FaultInput[] = [{ fault: 'h323-device', ...device }, ...(fault ? [fault] : [])];
      await lab.setFault(address, ...faults);
      return [name, await runProbe('h323-call', `h323:room@${address}`, options, { media: pool })];
    };
    outcomes = new Map(await Promise.all(names.map(call)));
  }, 120_000);

  afterAll(async () => {
    await pool.close();
    await lab.stop();
  });

  it.each<[Name, Outcome['reason'], Record<string, unknown>]>([
    ['busy', 'busy', { cause: 17 }],
    ['in a conference, cause 34', 'busy', { cause: 34, releaseReason: 'inConf' }],
    ['declined', 'declined', { cause: 21 }],
    ['full', 'resource-limit', { releaseReason: 'noBandwidth' }],
    ['gatekeeper says no', 'gatekeeper-policy', { releaseReason: 'calledPartyNotRegistered' }],
    ['security denied', 'encryption-required', { encryption: 'wanted' }],
    ['encrypted channel', 'encryption-required', { encryption: 'wanted' }],
    ['hung', 'signalling-hung', { failure: { kind: 'hung', after: 'setup' } }],
    ['closed', 'refused', { failure: 'refused' }],
    ['blocked', 'h245-blocked', { failure: { kind: 'h245-blocked', failure: 'refused' } }],
    ['rings', 'not-auto-answering', { alerted: true }],
    ['forwards to a gatekeeper', 'gatekeeper-policy', { failure: { kind: 'forwarded' } }],
    ['forwards while busy', 'busy', { failure: { kind: 'forwarded', reason: 'callForwarded' }, cause: 17 }],
    ['other conference', 'busy', { conference: 'conference-id', endedBy: 'us' }],
    ['terminal number', 'busy', { conference: 'terminal-number', endedBy: 'us' }],
    ['is an MCU', 'busy', { conference: 'mcu', endedBy: 'us' }],
  ])('%s: %s', (name, reason, detail) => {
    expect(of(name)).toMatchObject({ reason, detail });
    expect(of(name).media).toBeUndefined();
  });

  it.each<[Name, Record<string, unknown>]>([
    ['H323Plus, tunnelled', { control: 'tunnelled', product: 'H323Plus simple' }],
    ['ooh323c, tunnelled', { control: 'tunnelled', product: 'ooh323' }],
    ['H323Plus, H.245 beside', { control: 'separate' }],
    ['ooh323c, H.245 beside, early', { control: 'separate' }],
    ['tunnel not offered', { control: 'separate' }],
    ['fast start', { fastStartAccepted: true }],
    ['fast start ignored', { control: 'tunnelled' }],
    ['an MCU, meant', { conference: 'mcu' }],
  ])('%s: sound and picture both ways', (name, detail) => {
    expectSignals(name, FLOWING);
    expect(of(name).detail).toMatchObject({ ...detail, audioCodec: 'PCMA', videoCodec: 'H264' });
    expect(of(name).detail?.controlRttMs).toBeGreaterThan(0);
    expect(of(name).media?.videoIn?.keyframes).toBeGreaterThan(0);
  });

  it('sound alone: asks for no picture and takes none', () => {
    expectSignals('sound alone', { ...FLOWING, videoIn: 'unknown', videoOut: 'unknown' });
    expect(of('sound alone').media?.videoIn).toBeUndefined();
  });

  it.each<[Name, string]>([
    ['pictures in H.263 alone', 'H263'],
    ['pictures in H.261 alone', 'H261'],
  ])('%s: its sound and pictures are counted, and of our way out nothing is claimed', (name, codec) => {
    expectSignals(name, { ...FLOWING, videoOut: 'unknown' });
    expect(of(name).detail).toMatchObject({ audioCodec: 'PCMA', videoCodec: codec });
    expectPictures(name);
  });

  it('H.263 one way, H.264 the other: four signals, and a codec for each way', () => {
    expectSignals('H.263 one way, H.264 the other', FLOWING);
    expect(of('H.263 one way, H.264 the other').detail).toMatchObject({ videoCodec: 'H264', videoCodecIn: 'H263' });
    expectPictures('H.263 one way, H.264 the other');
  });

  it('acknowledges nothing: what we may not send is absent, what it sends is heard', () => {
    expectSignals('acknowledges nothing', { audioOut: 'absent', audioIn: 'flowing', videoOut: 'absent', videoIn: 'flowing' });
    expect(of('acknowledges nothing').detail).toMatchObject({ channelsUnacknowledged: ['audio', 'video'] });
    expect(of('acknowledges nothing').media?.audioOut?.packets).toBe(0);
  });

  it('follows a forward only to an address of its own list, and says so', async () => {
    const [from, to, stranger] = lab.endpoints.slice(0, 3).map(({ address }) => address) as [string, string, string];
    await lab.setFault(to, { fault: 'h323-device' });
    await lab.setFault(from, { fault: 'h323-forwards', reason: 'routeCallToGatekeeper', to, port: 1720 });
    const call = (followTo: string[]) => runProbe('h323-call', from, { followTo, holdS: 1 }, { media: pool });
    expect(await call([stranger])).toMatchObject({ reason: 'gatekeeper-policy', detail: { address: from } });
    expect(await call([to])).toMatchObject({ detail: { address: to, control: 'tunnelled', forwardedBy: { address: from } } });
  });

  it('lets the room go at once when it is told to stop', async () => {
    const { address } = lab.endpoints[1]!;
    await lab.setFault(address, { fault: 'h323-device' });
    const stop = new AbortController();
    const trace: string[] = [];
    const note = (line: string): void => {
      trace.push(line);
      if (line.includes('CONNECT')) stop.abort();
    };
    const outcome = await runProbe('h323-call', address, { holdS: 12 }, { media: pool, signal: stop.signal, trace: note });
    expect(outcome).toMatchObject({ result: 'inconclusive', reason: 'aborted' });
    expect(trace.at(-1)).toMatch(/--> RELEASE COMPLETE|<-- /);
    expect(trace.filter((line) => line.includes('--> RELEASE COMPLETE'))).toHaveLength(1);
    expect(await runProbe('h323-call', address, { holdS: 1 }, { media: pool })).toMatchObject({ detail: { endedBy: 'us' } });
  });

  it('is pinged without a ring, whatever it says to STATUS ENQUIRY', async () => {
    const [well, hung, closed] = lab.endpoints.slice(3, 6).map(({ address }) => address) as [string, string, string];
    await lab.setFault(well, { fault: 'h323-device' });
    await lab.setFault(hung, { fault: 'h323-hung', after: 'connection' });
    await lab.setFault(closed, { fault: 'h323-closed' });
    const ping = (address: string, options = {}) => runProbe('h323-ping', address, { timeoutS: 0.5, ...options });
    expect(await ping(well)).toMatchObject({ result: 'pass', detail: { statusEnquiry: 'closed' } });
    expect(await ping(hung)).toMatchObject({
      result: 'pass',
      detail: { statusEnquiry: 'silent', note: expect.stringContaining('says nothing') as string },
    });
    expect(await ping(hung, { statusEnquiry: 'require' })).toMatchObject({ result: 'fail', reason: 'signalling-hung' });
    expect(await ping(hung, { statusEnquiry: 'off' })).toMatchObject({ result: 'pass', detail: { statusEnquiry: 'not-asked' } });
    expect(await ping(closed)).toMatchObject({ result: 'fail', reason: 'refused' });
  });
});
