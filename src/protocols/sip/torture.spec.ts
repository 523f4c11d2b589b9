/**
 * The message classes of RFC 4475, written from its sections (the name of each in brackets), and what a monitor does with them.
 * It calls, and is not called, so that two things count: a message is attached to the right call or to none, and nothing
 * throws. Where the RFC wants 400 for a request we may also drop it: nobody but our peer can send us one.
 */
import { tagOf, parseCSeq, parseNameAddr, parseVia } from './header-values.js';
import { parseSipMessage, serializeSipMessage, type SipMessage } from './message.js';
import { CallBench, PEER_SDP } from './testing/call-bench.js';
import { parseSipUri } from './uri.js';

const VIA = 'Via: SIP/2.0/UDP host.example.com;branch=z9hG4bK1';
const LONG = 'x'.repeat(3_000);

interface Parts {
  line?: string;
  via?: string[];
  from?: string[];
  to?: string[];
  callId?: string[];
  cseq?: string[];
  more?: string[];
  body?: string;
}

/** A whole message of which a test spoils one part. */
function text(parts: Parts): string {
  const line = parts.line ?? 'OPTIONS sip:user@example.com SIP/2.0';
  const method = line.startsWith('SIP/') ? 'INVITE' : line.split(' ')[0];
  return [
    line,
    ...(parts.via ?? [VIA]),
    ...(parts.from ?? ['From: <sip:caller@example.net>;tag=323']),
    ...(parts.to ?? ['To: sip:user@example.com']),
    ...(parts.callId ?? ['Call-ID: torture.1']),
    ...(parts.cseq ?? [`CSeq: 8 ${method}`]),
    ...(parts.more ?? []),
    '',
    parts.body ?? '',
  ].join('\r\n');
}

const bytesOf = (content: string): Uint8Array => new TextEncoder().encode(content);
const parse = (parts: Parts) => parseSipMessage(bytesOf(text(parts)));
function mustParse(parts: Parts): SipMessage {
  const message = parse(parts);
  if (!message.ok) throw new Error(message.error);
  return message.value;
}

describe('valid messages, RFC 4475 section 3.1.1', () => {
  it('a short tortuous INVITE (wsinv): folding, blanks, compact and unknown names, escaped quotes', () => {
    const message = mustParse({
      line: 'INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0',
      via: [
        'Via  : SIP  /   2.0\r\n /UDP\r\n    192.0.2.2;branch=390skdjuw',
        'v:  SIP  / 2.0  / TCP     spindle.example.com   ;\r\n  branch  =   z9hG4bK9ikj8  ,\r\n SIP  /    2.0   / UDP  192.168.255.111   ; branch=\r\n z9hG4bK30239',
      ],
      from: ['from : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>\r\n  ;\r\n  tag = 98asjd8'],
      to: ['TO :\r\n sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n'],
      callId: ['Call-ID\r\n : wsinv.ndaksdj@192.0.2.1'],
      cseq: ['cseq: 0009\r\n  INVITE'],
      more: [
        'MaX-fOrWaRdS: 0068',
        'l: 4',
        's :',
        'NewFangledHeader:   newfangled value\r\n continued newfangled value',
        'UnknownHeaderWithUnusualValue: ;;,,;;,;',
        'Content-Type: application/sdp',
        'Route:\r\n <sip:services.example.com;lr;unknownwith=value;unknown-no-value>',
        'm:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =\r\n      newvalue ;\r\n  secondparam ; q = 0.33',
      ],
      body: 'v=0\r\nignored',
    });
    const { headers } = message;
    expect(message).toMatchObject({ kind: 'request', method: 'INVITE', body: 'v=0\r' });
    expect([headers.get('Subject'), headers.get('Max-Forwards')]).toEqual(['', '0068']);
    expect([tagOf(headers.get('To')), tagOf(headers.get('From'))]).toEqual(['1918181833n', '98asjd8']);
    expect(parseNameAddr(headers.get('From') ?? '')).toMatchObject({ value: { displayName: 'J Rosenberg \\"' } });
    expect(parseCSeq(headers.get('CSeq') ?? '')).toEqual({ ok: true, value: { number: 9, method: 'INVITE' } });
    expect(headers.getAll('Via').map((via) => parseVia(via))).toMatchObject([
      { value: { protocol: 'UDP', host: '192.0.2.2', params: { branch: '390skdjuw' } } },
      { value: { protocol: 'TCP', host: 'spindle.example.com', params: { branch: 'z9hG4bK9ikj8' } } },
      { value: { protocol: 'UDP', host: '192.168.255.111', params: { branch: 'z9hG4bK30239' } } },
    ]);
    expect(parseNameAddr(headers.getAll('Route')[0] ?? '')).toMatchObject({
      value: { uri: { params: { 'unknown-no-value': '' } } },
    });
    expect(parseNameAddr(headers.get('Contact') ?? '')).toMatchObject({ value: { params: { newparam: 'newvalue', q: '0.33' } } });
  });

  it('the wide range of characters (intmeth)', () => {
    const method = "!interesting-Method0123456789_*+`.%indeed'~";
    const uri = "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com";
    const to = `"BEL:\u0007 NUL:\u0000 DEL:\u007f" <sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.com>`;
    const message = mustParse({
      line: `${method} ${uri} SIP/2.0`,
      from: [
        "From: token1~` token2'+_ token3*%!.- <sip:mundane@example.com>;fromParam''~+*_!.-%=\"работающий\";tag=_token~1'+`*%!-.",
      ],
      to: [`To: ${to}`],
      callId: ['Call-ID: intmeth.word%ZK-!.*_+\'@word`~)(><:\\/"][?}{'],
      cseq: [`CSeq: 139122385 ${method}`],
      more: ["extensionHeader-!.%*+_`'~: 大停電"],
    });
    expect(message).toMatchObject({ method, uri });
    expect(parseSipUri(uri)).toMatchObject({ ok: true, value: { host: 'example.com' } });
    expect(message.headers.get("extensionHeader-!.%*+_`'~")).toBe('大停電');
    expect(tagOf(message.headers.get('From'))).toBe("_token~1'+`*%!-.");
    expect(message.headers.get('Call-ID')).toContain('@word`~)(><:\\/"][?}{');
  });

  it.each([
    ['% as an escape (esc01)', 'sip:sips%3Auser%40example.com@example.net', 'sips%3Auser%40example.com'],
    ['an escaped null (escnull)', 'sip:null-%00-null@example.com', 'null-%00-null'],
    ['a semicolon in the user part (semiuri)', 'sip:user;par=u%40example.net@example.com', 'user;par=u%40example.net'],
  ])('%s is kept as it is written', (_what, uri, user) => {
    expect(parseSipUri(uri)).toMatchObject({ ok: true, value: { user } });
    expect(mustParse({ line: `OPTIONS ${uri} SIP/2.0` })).toMatchObject({ uri });
  });

  it('% where it is no escape (esc02): a method named RE%47IST%45R is not REGISTER', () => {
    expect(mustParse({ line: 'RE%47IST%45R sip:registrar.example.com SIP/2.0' })).toMatchObject({ method: 'RE%47IST%45R' });
  });

  it('no blank between display name and < (lwsdisp)', () => {
    expect(parseNameAddr('caller<sip:caller@example.com>;tag=323')).toMatchObject({
      value: { displayName: 'caller', params: { tag: '323' } },
    });
  });

  it('long values (longreq) are read up to our bounds', () => {
    const message = mustParse({
      via: Array.from({ length: 34 }, (_, i) => `Via: SIP/2.0/TCP sip${i}.example.com`),
      from: [`From: ${LONG} <sip:user@example.com>;tag=${LONG}`],
      callId: [`Call-ID: ${LONG}`],
      more: [`Unknown-${LONG.slice(0, 1000)}: ${LONG}`],
    });
    expect(message.headers.getAll('Via')).toHaveLength(34);
    expect(tagOf(message.headers.get('From'))).toBe(LONG);
  });

  it('bytes past Content-Length (dblreq): of a datagram the first message counts', () => {
    const first = text({ line: 'REGISTER sip:example.com SIP/2.0', more: ['Content-Length: 0'] });
    const both = parseSipMessage(bytesOf(first + text({ line: 'INVITE sip:joe@example.com SIP/2.0' })));
    expect(both).toMatchObject({ ok: true, value: { method: 'REGISTER', body: '' } });
  });

  it('transports of all kinds (transports): only of those we speak is the Via read, the message always', () => {
    const via = ['UDP', 'SCTP', 'TLS', 'UNKNOWN', 'TCP'].map(
      (transport) => `Via: SIP/2.0/${transport} t1.example.com;branch=z9hG4bK${transport}`,
    );
    const { headers } = mustParse({ via });
    expect(headers.getAll('Via').map((value) => parseVia(value).ok)).toEqual([true, false, true, false, true]);
  });

  it('a multipart body of any bytes (mpart01) goes through', () => {
    const body = '--7a9cbec02ceef655\r\nContent-Type: text/plain\r\n\r\nHello\r\n--7a9cbec02ceef655--\r\n';
    const more = ['Content-Type: multipart/mixed;boundary=7a9cbec02ceef655', `Content-Length: ${body.length}`];
    expect(mustParse({ line: 'MESSAGE sip:kumiko@example.org SIP/2.0', more, body }).body).toBe(body);
  });

  it.each([
    [
      'unusual (unreason)',
      'SIP/2.0 200 = 2**3 * 5**2 но сто девяносто девять - простое',
      '= 2**3 * 5**2 но сто девяносто девять - простое',
    ],
    ['empty (noreason)', 'SIP/2.0 100 ', ''],
  ])('a reason phrase that is %s', (_what, line, reasonPhrase) => {
    expect(mustParse({ line })).toMatchObject({ kind: 'response', reasonPhrase });
  });
});

describe('invalid messages, RFC 4475 section 3.1.2: refused as a value', () => {
  it.each<[string, Parts]>([
    ['a Content-Length above the body (clerr)', { more: ['Content-Length: 9999'], body: 'v=0\r\n' }],
    ['a negative Content-Length (ncl)', { more: ['Content-Length: -999'] }],
    ['a CSeq past 2**31 (scalar02)', { cseq: ['CSeq: 36893488147419103232 OPTIONS'] }],
    [
      'a CSeq past 2**31 in a response (scalarlg)',
      { line: 'SIP/2.0 503 Service Unavailable', cseq: ['CSeq: 9292394834772304023312 INVITE'] },
    ],
    ['white space in the Request-URI (lwsruri)', { line: 'INVITE sip:user@example.com; lr SIP/2.0' }],
    ['several blanks in the start line (lwsstart)', { line: 'INVITE  sip:user@example.com  SIP/2.0' }],
    ['blanks at its end (trws)', { line: 'OPTIONS sip:remote-target@example.com SIP/2.0  ' }],
    ['another version (badvers)', { line: 'OPTIONS sip:t.watson@example.org SIP/7.0' }],
    ['a CSeq of another method (mismatch01)', { cseq: ['CSeq: 8 INVITE'] }],
    [
      'a CSeq of another method, unknown (mismatch02)',
      { line: 'NEWMETHOD sip:user@example.com SIP/2.0', cseq: ['CSeq: 8 INVITE'] },
    ],
    ['a status beyond all classes (bigcode)', { line: 'SIP/2.0 4294967301 better not break the receiver' }],
  ])('%s', (_what, parts) => {
    expect(parse(parts).ok).toBe(false);
  });

  it.each([
    ['a Request-URI in <> (ltgtruri)', () => parseSipUri('<sip:user@example.com>').ok],
    ['separators that stand alone (badinv01)', () => parseNameAddr('"Joe" ;;,;,;').ok],
    ['a quote that never closes (quotbal)', () => parseNameAddr('"Mr. J. User <sip:j.user@example.com>').ok],
    [
      'headers in the Request-URI of a dialog (escruri): not in its host part',
      () => parseSipUri('sip:user@example.com ?Route=x').ok,
    ],
    ['an unbracketed URI with a comma (badaspec)', () => parseSipUri('sip:watson@worldcom.example.com, x').ok],
    ['a display name with commas and no quotes (baddn)', () => parseNameAddr('Bell, Alexander <sip:a.g.bell@example.com>').ok],
  ])('%s', (_what, isRead) => {
    expect(isRead()).toBe(false);
  });

  it('a malformed date (baddate), or a Contact that should have been in <> (regbadct), hides nothing else', () => {
    const more = ['Date: Fri, 01 Jan 2010 16:00:00 EST', 'Contact: sip:user@example.com?Route=%3Csip:sip.example.com%3E', 'l: 0'];
    expect(mustParse({ more })).toMatchObject({ kind: 'request', method: 'OPTIONS' });
  });
});

describe('transaction, application and compatibility layer, RFC 4475 sections 3.2 to 3.4', () => {
  it.each<[string, Parts]>([
    ['no Call-ID, From, or To (insuf)', { callId: [], from: [], to: [] }],
    [
      'two Content-Lengths that differ (mcl01)',
      { more: ['Content-Length: 13', 'Content-Length: 5'], body: 'There is no way to know' },
    ],
  ])('refuses %s', (_what, parts) => {
    expect(parse(parts).ok).toBe(false);
  });

  it.each<[string, Parts]>([
    ['an unknown scheme (unkscm)', { line: 'OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0' }],
    ['a scheme that is registered elsewhere (novelsc)', { line: 'OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0' }],
    ['unknown schemes in To and From (unksm2)', { to: ['To: isbn:2983792873'], from: ['From: <http://www.example.com>;tag=1'] }],
    ['a Require we do not know (bext01)', { more: ['Require: nothingSupportsThis', 'Proxy-Require: noProxiesSupportThis'] }],
    ['a body of an unknown type (invut)', { more: ['Content-Type: application/unknownformat'], body: '<audio/>' }],
    ['an Authorization of an unknown scheme (regaut01)', { more: ['Authorization: NoOneKnowsThisScheme opaque-data=here'] }],
    [
      'single headers several times (multi01)',
      { callId: ['Call-ID: one', 'Call-ID: two'], more: ['Max-Forwards: 70', 'Max-Forwards: 5'] },
    ],
    [
      'a broadcast address in Via (bcast)',
      { line: 'SIP/2.0 200 OK', via: [VIA, 'Via: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1'] },
    ],
    ['Max-Forwards of zero (zeromf)', { more: ['Max-Forwards: 0'] }],
    ['parameters in a Contact (cparam01, cparam02)', { more: ['Contact: sip:+19725552222@gw1.example.net;unknownparam'] }],
    ['an escaped header in a URI (regescrt)', { more: ['Contact: <sip:user@example.com?Route=%3Csip:sip.example.com%3E>'] }],
    [
      'an Accept that leaves SDP out (sdp01)',
      { line: 'INVITE sip:user@example.com SIP/2.0', more: ['Accept: text/nobodyKnowsThis'] },
    ],
    [
      'a request of RFC 2543 without any tag (inv2543)',
      {
        line: 'INVITE sip:UserB@example.com SIP/2.0',
        via: ['Via: SIP/2.0/UDP iftgw.example.com'],
        from: ['From: <sip:+13035551111@ift.client.example.net;user=phone>'],
      },
    ],
  ])('reads %s', (_what, parts) => {
    expect(parse(parts).ok).toBe(true);
  });

  it('a Via that is broadcast leads no response of ours anywhere: our transport has one peer (bcast)', () => {
    const bench = new CallBench().establish();
    const before = bench.wire.sent.length;
    const message = mustParse({ line: 'SIP/2.0 200 OK', via: ['Via: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1'] });
    bench.call.receive(message);
    expect(bench.wire.sent).toHaveLength(before);
  });

  it('a branch that is the magic cookie alone (badbranch) is told apart by what RFC 2543 had', () => {
    const bench = new CallBench().establish();
    const branch = 'z9hG4bK';
    bench.peerRequest('INFO', { branch, cseq: 200 });
    bench.peerRequest('INFO', { branch, cseq: 201 });
    expect(bench.wire.timesOf('200 INFO')).toHaveLength(2);
  });

  it('a required extension in the dialog is named back (bext01)', () => {
    const bench = new CallBench().establish();
    bench.peerRequest('INFO', { headers: [['Require', 'nothingSupportsThis, nothingSupportsThisEither']] });
    expect(bench.wire.response(420).headers.get('Unsupported')).toBe('nothingSupportsThis, nothingSupportsThisEither');
  });

  it.each(['INVITE', 'UPDATE'])(
    'a body of an unknown type in %s is refused, and is not the want of an offer (invut)',
    (method) => {
      const bench = new CallBench({ answerOf: () => PEER_SDP }).establish();
      bench.peerRequest(method, { body: '<audio/>', contentType: 'application/unknownformat' });
      expect(bench.wire.response(415).headers.get('Accept')).toBe('application/sdp');
      expect(bench.told).not.toContain('changed');
    },
  );
});

describe('whatever the torture, what is read can be written and read again', () => {
  it.each<Parts>([
    { more: ['UnknownHeaderWithUnusualValue: ;;,,;;,;', 's :'] },
    { line: 'SIP/2.0 200 = 2**3 * 5**2 но' },
    { callId: ['Call-ID: a.word%ZK-!.*_+\'@word`~)(><:\\/"][?}{'] },
    { from: [`From: ${LONG} <sip:user@example.com>;tag=${LONG}`] },
  ])('%#', (parts) => {
    const message = mustParse(parts);
    const again = parseSipMessage(serializeSipMessage(message));
    expect(again.ok && again.value.headers.entries().filter(([name]) => name !== 'Content-Length')).toEqual(
      message.headers.entries(),
    );
  });
});
