import { ManualScheduler } from '../../../common/manual-scheduler.js';
import { decodePer, encodePer } from '../per/schema.js';
import { RasClient } from './ras-client.js';
import { RasMessage } from './ras-message.js';
import type { Admission, AdmissionWish } from './ras-types.js';

const WISH: AdmissionWish = {
  alias: '0912',
  callReference: 77,
  callIdentifier: new Uint8Array(16).fill(1),
  conferenceID: new Uint8Array(16).fill(2),
  bandwidthKbps: 768,
};
const ip = (last: number, port: number) => ({ ipAddress: { ip: Uint8Array.of(10, 99, 0, last), port } });
const PROTOCOL = '0.0.8.2250.0.4';

class Bench {
  readonly scheduler = new ManualScheduler();
  readonly sent: RasMessage[] = [];
  readonly admissions: Admission[] = [];
  private numbers = 100;
  readonly client = new RasClient(
    {
      callSignal: { address: '10.99.0.3', port: 1720 },
      ras: { address: '10.99.0.3', port: 40_000 },
      alias: 'monitor',
      timeToLiveS: 300,
    },
    { scheduler: this.scheduler, random: { uint32: () => this.numbers++ }, send: (octets) => this.note(octets) },
  );

  admit(wish: AdmissionWish = WISH): void {
    this.client.admit(wish, (admission) => this.admissions.push(admission));
  }

  /** What went out since the last look. */
  names(): string[] {
    return this.sent.splice(0).map((message) => Object.keys(message)[0] ?? '');
  }

  /** The number of the last request. */
  get last(): { requestSeqNum: number } {
    return Object.values(this.sent.at(-1) ?? {})[0] as { requestSeqNum: number };
  }

  hear(message: RasMessage): void {
    this.client.receive(encodePer(RasMessage, message));
  }

  answerDiscovery(): void {
    const { requestSeqNum } = this.last;
    this.hear({
      gatekeeperConfirm: { requestSeqNum, protocolIdentifier: PROTOCOL, gatekeeperIdentifier: 'gk', rasAddress: ip(1, 1719) },
    });
  }

  answerRegistration(timeToLive?: number): void {
    const { requestSeqNum } = this.last;
    const endpointIdentifier = '7_gk';
    this.hear({
      registrationConfirm: {
        requestSeqNum,
        protocolIdentifier: PROTOCOL,
        callSignalAddress: [ip(1, 1720)],
        endpointIdentifier,
        timeToLive,
      },
    });
  }

  answerAdmission(): void {
    const { requestSeqNum } = this.last;
    this.hear({
      admissionConfirm: { requestSeqNum, bandWidth: 7680, callModel: { direct: null }, destCallSignalAddress: ip(9, 1720) },
    });
  }

  register(timeToLive?: number): void {
    this.admit();
    this.answerDiscovery();
    this.answerRegistration(timeToLive);
    this.answerAdmission();
    this.names();
  }

  private note(octets: Uint8Array): void {
    const message = decodePer(RasMessage, octets);
    if (!message.ok) throw new Error(JSON.stringify(message.error));
    this.sent.push(message.value);
  }
}

describe('a client of a gatekeeper', () => {
  it('registers with the first wish, asks by name and is told where to call', () => {
    const bench = new Bench();
    bench.admit();
    expect(bench.sent).toMatchObject([
      { gatekeeperRequest: { endpointAlias: [{ 'h323-ID': 'monitor' }], rasAddress: ip(3, 40_000) } },
    ]);
    bench.answerDiscovery();
    expect(bench.sent.at(-1)).toMatchObject({
      registrationRequest: {
        terminalAlias: [{ 'h323-ID': 'monitor' }],
        gatekeeperIdentifier: 'gk',
        keepAlive: false,
        timeToLive: 300,
      },
    });
    bench.answerRegistration();
    expect(bench.sent.at(-1)).toMatchObject({
      admissionRequest: {
        destinationInfo: [{ dialledDigits: '0912' }],
        endpointIdentifier: '7_gk',
        gatekeeperIdentifier: 'gk',
        bandWidth: 7680,
        callReferenceValue: 77,
        callIdentifier: { guid: WISH.callIdentifier },
      },
    });
    bench.answerAdmission();
    expect(bench.admissions).toMatchObject([{ kind: 'admitted', target: { address: '10.99.0.9', port: 1720 }, model: 'direct' }]);
  });

  it('asks once where it is registered, and says once that a call is over', () => {
    const bench = new Bench();
    bench.register();
    bench.admit();
    expect(bench.names()).toEqual(['admissionRequest']);
    const [first] = bench.admissions;
    if (first?.kind !== 'admitted') throw new Error('not admitted');
    first.release();
    first.release();
    expect(bench.sent).toMatchObject([
      { disengageRequest: { callReferenceValue: 77, disengageReason: { normalDrop: null }, answeredCall: false } },
    ]);
  });

  it("keeps the registration alive at half of its time to live, lightly, by the gatekeeper's time where that is less", () => {
    const bench = new Bench();
    bench.register(60);
    bench.scheduler.advance(29_999);
    expect(bench.names()).toEqual([]);
    bench.scheduler.advance(1);
    expect(bench.sent).toMatchObject([{ registrationRequest: { keepAlive: true, endpointIdentifier: '7_gk' } }]);
    expect(bench.sent[0]).not.toHaveProperty('registrationRequest.terminalAlias');
    bench.answerRegistration(60);
    bench.names();
    bench.scheduler.advance(30_000);
    expect(bench.names()).toEqual(['registrationRequest']);
  });

  it('begins anew where a registration cannot be kept', () => {
    const bench = new Bench();
    bench.register(60);
    bench.scheduler.advance(30_000);
    const { requestSeqNum } = bench.last;
    bench.hear({
      registrationReject: { requestSeqNum, protocolIdentifier: PROTOCOL, rejectReason: { fullRegistrationRequired: null } },
    });
    expect(bench.names()).toEqual(['registrationRequest', 'gatekeeperRequest']);
    expect(bench.client.state).toBe('discovering');
  });

  it('sends a request three times as it is, and then says that nothing came', () => {
    const bench = new Bench();
    bench.admit();
    bench.scheduler.advance(15_000);
    expect(bench.names()).toEqual(['gatekeeperRequest', 'gatekeeperRequest', 'gatekeeperRequest']);
    expect(bench.admissions).toEqual([{ kind: 'no-answer', step: 'discovery' }]);
    expect(bench.client.state).toBe('idle');
    bench.admit();
    expect(bench.names()).toEqual(['gatekeeperRequest']);
  });

  it('waits for nobody of whom the host says that it is not there', () => {
    const bench = new Bench();
    bench.admit();
    bench.client.unreachable();
    expect(bench.admissions).toEqual([{ kind: 'no-answer', step: 'discovery' }]);
    bench.scheduler.advance(60_000);
    expect(bench.names()).toEqual(['gatekeeperRequest']);
  });

  it('waits as long as the gatekeeper asks for', () => {
    const bench = new Bench();
    bench.admit();
    bench.hear({ requestInProgress: { requestSeqNum: bench.last.requestSeqNum, delay: 20_000 } });
    bench.scheduler.advance(19_999);
    expect(bench.names()).toEqual(['gatekeeperRequest']);
    bench.scheduler.advance(1);
    expect(bench.names()).toEqual(['gatekeeperRequest']);
  });

  it.each<[string, (bench: Bench) => void, Admission]>([
    [
      'discovery',
      (bench) =>
        bench.hear({
          gatekeeperReject: { ...bench.last, protocolIdentifier: PROTOCOL, rejectReason: { terminalExcluded: null } },
        }),
      { kind: 'refused', step: 'discovery', reason: 'terminalExcluded' },
    ],
    [
      'registration',
      (bench) => {
        bench.answerDiscovery();
        const { requestSeqNum } = bench.last;
        bench.hear({
          registrationReject: {
            requestSeqNum,
            protocolIdentifier: PROTOCOL,
            rejectReason: { duplicateAlias: [{ 'h323-ID': 'monitor' }] },
          },
        });
      },
      { kind: 'refused', step: 'registration', reason: 'duplicateAlias' },
    ],
    [
      'admission',
      (bench) => {
        bench.answerDiscovery();
        bench.answerRegistration();
        bench.hear({
          admissionReject: { requestSeqNum: bench.last.requestSeqNum, rejectReason: { calledPartyNotRegistered: null } },
        });
      },
      { kind: 'refused', step: 'admission', reason: 'calledPartyNotRegistered' },
    ],
  ])('tells who waits why not: %s', (_step, refuse, admission) => {
    const bench = new Bench();
    bench.admit();
    refuse(bench);
    expect(bench.admissions).toEqual([admission]);
  });

  it('answers the gatekeeper: unregistered, it registers with the next wish', () => {
    const bench = new Bench();
    bench.register();
    bench.hear({ infoRequest: { requestSeqNum: 5, callReferenceValue: 0 } });
    bench.hear({
      disengageRequest: {
        requestSeqNum: 6,
        endpointIdentifier: '7_gk',
        conferenceID: WISH.conferenceID,
        callReferenceValue: 77,
        disengageReason: { forcedDrop: null },
      },
    });
    bench.hear({ unregistrationRequest: { requestSeqNum: 7, callSignalAddress: [ip(3, 1720)] } });
    expect(bench.sent).toMatchObject([
      { infoRequestResponse: { requestSeqNum: 5, endpointIdentifier: '7_gk' } },
      { disengageConfirm: { requestSeqNum: 6 } },
      { unregistrationConfirm: { requestSeqNum: 7 } },
    ]);
    bench.names();
    bench.scheduler.advance(600_000);
    bench.admit();
    expect(bench.names()).toEqual(['gatekeeperRequest']);
  });

  it('leaves by one URQ, leaves no timer, and tells who waits', () => {
    const bench = new Bench();
    bench.register();
    bench.admit();
    bench.names();
    bench.client.close();
    bench.client.close();
    expect(bench.sent).toMatchObject([
      { unregistrationRequest: { endpointIdentifier: '7_gk', callSignalAddress: [ip(3, 1720)] } },
    ]);
    bench.names();
    bench.scheduler.advance(600_000);
    bench.admit();
    expect(bench.names()).toEqual([]);
    expect(bench.admissions.at(-1)).toEqual({ kind: 'closed' });
  });

  it('leaves nobody waiting whose call was asked for when it is closed, and hears no late answer', () => {
    const bench = new Bench();
    bench.admit();
    bench.answerDiscovery();
    bench.answerRegistration();
    expect(bench.names().at(-1)).toBe('admissionRequest');
    bench.client.close();
    expect(bench.admissions).toEqual([{ kind: 'closed' }]);
    bench.scheduler.advance(60_000);
    expect(bench.admissions).toHaveLength(1);
  });

  it('is not moved by octets that are none of its business', () => {
    const bench = new Bench();
    bench.admit();
    for (const octets of [new Uint8Array(0), Uint8Array.of(0xff), new Uint8Array(2000).fill(0x55)]) bench.client.receive(octets);
    bench.hear({ gatekeeperConfirm: { requestSeqNum: 999, protocolIdentifier: PROTOCOL, rasAddress: ip(1, 1719) } });
    // an answer of another kind under our number settles the request, and is no success
    bench.hear({ unregistrationConfirm: { requestSeqNum: bench.last.requestSeqNum } });
    expect(bench.admissions).toEqual([{ kind: 'refused', step: 'discovery', reason: 'undefinedReason' }]);
  });
});
