import { parseH323Target, parseHostTarget, parseSipTarget } from './target.js';

describe(parseHostTarget, () => {
  it.each([
    ['10.1.2.3', { host: '10.1.2.3' }],
    [' room.example ', { host: 'room.example' }],
    ['room.example:1720', { host: 'room.example', port: 1720 }],
    ['2001:db8::1', { host: '2001:db8::1' }],
    ['[2001:db8::1]:5060', { host: '2001:db8::1', port: 5060 }],
    ['sip:room@10.1.2.3:5070;transport=tcp', { host: '10.1.2.3', port: 5070 }],
  ])('should read %s', (text, target) => {
    expect(parseHostTarget(text)).toEqual({ ok: true, value: target });
  });

  it.each(['', 'two words', 'a:b', '10.1.2.3:0', '10.1.2.3:65536', '[not-v6]:5060', '-i', 'a/b', 'sip:'])(
    'should refuse "%s"',
    (text) => {
      expect(parseHostTarget(text).ok).toBe(false);
    },
  );
});

describe(parseSipTarget, () => {
  it.each([
    ['10.1.2.3', { host: '10.1.2.3', port: 5060, transport: 'UDP' }],
    ['10.1.2.3:5070', { host: '10.1.2.3', port: 5070, transport: 'UDP' }],
    ['sip:room1@10.1.2.3', { host: '10.1.2.3', port: 5060, transport: 'UDP' }],
    ['sip:room1@10.1.2.3:5070;transport=TCP', { host: '10.1.2.3', port: 5070, transport: 'TCP' }],
    ['sip:room1@[2001:db8::1];transport=udp', { host: '2001:db8::1', port: 5060, transport: 'UDP' }],
    ['sip:room1@10.1.2.3;transport=tls', { host: '10.1.2.3', port: 5061, transport: 'TLS' }],
    ['sips:room1@room.example', { host: 'room.example', port: 5061, transport: 'TLS' }],
    ['sips:room1@room.example:5071;transport=tcp', { host: 'room.example', port: 5071, transport: 'TLS' }],
  ])('should read %s', (text, target) => {
    expect(parseSipTarget(text)).toMatchObject({ ok: true, value: target });
  });

  it.each([
    ['10.1.2.3', { port: 5070, transport: 'TLS', uri: { port: 5070 } }],
    ['10.1.2.3:5080', { port: 5080, transport: 'TLS' }],
    ['sip:room1@10.1.2.3;transport=tcp', { port: 5070, transport: 'TCP' }],
  ])('should take what %s leaves open from the options of the endpoint', (text, target) => {
    expect(parseSipTarget(text, { transport: 'tls', port: 5070 })).toMatchObject({ ok: true, value: target });
  });

  it('should keep the user part for the call', () => {
    expect(parseSipTarget('sip:room1@10.1.2.3')).toMatchObject({ ok: true, value: { uri: { user: 'room1' } } });
  });

  it.each(['', 'sip:', 'sip:a@b;transport=sctp', 'sips:a@b;transport=udp', 'sip:a@b c', 'mailto:a@b'])(
    'should refuse "%s"',
    (text) => {
      expect(parseSipTarget(text).ok).toBe(false);
    },
  );
});

describe(parseH323Target, () => {
  it.each([
    ['10.1.2.3', { host: '10.1.2.3' }],
    ['10.1.2.3:1721', { host: '10.1.2.3', port: 1721 }],
    ['h323:10.1.2.3', { host: '10.1.2.3' }],
    ['h323:84210@10.1.2.3:1721', { alias: '84210', host: '10.1.2.3', port: 1721 }],
    ['H323:phòng.họp@room.example', { alias: 'phòng.họp', host: 'room.example' }],
  ])('should read %s', (text, target) => {
    expect(parseH323Target(text)).toEqual({ ok: true, value: target });
  });

  it.each(['', 'h323:', 'h323:@10.1.2.3', 'h323:a b@10.1.2.3', 'h323:a\u0007@10.1.2.3', 'h323:a@', 'sip:a@10.1.2.3:99999'])(
    'should refuse "%s"',
    (text) => {
      expect(parseH323Target(text).ok).toBe(false);
    },
  );
});
