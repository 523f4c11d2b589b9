import { ManualScheduler } from '../../common/manual-scheduler.js';
import { H323Call } from './h323-call.js';
import fc from 'fast-check';
import type { H323Config, H323Failure } from './call-types.js';
import type { MultimediaSystemControlMessage } from './messages/h245-message.js';
import { causeOf, Q931_TYPES } from './q931.js';
import { CallBench } from './testing/call-bench.js';
import { bitFlips } from './testing/damage.js';
import { VECTORS, vectorOf } from './testing/vectors.js';

const golden = (name: string): string => vectorOf(`minimal-caller-h245-${name}`).h245[0] ?? '';
const [ACK_AND_OLC] = VECTORS.map(({ name }) => name).filter((name) => name.endsWith('h261VideoCapability-openLogicalCh')) as [
  string,
];

const setAck: MultimediaSystemControlMessage = { response: { terminalCapabilitySetAck: { sequenceNumber: 1 } } };
const slaveAck: MultimediaSystemControlMessage = { response: { masterSlaveDeterminationAck: { decision: { slave: null } } } };

/** H323Plus as it answers with H.245 in the tunnel, up to media both ways. */
function inCall(config: Partial<H323Config> = {}): CallBench {
  const bench = new CallBench(config);
  bench.peer('h323plus-h225-callProceeding', 'h323plus-h225-connect-h245tunnel');
  bench.sayControl(setAck, slaveAck);
  bench.peer(ACK_AND_OLC);
  return bench;
}

const failureOf = (bench: CallBench): H323Failure | undefined => {
  const failed = bench.events.find((event) => event.type === 'failed');
  return failed?.failure;
};
const typesSent = (bench: CallBench): number[] => bench.signalling.map(({ type }) => type);

describe('a call that is answered', () => {
  it('asks with SETUP for a new call between two', () => {
    const [setup] = new CallBench({ alias: '102' }).signalling;
    expect(setup?.elements.map(({ id }) => id)).toEqual([0x04, 0x28, 0x70, 0x7e]);
    const body = setup?.pdu?.ok ? setup.pdu.value : undefined;
    expect(body).toMatchObject({
      h245Tunnelling: true,
      'h323-message-body': {
        setup: {
          destinationAddress: [{ dialledDigits: '102' }],
          conferenceGoal: { create: null },
          destCallSignalAddress: { ipAddress: { port: 1720 } },
        },
      },
    });
  });

  it('has media both ways with H323Plus, H.245 in the tunnel', () => {
    const bench = inCall();
    expect(bench.types.slice(0, 3)).toEqual(['proceeding', 'answered', 'media']);
    expect(bench.streams).toEqual([
      {
        direction: 'send',
        medium: 'audio',
        channel: 1,
        codec: 'PCMA',
        payloadType: 8,
        target: { address: '10.99.0.2', rtpPort: 5000, rtcpAddress: '10.99.0.2', rtcpPort: 5001 },
        mostKbps: undefined,
      },
      {
        direction: 'receive',
        medium: 'audio',
        channel: 101,
        codec: 'PCMA',
        payloadType: 8,
        rtcp: { address: '10.99.0.2', port: 5001 },
      },
    ]);
    expect(bench.call.facts).toMatchObject({
      control: 'tunnelled',
      role: 'slave',
      product: 'H323Plus simple',
      display: 'callee',
    });
    expect(bench.call.facts.refused).toEqual([{ by: 'us', medium: 'video', cause: 'dataTypeNotSupported' }]);
  });

  it('says the very octets that both stacks took', () => {
    const bench = inCall();
    bench.call.hangUp();
    for (const name of [
      'terminalCapabilitySet',
      'masterSlaveDetermination',
      'openLogicalChannel-g711Alaw64k',
      'openLogicalChannelAck',
    ]) {
      expect(bench.control).toContain(golden(name));
    }
    expect(bench.control.slice(-2)).toEqual([golden('closeLogicalChannel'), golden('endSessionCommand')]);
  });

  it('opens H.264 to whom takes it, asks for a keyframe of the video that comes, and tells of those asked of us', () => {
    const bench = new CallBench({
      videoCodecs: ['H264', 'H263', 'H261'],
      ports: { audio: { rtp: 2, rtcp: 3 }, video: { rtp: 18_352, rtcp: 18_353 } },
    });
    bench.peer('h323plus-h225-connect-h245Address');
    bench.say('facility', { 'h323-message-body': { empty: null }, h245Tunnelling: true });
    expect(bench.control).toEqual([]);
    bench.call.h245Opened();
    bench.peerH245('minimal-caller-h245tcp-terminalCapabilitySet', 'ooh323c-h245tcp-terminalCapabilitySetAck');
    bench.peerH245('h323plus-h245tcp-masterSlaveDeterminationAck', 'h323plus-h245tcp-openLogicalChannel-genericVideoCapability');
    expect(bench.control).toContain(golden('openLogicalChannel-genericVideoCapability'));
    expect(bench.controlNames.at(-1)).toBe('miscellaneousCommand');
    bench.peerH245('h323plus-h245tcp-miscellaneousCommand-videoFastUpdatePicture');
    expect(bench.types).toContain('keyframe-wanted');
    expect(bench.streams).toMatchObject([{ direction: 'receive', medium: 'video', codec: 'H264' }]);
  });

  it('has media with H323Plus over a connection of its own', () => {
    const bench = new CallBench();
    bench.peer('h323plus-h225-connect-h245Address');
    const [target] = bench.targets;
    expect(target).toMatchObject({ address: '10.99.0.2' });
    bench.call.h245Opened();
    bench.peerH245('h323plus-h245tcp-terminalCapabilitySet', 'ooh323c-h245tcp-terminalCapabilitySetAck');
    bench.peerH245('h323plus-h245tcp-masterSlaveDeterminationAck', 'h323plus-h245tcp-openLogicalChannel-g711Alaw64k');
    bench.peerH245('h323plus-h245tcp-openLogicalChannelAck');
    bench.peer('ooh323c-h225-facility-startH245-h245Address');
    expect(bench.targets).toHaveLength(1);
    expect(bench.streams).toHaveLength(2);
    expect(bench.call.facts).toMatchObject({ control: 'separate', role: 'master' });
    bench.peerH245('h323plus-h245tcp-endSessionCommand');
    expect(bench.events.at(-1)).toEqual({ type: 'ended', by: 'peer', why: 'end-session' });
    expect(bench.signalling.at(-1)?.type).toBe(Q931_TYPES.releaseComplete);
  });

  it('has media with Asterisk, whose messages come in one burst and which asks for a round trip at once', () => {
    const bench = new CallBench();
    bench.peer(
      'ooh323c-h225-callProceeding',
      'ooh323c-h225-alerting',
      'ooh323c-h225-tunnel-facility-terminalCapabilitySet',
      'ooh323c-h225-connect',
      'ooh323c-h225-tunnel-facility-roundTripDelayRequest',
      'ooh323c-h225-tunnel-facility-terminalCapabilitySetAck',
      'ooh323c-h225-tunnel-facility-masterSlaveDeterminationAck',
      'ooh323c-h225-tunnel-facility-openLogicalChannel-g711Alaw64k',
      'ooh323c-h225-tunnel-facility-openLogicalChannelAck',
      'ooh323c-h225-progress',
    );
    expect(bench.types.slice(0, 3)).toEqual(['proceeding', 'alerting', 'answered']);
    expect(bench.controlNames).toContain('roundTripDelayResponse');
    expect(bench.streams).toMatchObject([{ direction: 'send', target: { rtpPort: 20_086 } }, { direction: 'receive' }]);
    expect(bench.targets).toEqual([]);
  });

  it('opens its channels to who never determines a master, when the time for it is out', () => {
    const bench = new CallBench();
    bench.peer('ooh323c-h225-callProceeding', 'ooh323c-h225-tunnel-facility-terminalCapabilitySet', 'ooh323c-h225-connect');
    bench.sayControl(setAck);
    expect(bench.controlNames).not.toContain('openLogicalChannel');
    bench.scheduler.advance(8_000);
    expect(bench.controlNames).toContain('openLogicalChannel');
  });

  it('says everything again where the far end ends the tunnel and names a connection', () => {
    const bench = new CallBench();
    bench.peer('h323plus-h225-callProceeding', 'h323plus-h225-connect-h245Address');
    bench.call.h245Opened();
    expect(bench.controlNames).toEqual([...Array(2)].flatMap(() => ['terminalCapabilitySet', 'masterSlaveDetermination']));
    expect(bench.call.facts.control).toBe('separate');
  });

  it.each([
    ['h323plus-h225-connect-fastStart', [5000, 5001]],
    ['ooh323c-h225-alerting-fastStart', [20_092, 20_093]],
  ])('has media by fastStart in %s', (name, [rtpPort, rtcpPort]) => {
    const bench = new CallBench({ fastStart: true });
    bench.peer(name);
    expect(bench.call.facts.fastStartAccepted).toBe(true);
    expect(bench.streams).toMatchObject([
      { direction: 'send', medium: 'audio', codec: 'PCMA', target: { address: '10.99.0.2', rtpPort, rtcpPort } },
      { direction: 'receive', medium: 'audio', codec: 'PCMA' },
    ]);
  });

  it('falls back to H.245 where fastStart is not taken', () => {
    expect(inCall({ fastStart: true }).streams).toHaveLength(2);
  });

  it('measures the round trip of the control channel, and keeps the least', () => {
    const bench = inCall();
    bench.scheduler.advance(30);
    bench.sayControl({ response: { roundTripDelayResponse: { sequenceNumber: 1 } } });
    bench.scheduler.advance(1_970 + 12);
    bench.sayControl({ response: { roundTripDelayResponse: { sequenceNumber: 2 } } });
    expect(bench.call.facts.controlRttMs).toBe(12);
  });

  it('obeys flow control, a close asked of it, and an empty capability set', () => {
    const bench = inCall();
    const restrict = (maximumBitRate: number): void =>
      bench.sayControl({
        command: { flowControlCommand: { scope: { logicalChannelNumber: 1 }, restriction: { maximumBitRate } } },
      });
    restrict(0);
    expect(bench.streams[0]).toMatchObject({ direction: 'send', mostKbps: 0 });
    restrict(640);
    expect(bench.streams[0]).toMatchObject({ mostKbps: 64 });
    bench.sayControl({ request: { requestChannelClose: { forwardLogicalChannelNumber: 1 } } });
    expect(bench.controlNames.slice(-2)).toEqual(['requestChannelCloseAck', 'closeLogicalChannel']);
    expect(bench.streams).toMatchObject([{ direction: 'receive' }]);
    bench.sayControl({ request: { terminalCapabilitySet: { sequenceNumber: 9, protocolIdentifier: '0.0.8.245.0.7' } } });
    expect(bench.call.facts.pauses).toBe(3);
    const set = vectorOf('minimal-caller-h225-tunnel-empty-terminalCapabilitySet').name;
    bench.peer(set);
    expect(bench.controlNames).toContain('openLogicalChannel');
  });

  it('refuses a loop, and passes over what it cannot read', () => {
    const bench = inCall();
    bench.peer('h323plus-h225-tunnel-empty-maintenanceLoopRequest-systemLoop');
    expect(bench.controlNames.at(-1)).toBe('maintenanceLoopReject');
    bench.say('facility', { 'h323-message-body': { empty: null }, h245Tunnelling: true, h245Control: [Uint8Array.of(0x08)] });
    expect(bench.call.facts.unreadable).toBe(1);
    expect(bench.types).not.toContain('ended');
  });

  it('refuses encrypted media by name', () => {
    const bench = inCall();
    const [hex = ''] = vectorOf('h323plus-h245-openLogicalChannel-h235Media').h245;
    const h245Control = [new Uint8Array(Buffer.from(hex, 'hex'))];
    bench.say('facility', { 'h323-message-body': { empty: null }, h245Tunnelling: true, h245Control });
    expect(bench.call.facts.encryption).toBe(true);
    expect(bench.controlNames.at(-1)).toBe('openLogicalChannelReject');
  });
});

const fail = (): never => {
  throw new Error('nothing is to be sent');
};
const UNSTARTED = {
  ...{ localAddress: '10.1.2.2', localPort: 1, remoteAddress: '10.1.2.3', remotePort: 1720, displayName: 'x', ringMs: 1 },
  ...{ ports: { audio: { rtp: 2, rtcp: 3 } }, audioCodecs: [], videoCodecs: [], callRateKbps: 384 },
  ...{ tunnelling: true, fastStart: false },
};

describe('the end of a call', () => {
  it('is told at once, and everything is closed within a second', () => {
    const bench = inCall();
    bench.call.hangUp();
    expect(bench.events.at(-1)).toEqual({ type: 'ended', by: 'us' });
    const release = bench.signalling.at(-1);
    expect([release?.type, release && causeOf(release)]).toEqual([Q931_TYPES.releaseComplete, 16]);
    expect(bench.closed).toBe(false);
    bench.scheduler.advance(1_000);
    expect([bench.closed, bench.types.at(-1), bench.scheduler.pendingCount]).toEqual([true, 'finished', 0]);
  });

  it('comes at once where nothing was said yet', () => {
    const types: string[] = [];
    const wire = { sendSignalling: fail, openH245: fail, sendH245: fail, close: () => void types.push('closed') };
    const scheduler = new ManualScheduler();
    const onEvent = ({ type }: { type: string }): void => void types.push(type);
    const call = new H323Call(UNSTARTED, { wire, scheduler, random: { token: () => '', uint32: () => 1 }, onEvent });
    call.hangUp();
    expect(types).toEqual(['ended', 'closed', 'finished']);
    expect(scheduler.pendingCount).toBe(0);
  });

  it('does not wait for a far end that has closed', () => {
    const bench = inCall();
    bench.call.hangUp();
    bench.call.signallingFailed('closed');
    expect([bench.closed, bench.types.at(-1)]).toEqual([true, 'finished']);
  });

  it.each([
    ['released', (bench: CallBench) => bench.peer('h323plus-h225-releaseComplete-cause17')],
    ['end-session', (bench: CallBench) => bench.peer('ooh323c-h225-tunnel-facility-endSessionCommand')],
    ['connection-lost', (bench: CallBench) => bench.call.signallingFailed('reset')],
  ])('by the far end: %s', (why, act) => {
    const bench = inCall();
    act(bench);
    expect(bench.events).toContainEqual({ type: 'ended', by: 'peer', why });
    bench.scheduler.advance(1_000);
    expect(bench.types.at(-1)).toBe('finished');
  });

  it.each([
    ['terminal-number', { indication: { conferenceIndication: { terminalNumberAssign: { mcuNumber: 1, terminalNumber: 2 } } } }],
    [
      'multipoint',
      { indication: { miscellaneousIndication: { logicalChannelNumber: 1, type: { multipointConference: null } } } },
    ],
    ['multipoint', { command: { miscellaneousCommand: { logicalChannelNumber: 1, type: { multipointModeCommand: null } } } }],
  ] satisfies [string, MultimediaSystemControlMessage][])('comes at once from ours in a conference: %s', (how, message) => {
    const bench = inCall();
    bench.sayControl(message);
    expect(bench.events).toContainEqual({ type: 'ended', by: 'us', why: 'conference' });
    expect(bench.call.facts.conference).toBe(how);
  });

  it('comes at once where the conference that answers is not ours, unless it was meant', () => {
    const connect = (config: Partial<H323Config>): CallBench => {
      const bench = new CallBench(config);
      bench.say('connect', {
        'h323-message-body': {
          connect: {
            protocolIdentifier: '0.0.8.2250.0.4',
            destinationInfo: { mcu: {}, mc: true, undefinedNode: false },
            conferenceID: new Uint8Array(16).fill(7),
          },
        },
      });
      return bench;
    };
    expect(connect({}).events).toContainEqual({ type: 'ended', by: 'us', why: 'conference' });
    expect(connect({}).call.facts.conference).toBe('conference-id');
    expect(connect({ conferenceExpected: true }).types).not.toContain('ended');
  });
});

describe('a call that fails', () => {
  it.each<[string, H323Failure]>([
    ['h323plus-h225-releaseComplete-cause17', { kind: 'released', cause: 17, reason: undefined }],
    ['h323plus-h225-releaseComplete-cause21', { kind: 'released', cause: 21, reason: undefined }],
    ['ooh323c-h225-releaseComplete-cause34-inConf', { kind: 'released', cause: 34, reason: 'inConf' }],
    [
      'ooh323c-h225-releaseComplete-cause21-destinationRejection',
      { kind: 'released', cause: 21, reason: 'destinationRejection' },
    ],
    ['h323plus-h225-releaseComplete-securityDenied', { kind: 'released', cause: undefined, reason: 'securityDenied' }],
    [
      'h323plus-h225-releaseComplete-calledPartyNotRegistered',
      { kind: 'released', cause: undefined, reason: 'calledPartyNotRegistered' },
    ],
    ['h323plus-h225-releaseComplete-gatekeeperResources', { kind: 'released', cause: undefined, reason: 'gatekeeperResources' }],
  ])('by %s: both figures are told', (name, failure) => {
    const bench = new CallBench();
    bench.peer(name);
    expect(failureOf(bench)).toEqual(failure);
    expect([bench.types, bench.closed]).toEqual([['failed', 'finished'], true]);
  });

  it.each([
    ['h323plus-h225-facility-callForwarded', 'callForwarded'],
    ['h323plus-h225-facility-routeCallToGatekeeper', 'routeCallToGatekeeper'],
  ])('by %s: not followed', (name, reason) => {
    const bench = new CallBench();
    bench.peer('h323plus-h225-callProceeding', name);
    expect(failureOf(bench)).toMatchObject({ kind: 'forwarded', reason });
    expect(bench.targets).toEqual([]);
    expect(typesSent(bench).at(-1)).toBe(Q931_TYPES.releaseComplete);
  });

  it.each<[string, number, (bench: CallBench) => void, H323Failure]>([
    ['nothing comes after SETUP', 10_000, () => undefined, { kind: 'hung', after: 'setup' }],
    [
      'nothing comes after CALL PROCEEDING',
      20_000,
      (bench) => bench.peer('h323plus-h225-callProceeding'),
      { kind: 'hung', after: 'proceeding' },
    ],
    ['nobody answers', 8_000, (bench) => bench.peer('ooh323c-h225-alerting'), { kind: 'rang-out' }],
    [
      'H.245 is not spoken in the tunnel',
      8_000,
      (bench) => bench.peer('ooh323c-h225-connect'),
      { kind: 'h245-hung', waitingFor: 'capabilities' },
    ],
    [
      'H.245 is not to be had',
      25_000,
      (bench) => bench.say('connect', silentConnect(bench)),
      { kind: 'h245-blocked', failure: 'not-offered' },
    ],
    [
      'no channel of ours is acknowledged, and none is opened',
      8_000,
      (bench) => {
        bench.peer('h323plus-h225-connect-h245tunnel');
        bench.sayControl(setAck, slaveAck);
      },
      { kind: 'h245-hung', waitingFor: 'channels' },
    ],
  ])('when %s', (_what, limitMs, act, failure) => {
    const bench = new CallBench();
    act(bench);
    bench.scheduler.advance(limitMs - 1);
    expect(failureOf(bench)).toBeUndefined();
    bench.scheduler.advance(1);
    expect(failureOf(bench)).toEqual(failure);
    bench.scheduler.advance(1_000);
    expect([bench.types.at(-1), bench.closed, bench.scheduler.pendingCount]).toEqual(['finished', true, 0]);
  });

  it('when the connection for H.245 cannot be made', () => {
    const bench = new CallBench();
    bench.peer('h323plus-h225-connect-h245Address');
    bench.call.h245Failed('timeout');
    expect(failureOf(bench)).toEqual({ kind: 'h245-blocked', failure: 'timeout' });
  });

  it('with nothing in common', () => {
    const bench = new CallBench({ audioCodecs: ['PCMU'], ports: { audio: { rtp: 2, rtcp: 3 } } });
    bench.peer('h323plus-h225-connect-h245tunnel');
    const table = { capabilityTableEntryNumber: 1, capability: { receiveAudioCapability: { 'g722-64k': 20 } } };
    bench.sayControl(setAck, slaveAck);
    bench.sayControl({
      request: { terminalCapabilitySet: { sequenceNumber: 2, protocolIdentifier: '0.0.8.245.0.7', capabilityTable: [table] } },
    });
    bench.sayControl({
      response: { openLogicalChannelReject: { forwardLogicalChannelNumber: 1, cause: { dataTypeNotSupported: null } } },
    });
    bench.scheduler.advance(8_000);
    expect(failureOf(bench)).toEqual({ kind: 'no-common-codec' });
  });

  it.each(['refused', 'no-route', 'reset', 'closed', 'timeout'] as const)('with its connection: %s', (failure) => {
    const bench = new CallBench();
    bench.call.signallingFailed(failure);
    expect(failureOf(bench)).toEqual({ kind: 'transport', failure });
    expect(bench.types).toEqual(['failed', 'finished']);
  });

  it('with a far end that speaks something else', () => {
    const bench = new CallBench();
    bench.call.receiveSignalling(Buffer.from('HTTP/1.1 400 Bad Request\r\n'));
    expect(failureOf(bench)).toMatchObject({ kind: 'protocol' });
  });
});

function silentConnect({ signalling: [setup] }: CallBench) {
  const body = setup?.pdu?.ok ? setup.pdu.value['h323-message-body'] : undefined;
  const conferenceID = body && 'setup' in body ? body.setup.conferenceID : new Uint8Array(16);
  const connect = { protocolIdentifier: '0.0.8.2250.0.4', destinationInfo: { mc: false, undefinedNode: false }, conferenceID };
  return { 'h323-message-body': { connect } };
}

describe('any far end', () => {
  const names = VECTORS.filter(({ kind }) => kind === 'h225').map(({ name }) => name);

  it('whatever it says in whatever order, the call says how it ended once and finishes last', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...names), { maxLength: 30 }), fc.boolean(), (said, fastStart) => {
        const bench = new CallBench({ fastStart });
        for (const name of said) {
          bench.peer(name);
          bench.call.h245Opened();
        }
        bench.call.hangUp();
        bench.scheduler.advance(2_000);
        expect(bench.types.filter((type) => type === 'failed' || type === 'ended')).toHaveLength(1);
        expect([bench.types.at(-1), bench.closed, bench.scheduler.pendingCount]).toEqual(['finished', true, 0]);
        expect(bench.types.filter((type) => type === 'finished')).toHaveLength(1);
      }),
      { numRuns: 40 },
    );
  });

  it('may damage what it says: nothing is thrown, and nothing is left running', () => {
    for (const name of names) {
      for (const damaged of bitFlips(new Uint8Array(Buffer.from(vectorOf(name).tpkt ?? '', 'hex')), 3)) {
        const bench = new CallBench({ fastStart: true });
        damaged.set([0xae, 0x80], 6);
        bench.peer('h323plus-h225-callProceeding');
        bench.call.receiveSignalling(damaged);
        bench.call.hangUp();
        bench.scheduler.advance(2_000);
        expect([bench.types.at(-1), bench.scheduler.pendingCount]).toEqual(['finished', 0]);
      }
    }
  });
});
