import fc from 'fast-check';
import { SipStreamFramer } from './stream-framer.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function message(callId: string, body = ''): string {
  const length = new TextEncoder().encode(body).length;
  return `OPTIONS sip:c@d SIP/2.0\r\nv: SIP/2.0/TCP h;branch=z\r\nf: <sip:a@b>;tag=1\r\nt: <sip:c@d>\r\ni: ${callId}\r\nCSeq: 1 OPTIONS\r\nl: ${length}\r\n\r\n${body}`;
}

const callIds = (framer: SipStreamFramer, chunk: Uint8Array): (string | undefined)[] =>
  framer.push(chunk).map((result) => (result.ok ? result.value.headers.get('Call-ID') : 'error'));

describe(SipStreamFramer.name, () => {
  it('finds the same messages however the stream is cut (18.3)', () => {
    const stream = bytes(`\r\n\r\n${message('1', 'v=0 ế')}${message('2')}\r\n\r\n${message('3', 'body\r\n\r\n')}`);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: stream.length }), { maxLength: 12 }), (cuts) => {
        const framer = new SipStreamFramer();
        const edges = [0, ...cuts.sort((a, b) => a - b), stream.length];
        const found = edges.slice(1).flatMap((edge, index) => callIds(framer, stream.subarray(edges[index], edge)));
        expect(found).toEqual(['1', '2', '3']);
      }),
    );
  });

  it('goes on after a message that frames but does not parse', () => {
    expect(callIds(new SipStreamFramer(), bytes(`NONSENSE\r\nContent-Length: 2\r\n\r\nab${message('2')}`))).toEqual([
      'error',
      '2',
    ]);
  });

  it('keeps a message with a line that is no header, and its boundary', () => {
    expect(
      callIds(new SipStreamFramer(), bytes(message('1', 'v=0').replace('CSeq', 'broken line\r\nCSeq') + message('2'))),
    ).toEqual(['1', '2']);
  });

  it('takes a missing Content-Length for an empty body', () => {
    expect(callIds(new SipStreamFramer(), bytes(message('1').replace(/l: 0\r\n/, '') + message('2')))).toEqual(['1', '2']);
  });

  it.each([
    ['an endless head', bytes('x'.repeat(66_000))],
    ['a length past the bound', bytes('OPTIONS sip:a@b SIP/2.0\r\nContent-Length: 999999\r\n\r\n')],
    ['a length without its colon', bytes('OPTIONS sip:a@b SIP/2.0\r\nContent-Length 3\r\n\r\nabc')],
    ['two different lengths', bytes('OPTIONS sip:a@b SIP/2.0\r\nl: 1\r\nl: 2\r\n\r\nabc')],
  ])('breaks off at %s, once', (_what, chunk) => {
    const framer = new SipStreamFramer();
    expect(callIds(framer, chunk)).toEqual(['error']);
    expect(framer.broken).toBe(true);
    expect(callIds(framer, bytes(message('1')))).toEqual([]);
  });

  it('never throws, whatever bytes come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.uint8Array({ maxLength: 100 }), fc.constantFrom(bytes('\r\n\r\n'), bytes('l: 3\r\n'))), {
          maxLength: 20,
        }),
        (chunks) => {
          const framer = new SipStreamFramer();
          return chunks.every((chunk) => Array.isArray(framer.push(chunk)));
        },
      ),
    );
  });
});
