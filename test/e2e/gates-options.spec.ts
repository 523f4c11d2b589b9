import { describe, expect, it } from '@jest/globals';
import { configSchema } from '../../src/config/config-schema.js';
import { PROBE_KINDS, type ProbeKind } from '../../src/probes/contract.js';
import { PROBES } from '../../src/probes/registry.js';

/** The ends of what both SIP probes are told of the line. */
const LEAST_LINE = { port: 1, transport: 'udp', outboundProxy: 'sip:10.0.0.1', source: '127.0.0.1' };
const MOST_LINE = { port: 65_535, transport: 'tls', caFile: 'ca.pem', certificateSha256: 'ab'.repeat(32), source: '::1' };

/** The ends of what the configuration lets through, a set for each kind. */
const EXTREMES: Record<ProbeKind, Record<string, unknown>[]> = {
  icmp: [
    { count: 1, spacingMs: 10, timeoutS: 0.1, payloadBytes: 16, pathMtu: false, source: '127.0.0.1' },
    { count: 100, spacingMs: 5000, timeoutS: 30, payloadBytes: 1472, pathMtu: true, source: '::1' },
  ],
  tcp: [
    { port: 1, timeoutS: 0.1, source: '127.0.0.1' },
    { port: 65_535, timeoutS: 30, source: '::1' },
  ],
  'sip-options': [
    { timeoutS: 0.5, callerName: 'x', callerUser: 'x', ...LEAST_LINE },
    { timeoutS: 32, callerName: 'Kiểm thử'.padEnd(64, '.'), callerUser: 'a_.+-'.padEnd(40, '0'), ...MOST_LINE },
  ],
  'h323-ping': [
    { port: 1, timeoutS: 0.1, statusEnquiry: 'off', source: '127.0.0.1' },
    { port: 65_535, timeoutS: 30, statusEnquiry: 'require', source: '127.0.0.1' },
  ],
  'h323-call': [
    {
      ...{ holdS: 1, ringS: 1, firstAnswerS: 1, callRateKbps: 64, port: 1 },
      ...{ video: false, decodeKeyframe: false, tunnelling: false, fastStart: false, mcu: false },
      ...{ followTo: [], allowedMediaPrefixes: [], callerName: 'x', source: '127.0.0.1' },
      gatekeeper: { address: '10.0.0.1', port: 1, alias: 'm' },
    },
    {
      ...{ holdS: 12, ringS: 60, firstAnswerS: 32, callRateKbps: 4_096, port: 65_535 },
      ...{ video: true, decodeKeyframe: true, tunnelling: true, fastStart: true, mcu: true },
      ...{ followTo: ['10.0.0.1'], allowedMediaPrefixes: ['10.0.0.0/8'] },
      gatekeeper: { address: '10.0.0.1', port: 65_535, alias: 'm'.repeat(128) },
      ...{ callerName: 'Kiểm thử'.padEnd(64, '.'), source: '127.0.0.1' },
    },
  ],
  'sip-call': [
    {
      holdS: 1,
      video: false,
      decodeKeyframe: false,
      dialogState: false,
      ringS: 1,
      noProvisionalS: 0.5,
      allowedMediaPrefixes: [],
      codecs: ['PCMU'],
      bandwidthKbps: 80,
      callerName: 'x',
      callerUser: 'x',
      user: 'u',
      passwordEnv: 'SIP_PASSWORD',
      ...LEAST_LINE,
    },
    {
      holdS: 12,
      video: true,
      decodeKeyframe: true,
      dialogState: true,
      encryption: 'require',
      ringS: 60,
      noProvisionalS: 32,
      codecs: ['H264', 'PCMU', 'PCMA'],
      bandwidthKbps: 10_000,
      allowedMediaPrefixes: ['10.0.0.0/8', '192.0.2.7/32', '2001:db8::/32', '2001:db8::7/128'],
      user: 'u'.repeat(128),
      passwordFile: 'p',
      ...MOST_LINE,
    },
  ],
};

describe('options of a probe', () => {
  const accepted = (kind: ProbeKind, options: unknown): boolean =>
    configSchema.safeParse({ probes: { [kind]: { options } } }).success;

  it.each(PROBE_KINDS)('that the configuration lets through are taken by %s', (kind) => {
    for (const options of EXTREMES[kind]) {
      expect(accepted(kind, options)).toBe(true);
      expect(PROBES[kind].options.safeParse(options)).toMatchObject({ success: true });
    }
  });

  it.each(PROBE_KINDS)('are named here as in the configuration, and end here where they end there: %s', (kind) => {
    const named = Object.assign({}, ...EXTREMES[kind]) as Record<string, unknown>;
    const { options } = configSchema.shape.probes.unwrap().shape[kind].unwrap().shape;
    expect(Object.keys(named).sort()).toEqual(Object.keys(options.unwrap().shape).sort());
    const [least, most] = EXTREMES[kind] as [Record<string, unknown>, Record<string, unknown>];
    for (const key of Object.keys(least).filter((name) => typeof least[name] === 'number')) {
      for (const step of [1, 0.0001]) {
        expect(accepted(kind, { [key]: (least[key] as number) - step })).toBe(false);
        expect(accepted(kind, { [key]: (most[key] as number) + step })).toBe(false);
      }
    }
  });
});
