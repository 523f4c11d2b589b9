import { parseProbeArguments } from './probe-arguments.js';

const parse = (line: string) => parseProbeArguments(line.split(' ').filter(Boolean));

describe(parseProbeArguments, () => {
  it('should take a call with every option', () => {
    const line =
      'sip-call sip:room1@10.1.2.3;transport=tcp --json --trace --timeout 3 --source 10.0.0.1 --hold 8 --no-video --user u --password-file /f';
    expect(parse(line)).toMatchObject({
      ok: true,
      value: {
        kind: 'sip-call',
        target: 'sip:room1@10.1.2.3;transport=tcp',
        json: true,
        trace: true,
        options: { holdS: 8, video: false, ringS: 3, noProvisionalS: 3, source: '10.0.0.1', user: 'u', passwordFile: '/f' },
      },
    });
  });

  it('should give every kind its time-out and keep the defaults of what was not said', () => {
    expect(parse('icmp 10.1.2.3 --timeout 1')).toMatchObject({
      ok: true,
      value: { options: { timeoutS: 1, count: 5 }, json: false },
    });
    expect(parse('tcp 10.1.2.3:1720')).toMatchObject({ ok: true, value: { options: { timeoutS: 4 } } });
    expect(parse('sip-options 10.1.2.3 --timeout 2.5')).toMatchObject({ ok: true, value: { options: { timeoutS: 2.5 } } });
  });

  it('should pass on how the endpoint is reached', () => {
    const pin = 'ab'.repeat(32);
    expect(parse(`sip-options sips:a@b --proxy 10.0.0.9 --ca-file /ca --pin ${pin}`)).toMatchObject({
      value: { options: { outboundProxy: '10.0.0.9', caFile: '/ca', certificateSha256: pin } },
    });
    expect(parse('sip-call 10.1.2.3 --user u --password-env SIP_PASSWORD_ROOM')).toMatchObject({
      value: { options: { user: 'u', passwordEnv: 'SIP_PASSWORD_ROOM' } },
    });
  });

  it.each([
    ['', 'missing'],
    ['icmp', 'TARGET is missing'],
    ['snmp 10.1.2.3', 'unknown kind of probe "snmp"'],
    ['icmp 10.1.2.3 10.1.2.4', '10.1.2.4'],
    ['icmp 10.1.2.3 --colour red', '--colour'],
    ['icmp 10.1.2.3 --timeout', '--timeout'],
    ['icmp 10.1.2.3 --timeout soon', '--timeout needs a number'],
    ['icmp 10.1.2.3 --timeout 0', '--timeout needs a number'],
    ['icmp 10.1.2.3 --source eth0', 'source'],
    ['icmp 10.1.2.3 --hold 6', '--hold belongs to sip-call'],
    ['tcp 10.1.2.3 --path-mtu', '--path-mtu belongs to icmp'],
    ['sip-options 10.1.2.3 --no-video', '--no-video belongs to sip-call'],
    ['sip-call 10.1.2.3 --hold 13', 'holdS'],
    ['sip-call 10.1.2.3 --user u', 'passwordFile'],
    ['sip-call mailto:x@y', 'mailto'],
    ['sip-call sip:a@b;transport=sctp', 'sctp'],
    ['tcp 10.1.2.3 --pin 00', '--pin belongs to sip-call and sip-options'],
    ['sip-options 10.1.2.3 --pin 00', 'certificateSha256'],
    ['sip-call 10.1.2.3 --user u --password-env HOME', 'passwordEnv'],
  ])('should refuse "%s" and say why', (line, message) => {
    expect(parse(line)).toEqual({ ok: false, error: expect.stringContaining(message) as string });
  });
});
