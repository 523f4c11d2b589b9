import fc from 'fast-check';
import { SipHeaders } from './headers.js';
import { MAX_HEADERS } from './message-head.js';
import { createResponse, parseSipMessage, serializeSipMessage, type SipMessage, type SipRequest } from './message.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const BASE = 'Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: x\r\n';

function requestText(extra = '', body = ''): Uint8Array {
  return bytes(`OPTIONS sip:c@d SIP/2.0\r\n${BASE}CSeq: 1 OPTIONS\r\n${extra}\r\n${body}`);
}

function parsed(input: Uint8Array): SipMessage {
  const message = parseSipMessage(input);
  if (!message.ok) throw new Error(message.error);
  return message.value;
}

describe('parseSipMessage, RFC 3261 section 7', () => {
  it('reads a request with its headers and body', () => {
    const message = parsed(requestText('Content-Type: application/sdp\r\nContent-Length: 5\r\n', 'v=0\r\n'));
    expect(message).toMatchObject({ kind: 'request', method: 'OPTIONS', uri: 'sip:c@d', body: 'v=0\r\n' });
    expect(message.headers.get('call-id')).toBe('x');
  });

  it.each([
    ['SIP/2.0 200 OK', 200, 'OK'],
    ['SIP/2.0 486 Đang bận', 486, 'Đang bận'],
    ['SIP/2.0 180 ', 180, ''],
    ['SIP/2.0 180', 180, ''],
    ['sip/2.0 200 fine', 200, 'fine'],
  ])('reads the status line "%s"', (line, status, reasonPhrase) => {
    expect(parsed(bytes(`${line}\r\n${BASE}CSeq: 1 INVITE\r\n\r\n`))).toMatchObject({ kind: 'response', status, reasonPhrase });
  });

  it('reads compact names, folded lines and bare line feeds (7.3.1, 7.3.3)', () => {
    const text =
      'OPTIONS sip:c@d SIP/2.0\nv: SIP/2.0/UDP h\n ;branch=z9hG4bK1\nf:<sip:a@b>;tag=1\nt : <sip:c@d>\ni:x\nCSEQ: 1\n\tOPTIONS\ns: Họp\n\n';
    const { headers } = parsed(bytes(text));
    expect(headers.get('Via')).toBe('SIP/2.0/UDP h ;branch=z9hG4bK1');
    expect(headers.get('CSeq')).toBe('1 OPTIONS');
    expect(headers.get('Subject')).toBe('Họp');
    expect(headers.get('To')).toBe('<sip:c@d>');
  });

  it('skips line breaks before the start line (7.5)', () => {
    expect(parsed(bytes(`\r\n\r\n${new TextDecoder().decode(requestText())}`)).kind).toBe('request');
  });

  it('drops bytes past Content-Length and refuses a body cut short (18.3)', () => {
    expect(parsed(requestText('l: 3\r\n', 'abcdef')).body).toBe('abc');
    expect(parseSipMessage(requestText('l: 7\r\n', 'abcdef'))).toMatchObject({ ok: false });
  });

  it.each([
    ['no end of headers', bytes('OPTIONS sip:c@d SIP/2.0\r\nVia: x')],
    ['two different lengths', requestText('l: 0\r\nContent-Length: 4\r\n', 'abcd')],
    ['a negative length', requestText('l: -1\r\n')],
    ['spaces in the Request-URI', bytes(`OPTIONS <sip:c@d; x> SIP/2.0\r\n${BASE}CSeq: 1 OPTIONS\r\n\r\n`)],
    ['another version', bytes(`OPTIONS sip:c@d SIP/7.0\r\n${BASE}CSeq: 1 OPTIONS\r\n\r\n`)],
    ['a status out of range', bytes(`SIP/2.0 4294967301 better\r\n${BASE}CSeq: 1 OPTIONS\r\n\r\n`)],
    ['a CSeq of another method', bytes(`OPTIONS sip:c@d SIP/2.0\r\n${BASE}CSeq: 1 INVITE\r\n\r\n`)],
    ['a CSeq past 2**31', bytes(`OPTIONS sip:c@d SIP/2.0\r\n${BASE}CSeq: 36893488147419103232 OPTIONS\r\n\r\n`)],
    ['no Via', bytes('OPTIONS sip:c@d SIP/2.0\r\nFrom: a\r\nTo: b\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\n\r\n')],
    ['a second To without its colon', requestText('To <sip:c@d>;tag=2\r\n')],
    ['a compact Via without its colon', requestText('v SIP/2.0/UDP h\r\n')],
    ['a Content-Length without its colon', requestText('Content-Length 4\r\n', 'abcd')],
    ['a compact Content-Length without its colon', requestText('l\t4\r\n', 'abcd')],
    ['too many headers', requestText('X: y\r\n'.repeat(MAX_HEADERS))],
    ['a header too long', requestText(`X: ${'y'.repeat(9_000)}\r\n`)],
    ['a message too long', requestText('', 'y'.repeat(66_000))],
  ])('refuses %s', (_what, input) => {
    expect(parseSipMessage(input)).toMatchObject({ ok: false });
  });

  it('leaves out a line that is no header, and counts it', () => {
    const { headers } = parsed(requestText('nonsense\r\nSubject: x\r\n: y\r\nLegacy Name: z\r\n'));
    expect(headers.malformedLines).toBe(3);
    expect(headers.entries().map(([name]) => name)).toEqual(['Via', 'From', 'To', 'Call-ID', 'CSeq', 'Subject']);
  });

  it('reads the same message whatever lines without a colon stand among its headers', () => {
    const needed = /^(?:via|from|to|call-id|cseq|content-length|[vftil])\b/i;
    const line = fc.stringMatching(/^[!-9;-~][ -9;-~]{0,40}$/).filter((text) => !needed.test(text));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), fc.nat(5), (lines, at) => {
        const clean = ['Subject: a', 'Content-Length: 4', 'X-Other: b', 'k: c', 'Allow: d'];
        const spoilt = [...clean.slice(0, at), ...lines, ...clean.slice(at)];
        const message = parsed(requestText(spoilt.map((text) => `${text}\r\n`).join(''), 'abcd'));
        expect(message.headers.entries()).toEqual(parsed(requestText(`${clean.join('\r\n')}\r\n`, 'abcd')).headers.entries());
        expect(message).toMatchObject({ body: 'abcd', headers: { malformedLines: lines.length } });
      }),
    );
  });

  it('never throws, whatever bytes come', () => {
    const halfValid = fc.array(
      fc.constantFrom(...'Via|:|;|,|<|>|"|\\| |\r\n|\n|SIP/2.0|OPTIONS|200|CSeq|1|sip:a@b|\u0000|ế'.split('|')),
    );
    const inputs = fc.oneof(
      fc.uint8Array({ maxLength: 600 }),
      halfValid.map((parts) => bytes(parts.join(''))),
      halfValid.map((parts) => requestText(`${parts.join('')}\r\n`)),
    );
    fc.assert(
      fc.property(inputs, (input) => typeof parseSipMessage(input).ok === 'boolean'),
      { numRuns: 500 },
    );
  });

  it('reads hostile runs of blanks in linear work', () => {
    const blanks = ' '.repeat(8_000);
    expect(parseSipMessage(requestText(`X: a${blanks}b\r\n`.repeat(6)))).toMatchObject({ ok: true });
  });
});

describe('serializeSipMessage', () => {
  const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,12}$/);
  const text = fc.string({ unit: 'grapheme', maxLength: 40 }).map((raw) => raw.replace(/[\r\n\u0085\u2028\u2029]/g, '').trim());
  const ownHeaders = fc.array(
    fc.tuple(
      token.map((name) => `X-${name}`),
      text,
    ),
    { maxLength: 8 },
  );
  const message = fc.record({
    method: token,
    extra: ownHeaders,
    body: fc.string({ unit: 'grapheme', maxLength: 200 }),
    status: fc.integer({ min: 100, max: 699 }),
    phrase: text,
    isRequest: fc.boolean(),
  });

  it('is undone by parseSipMessage', () => {
    fc.assert(
      fc.property(message, ({ method, extra, body, status, phrase, isRequest }) => {
        const headers = SipHeaders.from([
          ['Via', 'SIP/2.0/UDP h'],
          ['From', '<sip:a@b>'],
          ['To', '<sip:c@d>'],
          ['Call-ID', 'x'],
          ['CSeq', `7 ${method}`],
          ...extra,
        ]);
        const original: SipMessage = isRequest
          ? { kind: 'request', method, uri: 'sip:c@d', headers, body }
          : { kind: 'response', status, reasonPhrase: phrase, headers, body };
        const again = parsed(serializeSipMessage(original));
        again.headers.delete('Content-Length');
        expect({ ...again, headers: again.headers.entries() }).toEqual({ ...original, headers: headers.entries() });
      }),
    );
  });

  it('counts the body in bytes and lets no value begin a header of its own', () => {
    const request = parsed(requestText()) as SipRequest;
    request.headers.set('Subject', 'x\r\nEvil: 1');
    request.body = 'ế';
    const wire = new TextDecoder().decode(serializeSipMessage(request));
    expect(wire).toContain('Subject: x Evil: 1\r\n');
    expect(wire).toContain('Content-Length: 3\r\n');
  });
});

describe('createResponse, RFC 3261 section 8.2.6', () => {
  const request = parsed(
    bytes(
      `INVITE sip:c@d SIP/2.0\r\n${BASE}CSeq: 4 INVITE\r\nVia: SIP/2.0/TCP second;branch=z\r\nRecord-Route: <sip:p;lr>\r\nTimestamp: 54\r\n\r\n`,
    ),
  ) as SipRequest;

  it('copies what names the transaction, all Vias in order, and tags the To', () => {
    const response = createResponse(request, 180, undefined, { toTag: 't' });
    expect(response.reasonPhrase).toBe('Ringing');
    expect(response.headers.getAll('Via')).toEqual(request.headers.getAll('Via'));
    expect(response.headers.get('To')).toBe('<sip:c@d>;tag=t');
    expect(response.headers.get('CSeq')).toBe('4 INVITE');
    expect(response.headers.getAll('Record-Route')).toEqual(['<sip:p;lr>']);
  });

  it('puts no tag and no route on 100, but the time stamp', () => {
    const response = createResponse(request, 100, undefined, { toTag: 't' });
    expect(response.headers.get('To')).toBe('<sip:c@d>');
    expect(response.headers.get('Record-Route')).toBeUndefined();
    expect(response.headers.get('Timestamp')).toBe('54');
  });

  it('leaves a To tag that is there', () => {
    const inDialog = { ...request, headers: request.headers.clone() };
    inDialog.headers.set('To', '<sip:c@d>;tag=mine');
    expect(createResponse(inDialog, 200, 'OK', { toTag: 'other' }).headers.get('To')).toBe('<sip:c@d>;tag=mine');
  });
});
