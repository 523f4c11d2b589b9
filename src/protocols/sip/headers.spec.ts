import fc from 'fast-check';
import { formatNameAddr, formatVia, parseCSeq, parseNameAddr, parseVia, SipHeaders, tagOf } from './headers.js';
import { formatSipUri, parseSipUri } from './uri.js';

describe('parseSipUri, RFC 3261 section 19.1', () => {
  it.each([
    ['sip:room@10.1.2.3', { scheme: 'sip', user: 'room', host: '10.1.2.3', params: {} }],
    ['SIP:10.1.2.3:5070', { scheme: 'sip', host: '10.1.2.3', port: 5070, params: {} }],
    [
      'sips:a:pw@[2001:db8::1]:5061;transport=tcp;LR',
      { scheme: 'sips', user: 'a', password: 'pw', host: '2001:db8::1', port: 5061, params: { transport: 'tcp', lr: '' } },
    ],
    ['sip:a;b=c@h?Subject=x', { scheme: 'sip', user: 'a;b=c', host: 'h', params: {}, headers: 'Subject=x' }],
    ['sip:ph%C3%B2ng@h', { scheme: 'sip', user: 'ph%C3%B2ng', host: 'h', params: {} }],
  ])('reads %s', (text, uri) => {
    expect(parseSipUri(text)).toEqual({ ok: true, value: uri });
  });

  it.each([
    '',
    'sip:',
    'tel:+84',
    'sip:a@',
    'sip:a@h:0',
    'sip:a@h:70000',
    'sip:a b@h',
    'sip:a@h>',
    'sip:a@[::1',
    `sip:${'a'.repeat(3000)}@h`,
  ])('refuses "%s"', (text) => {
    expect(parseSipUri(text).ok).toBe(false);
  });

  const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
  const uri = fc.record(
    {
      scheme: fc.constantFrom('sip' as const, 'sips' as const),
      user: fc.stringMatching(/^[A-Za-z0-9._~!;?&=+$,/-]{1,12}$/),
      host: fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain()),
      port: fc.integer({ min: 1, max: 65535 }),
      params: fc.dictionary(word, fc.oneof(word, fc.constant('')), { maxKeys: 4, noNullPrototype: true }),
    },
    { requiredKeys: ['scheme', 'host', 'params'] },
  );

  it('is undone by formatSipUri', () => {
    fc.assert(
      fc.property(uri, (value) => {
        expect(parseSipUri(formatSipUri(value))).toEqual({ ok: true, value });
      }),
    );
  });

  it('does the same inside an address with a display name of any letters', () => {
    const displayName = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).map((text) => text.replace(/[\r\n]/g, ''));
    fc.assert(
      fc.property(uri, displayName, word, (value, name, tag) => {
        const address = { ...(name === '' ? {} : { displayName: name }), uri: value, params: { tag } };
        expect(parseNameAddr(formatNameAddr(address))).toEqual({ ok: true, value: address });
      }),
    );
  });
});

describe('parseNameAddr, RFC 3261 section 20.10', () => {
  it.each([
    ['"A \\"b\\", <c>" <sip:a@h;lr>;tag=1;expires=3', 'A "b", <c>', { lr: '' }, { tag: '1', expires: '3' }],
    ['Phòng họp <sip:a@h>', 'Phòng họp', {}, {}],
    ['sip:a@h;tag=x', undefined, {}, { tag: 'x' }],
    ['<sip:a@h>;q="a,b" , <sip:second@h>', undefined, {}, { q: 'a,b' }],
  ])('reads %s', (text, displayName, uriParams, params) => {
    const address = parseNameAddr(text);
    expect(address).toMatchObject({ ok: true, value: { uri: { params: uriParams }, params } });
    expect(address.ok && address.value.displayName).toBe(displayName);
  });

  it.each(['', '*', '<>', '"open <sip:a@h>', 'Name sip:a@h'])('refuses %s', (text) => {
    expect(parseNameAddr(text).ok).toBe(false);
  });

  it('finds the tag also beside a URI it does not read', () => {
    expect(tagOf('"x;tag=no" <tel:+84123;tag=no>;tag=yes')).toBe('yes');
    expect(tagOf('<sip:a@h>')).toBeUndefined();
  });
});

describe('parseVia, RFC 3261 section 20.42 and RFC 3581', () => {
  it.each([
    [
      'SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKx;rport',
      { protocol: 'UDP', host: '10.0.0.1', port: 5060, params: { branch: 'z9hG4bKx', rport: '' } },
    ],
    [
      'SIP / 2.0 / tls  [2001:db8::9] : 5061 ;received=192.0.2.1;rport=99',
      { protocol: 'TLS', host: '2001:db8::9', port: 5061, params: { received: '192.0.2.1', rport: '99' } },
    ],
    ['SIP/2.0/TCP first;branch=1, SIP/2.0/UDP second;branch=2', { protocol: 'TCP', host: 'first', params: { branch: '1' } }],
  ])('reads %s', (text, via) => {
    expect(parseVia(text)).toEqual({ ok: true, value: via });
  });

  it('is undone by formatVia', () => {
    const via = {
      protocol: 'UDP' as const,
      host: '::1',
      port: 5060,
      params: { branch: 'z9hG4bKq', rport: '', received: '2001:db8::1' },
    };
    expect(parseVia(formatVia(via))).toEqual({ ok: true, value: via });
  });

  it.each(['', 'UDP h', 'SIP/2.0/SCTP h', 'SIP/2.0/UDP h:0', 'SIP/2.0/UDP'])('refuses "%s"', (text) => {
    expect(parseVia(text).ok).toBe(false);
  });
});

describe('parseCSeq, RFC 3261 section 8.1.1.5', () => {
  it.each([
    ['4711 INVITE', { ok: true, value: { number: 4711, method: 'INVITE' } }],
    ['2147483647   BYE', { ok: true, value: { number: 2147483647, method: 'BYE' } }],
  ])('reads %s', (text, expected) => {
    expect(parseCSeq(text)).toEqual(expected);
  });

  it.each(['', 'INVITE', '1', '-1 BYE', '2147483648 BYE', '99999999999 BYE', '1 B YE'])('refuses "%s"', (text) => {
    expect(parseCSeq(text).ok).toBe(false);
  });
});

describe(SipHeaders.name, () => {
  const headers = (): SipHeaders =>
    SipHeaders.from([
      ['v', 'SIP/2.0/UDP a, SIP/2.0/UDP b'],
      ['Subject', 'one, two'],
      ['VIA', 'SIP/2.0/UDP c'],
      ['Route', '"x, y" <sip:p;lr>, <sip:q,r;lr>'],
      ['WWW-Authenticate', 'Digest realm="a", nonce="b"'],
    ]);

  it('splits lists only where the grammar has them', () => {
    expect(headers().getAll('via')).toEqual(['SIP/2.0/UDP a', 'SIP/2.0/UDP b', 'SIP/2.0/UDP c']);
    expect(headers().getAll('s')).toEqual(['one, two']);
    expect(headers().getAll('route')).toEqual(['"x, y" <sip:p;lr>', '<sip:q,r;lr>']);
    expect(headers().getAll('www-authenticate')).toHaveLength(1);
  });

  it('sets in place of the first, prepends above it, deletes all', () => {
    const changed = headers();
    changed.set('Via', 'SIP/2.0/UDP only');
    changed.prepend('v', 'SIP/2.0/UDP top');
    changed.delete('subject');
    expect(
      changed
        .entries()
        .slice(0, 3)
        .map(([name, value]) => `${name}=${value}`),
    ).toEqual(['Via=SIP/2.0/UDP top', 'Via=SIP/2.0/UDP only', 'Route="x, y" <sip:p;lr>, <sip:q,r;lr>']);
  });

  it('clones without sharing', () => {
    const original = headers();
    original.clone().delete('Via');
    expect(original.get('Via')).toBeDefined();
  });

  it('takes the names of object properties for what they are', () => {
    expect(SipHeaders.from([['constructor', 'x']]).getAll('constructor')).toEqual(['x']);
    expect(headers().get('__proto__')).toBeUndefined();
  });
});
