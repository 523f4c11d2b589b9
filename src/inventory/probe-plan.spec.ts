import { configSchema } from '../config/config-schema.js';
import { planSchema } from '../prober/messages.js';
import { PROBE_KINDS } from '../probes/contract.js';
import { sipCallOptions } from '../probes/sip-call/sip-call.options.js';
import type { EndpointRecord } from './endpoint-record.js';
import { buildPlan } from './probe-plan.js';
import { endpointOf } from './testing/endpoint.js';

const probe = (intervalSeconds: number, options = {}) => ({ enabled: true, intervalSeconds, concurrency: 8, options });
const places = { icmp: 32, tcp: 32, 'sip-options': 32, 'h323-ping': 32, 'sip-call': 12, 'h323-call': 12 };
const bandwidthKbps = { perArea: 20_000, perCarrier: 100_000, areas: { 'Việt Trì': 50_000 }, carriers: {} };
const prober = {
  restartBackoffMs: { min: 500, max: 30_000 },
  orphanStopSeconds: 60,
  firstRoundSeconds: 30,
  spoolHours: 72,
  perArea: places,
  perCarrier: { ...places, 'sip-call': 24 },
  bandwidthKbps,
};
const config = {
  vantage: 'province',
  bothProtocols: { prefer: 'sip', fallBack: true } as const,
  exceptions: [],
  health: configSchema.parse({}).health,
  prober,
  probes: {
    icmp: { ...probe(30, { count: 5 }), packetsPerSecond: 1_000, packetsPerSecondPerArea: 200 },
    tcp: probe(60),
    'sip-options': probe(60),
    'h323-ping': probe(60),
    'sip-call': probe(900, { holdS: 6 }),
    'h323-call': probe(600, { ringS: 10 }),
  },
};

const itemsOf = (given: Partial<EndpointRecord>) => buildPlan([endpointOf(given)], config, 1).items;
const tcpPort = (given: Partial<EndpointRecord>) => itemsOf(given).find(({ kind }) => kind === 'tcp')?.options.port;

describe(buildPlan.name, () => {
  it('aims all probes at an endpoint with a SIP address', () => {
    expect(itemsOf({ sipUri: 'sip:room@10.1.2.3' })).toEqual([
      expect.objectContaining({ kind: 'icmp', target: '10.1.2.3', intervalMs: 30_000, options: { count: 5 } }),
      expect.objectContaining({ kind: 'tcp', target: '10.1.2.3', options: { port: 5060 } }),
      expect.objectContaining({ kind: 'sip-options', target: 'sip:room@10.1.2.3' }),
      expect.objectContaining({
        kind: 'sip-call',
        target: 'sip:room@10.1.2.3',
        intervalMs: 900_000,
        area: 'Hòa Bình',
        carrier: 'VNPT',
        address: '10.1.2.3',
      }),
    ]);
  });

  it.each([
    ['its SIP port', { sipUri: 'sip:room@10.1.2.3:5080' }, 5080],
    ['the TLS port', { sipUri: 'sip:room@10.1.2.3;transport=tls' }, 5061],
    ['the port of sips', { sipUri: 'sips:room@10.1.2.3' }, 5061],
    ['the H.323 port when that is all it has', { h323: 'yes' }, 1720],
    ['its own H.323 port', { h323: 'h323:room@10.1.2.3:1721' }, 1721],
    ['SIP before H.323', { sipUri: 'sip:a@10.1.2.3', h323: 'yes' }, 5060],
    ["the probe's own default when nothing is known", {}, undefined],
  ])('knocks at %s', (_what, given, port) => expect(tcpPort(given)).toBe(port));

  it.each([
    ['yes', '10.1.2.3'],
    ['h323:room@10.1.2.9:1721', 'h323:room@10.1.2.9:1721'],
    ['h323:84210@', 'h323:84210@10.1.2.3'],
  ])('aims the probes of H.323 as the inventory says: %s', (h323, target) => {
    expect(itemsOf({ h323 }).slice(2)).toEqual([
      expect.objectContaining({ kind: 'h323-ping', target }),
      expect.objectContaining({ kind: 'h323-call', target, intervalMs: 600_000, options: { ringS: 10 } }),
    ]);
  });

  describe('an endpoint that speaks both protocols', () => {
    const BOTH = { sipUri: 'sip:room@10.1.2.3', h323: 'yes' };
    const SIP = { kind: 'sip-call', target: 'sip:room@10.1.2.3', options: { holdS: 6 } };
    const H323 = { kind: 'h323-call', target: '10.1.2.3', options: { ringS: 10 } };
    const callsOf = (given: Partial<typeof config.bothProtocols> | object) => {
      const settings = { ...config, bothProtocols: { ...config.bothProtocols, ...given } };
      const { items } = buildPlan([endpointOf(BOTH)], settings, 1);
      expect(items.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['sip-options', 'h323-ping']));
      return items.filter(({ kind }) => kind.endsWith('-call'));
    };

    it('is called over SIP, and over H.323 where that fails', () => {
      expect(callsOf({})).toEqual([expect.objectContaining({ ...SIP, fallBack: H323 })]);
    });

    it('is called as its settings prefer, and by one protocol alone where they say so', () => {
      expect(callsOf({ prefer: 'h323' })).toEqual([expect.objectContaining({ ...H323, fallBack: SIP })]);
      const [only, ...more] = callsOf({ fallBack: false });
      expect(more).toEqual([]);
      expect(only).toMatchObject(SIP);
      expect(only).not.toHaveProperty('fallBack');
    });

    it('may be named by an exception', () => {
      const settings = configSchema.parse({ exceptions: [{ for: { sites: '*' }, bothProtocols: { prefer: 'h323' } }] });
      const calls = buildPlan([endpointOf(BOTH)], settings, 1).items.filter(({ kind }) => kind.endsWith('-call'));
      expect(calls).toMatchObject([{ kind: 'h323-call', fallBack: { kind: 'sip-call' } }]);
    });
  });

  it('leaves out what is switched off and what an endpoint does not have', () => {
    const withoutTcp = { ...config, probes: { ...config.probes, tcp: { ...config.probes.tcp, enabled: false } } };
    expect(buildPlan([endpointOf({})], withoutTcp, 1).items.map(({ kind }) => kind)).toEqual(['icmp']);
  });

  it('tells calls the limits of the profile, and calls a site that needs sound alone with sound alone', () => {
    const settings = configSchema.parse({
      health: {
        thresholds: { jitterMs: 50 },
        profiles: { satellite: { thresholds: { rttMs: { value: 800, source: 'measured, 24 June' } } } },
      },
      exceptions: [
        { for: { models: 'Phone*' }, profile: 'audio-only' },
        { for: { sites: '04792' }, profile: 'satellite' },
        { for: { endpoints: '04795-1' }, profile: 'audio-only', probes: { 'sip-call': { options: { video: true } } } },
      ],
    });
    const optionsOf = (given: Partial<EndpointRecord>) => {
      const { items } = buildPlan([endpointOf({ sipUri: 'sip:room@10.1.2.3', siteCode: '1', ...given })], settings, 1);
      for (const { kind, options } of items) if (kind !== 'sip-call') expect(options).not.toHaveProperty('quality');
      const options = items.find(({ kind }) => kind === 'sip-call')?.options;
      expect(sipCallOptions.safeParse(options)).toMatchObject({ success: true });
      return options;
    };
    expect(optionsOf({})).toEqual({ quality: { jitterMs: 50 } });
    expect(optionsOf({ model: 'Phone 9' })).toEqual({ quality: { jitterMs: 50 }, video: false });
    expect(optionsOf({ model: 'Phone 9', siteCode: '04792' })).toEqual({ quality: { jitterMs: 50, rttMs: 800 } });
    expect(optionsOf({ id: '04795-1' })).toEqual({ quality: { jitterMs: 50 }, video: true });
  });

  it('is a message that the prober accepts', () => {
    const plan = buildPlan([endpointOf({ sipUri: 'sip:room@10.1.2.3' })], config, 7);
    expect(planSchema.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
    expect(plan).toMatchObject({ revision: 7, vantage: 'province', firstRoundMs: 30_000, spoolHours: 72, orphanStopMs: 60_000 });
    expect(plan.icmpPace).toEqual({ packetsPerSecond: 1_000, packetsPerSecondPerArea: 200 });
    expect(Object.keys(plan.concurrency)).toEqual([...PROBE_KINDS]);
    expect(plan.caps).toEqual({ perArea: prober.perArea, perCarrier: prober.perCarrier, bandwidthKbps });
  });
});
