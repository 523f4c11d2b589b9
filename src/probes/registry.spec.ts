import { PROBE_KINDS } from './contract.js';
import { parseProbeOptions, probeOf } from './registry.js';

describe('PROBES', () => {
  it.each(PROBE_KINDS)('should know %s by its own name and run it without a single option', (kind) => {
    expect(probeOf(kind).kind).toBe(kind);
    expect(parseProbeOptions(kind, {}).ok).toBe(true);
    expect(parseProbeOptions(kind, undefined)).toEqual(parseProbeOptions(kind, {}));
  });

  it.each(PROBE_KINDS)('should refuse an option that %s does not have', (kind) => {
    expect(parseProbeOptions(kind, { colour: 'red' })).toEqual({ ok: false, error: expect.stringContaining('colour') as string });
  });

  it('should fill in the defaults that the contract names', () => {
    expect(parseProbeOptions('icmp', {})).toEqual({
      ok: true,
      value: { count: 5, spacingMs: 200, timeoutS: 2, payloadBytes: 56, pathMtu: false },
    });
    expect(parseProbeOptions('tcp', {})).toEqual({ ok: true, value: { port: 5060, timeoutS: 4 } });
    expect(parseProbeOptions('sip-options', {})).toMatchObject({ ok: true, value: { timeoutS: 5, callerUser: 'kiemtra' } });
    expect(parseProbeOptions('sip-call', {})).toMatchObject({
      ok: true,
      value: {
        holdS: 6,
        video: true,
        ringS: 8,
        noProvisionalS: 5,
        callerName: 'Kiểm tra tự động (automatic check)',
        callerUser: 'kiemtra',
      },
    });
  });

  it.each([
    ['sip-call', { holdS: 13 }, 'holdS'],
    ['sip-call', { user: 'u' }, 'passwordFile'],
    ['sip-call', { passwordFile: '/f' }, 'passwordFile'],
    ['sip-call', { user: 'u', passwordFile: '/f', passwordEnv: 'SIP_PASSWORD' }, 'passwordEnv'],
    ['sip-call', { user: 'u', passwordEnv: 'DATABASE_URL' }, 'passwordEnv'],
    ['sip-call', { callerUser: 'a b' }, 'callerUser'],
    ['sip-options', { transport: 'sctp' }, 'transport'],
    ['sip-options', { outboundProxy: 'two words' }, 'outboundProxy'],
    ['sip-options', { certificateSha256: 'abc' }, 'certificateSha256'],
    ['sip-options', { user: 'u' }, 'user'],
    ['sip-options', { timeoutS: 0 }, 'timeoutS'],
    ['icmp', { count: 0 }, 'count'],
    ['icmp', { source: 'eth0' }, 'source'],
    ['tcp', { port: 65_536 }, 'port'],
  ] as const)('should refuse %s with %j and name the key', (kind, options, key) => {
    expect(parseProbeOptions(kind, options)).toEqual({ ok: false, error: expect.stringContaining(key) as string });
  });
});
