import fc from 'fast-check';
import { formatSdp, parseSdp, type SessionDescription } from './session-description.js';

const HEAD = 'v=0\r\no=- 42 7 IN IP4 198.51.100.7\r\ns=-\r\n';
const SESSION = `${HEAD}c=IN IP4 198.51.100.7\r\nt=0 0\r\n`;

function parsed(text: string): SessionDescription {
  const sdp = parseSdp(text);
  if (!sdp.ok) throw new Error(sdp.error);
  return sdp.value;
}

const medium = (lines: string) => parsed(`${SESSION}${lines}`).media[0]!;

describe('parseSdp, RFC 4566 section 5', () => {
  it('reads what a real codec writes', () => {
    const sdp = parsed(
      `${HEAD}c=IN IP4 198.51.100.7/127\r\nb=TIAS:1500500\r\nt=0 0\r\na=tool:codec 9\r\na=sendonly\r\n` +
        'm=audio 10000 RTP/AVP 8 101\r\nb=AS:64\r\na=rtpmap:8 pcma/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n' +
        'a=rtcp:10055 IN IP4 198.51.100.8\r\na=recvonly\r\na=ptime:20\r\n' +
        'm=video 10002/2 RTP/AVPF 97 99\r\nc=IN IP6 2001:db8::7\r\na=rtpmap:97 H264/90000\r\n' +
        'a=fmtp:97 Profile-Level-ID=42e01f; packetization-mode=1 ;max-br=768\r\na=rtcp-mux\r\na=rtpmap:120 VP8/90000\r\n' +
        'm=application 0 UDP/BFCP *\r\n',
    );
    expect(sdp).toEqual({
      origin: { username: '-', sessionId: '42', sessionVersion: '7', address: '198.51.100.7' },
      sessionName: '-',
      connection: { address: '198.51.100.7', family: 4 },
      bandwidthKbps: 1501,
      direction: 'sendonly',
      attributes: [['tool', 'codec 9']],
      media: [
        {
          kind: 'audio',
          port: 10000,
          protocol: 'RTP/AVP',
          payloadTypes: [8, 101],
          formats: [
            { payloadType: 8, encoding: 'PCMA', clockRate: 8000 },
            { payloadType: 101, encoding: 'TELEPHONE-EVENT', clockRate: 8000, fmtp: { '0-15': '' } },
          ],
          bandwidthKbps: 64,
          direction: 'recvonly',
          rtcp: { port: 10055, address: '198.51.100.8' },
          rtcpMux: false,
          attributes: [['ptime', '20']],
        },
        {
          kind: 'video',
          port: 10002,
          portCount: 2,
          protocol: 'RTP/AVPF',
          payloadTypes: [97, 99],
          formats: [
            {
              payloadType: 97,
              encoding: 'H264',
              clockRate: 90000,
              fmtp: { 'profile-level-id': '42e01f', 'packetization-mode': '1', 'max-br': '768' },
            },
          ],
          connection: { address: '2001:db8::7', family: 6 },
          direction: 'sendonly',
          rtcpMux: true,
          attributes: [['rtpmap', '120 VP8/90000']],
        },
        {
          kind: 'application',
          port: 0,
          protocol: 'UDP/BFCP',
          payloadTypes: [],
          formats: [],
          direction: 'sendonly',
          rtcpMux: false,
          attributes: [],
        },
      ],
    });
  });

  it('knows static payload types without a=rtpmap (RFC 3551 section 6)', () => {
    expect(medium('m=audio 9 RTP/AVP 0 8 9 96\r\n').formats.map(({ encoding, clockRate }) => `${encoding}/${clockRate}`)).toEqual(
      ['PCMU/8000', 'PCMA/8000', 'G722/8000'],
    );
  });

  it.each([
    ['bare line feeds', `${SESSION}m=audio 9 RTP/AVP 8\r\n`.replaceAll('\r\n', '\n')],
    ['lines of its own', `${SESSION}?=x\r\nnonsense\r\nz\r\nm=audio 9 RTP/AVP 8\r\n`],
    ['no c= line at all', `${HEAD}t=0 0\r\nm=audio 9 RTP/AVP 8\r\n`],
  ])('bears %s', (_what, text) => {
    expect(parsed(text).media).toHaveLength(1);
  });

  it.each([
    ['nothing', ''],
    ['another version', SESSION.replace('v=0', 'v=1')],
    ['no o= line', 'v=0\r\ns=-\r\n'],
    ['words in o=', SESSION.replace('42', 'x')],
    ['a port out of range', `${SESSION}m=audio 65536 RTP/AVP 8\r\n`],
    ['a negative port', `${SESSION}m=audio -1 RTP/AVP 8\r\n`],
    ['a broken c= line', `${HEAD}c=IN IP5 x\r\n`],
    ['51 media', `${SESSION}${'m=audio 9 RTP/AVP 8\r\n'.repeat(51)}`],
    ['201 attributes', `${SESSION}${'a=x\r\n'.repeat(201)}`],
    ['more than 64 KiB', `${SESSION}${'i=x'.repeat(30_000)}`],
  ])('refuses %s', (_what, text) => {
    expect(parseSdp(text).ok).toBe(false);
  });

  it('never throws, whatever text comes', () => {
    const parts = fc.constantFrom(
      'm=',
      'a=',
      'c=IN IP4 ',
      'audio ',
      '9 ',
      'RTP/AVP ',
      '8',
      'rtpmap:',
      'fmtp:',
      '96 ',
      'H264/90000',
      ';',
      '=',
      '\r\n',
      '\n',
      'rtcp:',
      ' ',
      'sendonly',
      '__proto__',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(parts, { maxLength: 60 }).map((all) => SESSION + all.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => typeof parseSdp(text).ok === 'boolean'),
      { numRuns: 500 },
    );
  });
});

describe('formatSdp', () => {
  const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,8}$/);
  const ownWord = word.map((text) => `x-${text}`);
  const port = fc.integer({ min: 1, max: 65535 });
  const digits = fc.stringMatching(/^[1-9]\d{0,18}$/);
  const direction = fc.constantFrom('sendrecv' as const, 'sendonly' as const, 'recvonly' as const, 'inactive' as const);
  const connection = fc.oneof(
    fc.ipV4().map((address) => ({ address, family: 4 as const })),
    fc.ipV6().map((address) => ({ address, family: 6 as const })),
  );
  const attributes = fc.array(fc.tuple(ownWord, fc.option(word, { nil: undefined })), { maxLength: 5 });
  const format = (payloadType: number) =>
    fc.record(
      {
        payloadType: fc.constant(payloadType),
        encoding: word.map((text) => text.toUpperCase()),
        clockRate: fc.integer({ min: 1, max: 192_000 }),
        channels: fc.integer({ min: 1, max: 8 }),
        fmtp: fc.dictionary(
          word.map((text) => text.toLowerCase()),
          word,
          { minKeys: 1, maxKeys: 4, noNullPrototype: true },
        ),
      },
      { requiredKeys: ['payloadType', 'encoding', 'clockRate'] },
    );
  const media = fc.uniqueArray(fc.integer({ min: 96, max: 127 }), { minLength: 1, maxLength: 5 }).chain((payloadTypes) =>
    fc.record(
      {
        kind: fc.constantFrom('audio', 'video'),
        port,
        portCount: fc.integer({ min: 1, max: 4 }),
        protocol: fc.constantFrom('RTP/AVP', 'RTP/SAVPF'),
        payloadTypes: fc.constant(payloadTypes),
        formats: fc.tuple(...payloadTypes.map(format)),
        connection,
        bandwidthKbps: fc.integer({ min: 0, max: 100_000 }),
        direction,
        rtcp: fc.oneof(
          port.map((only) => ({ port: only })),
          fc.tuple(port, fc.oneof(fc.ipV4(), fc.ipV6())).map(([rtcpPort, address]) => ({ port: rtcpPort, address })),
        ),
        rtcpMux: fc.boolean(),
        attributes,
      },
      { requiredKeys: ['kind', 'port', 'protocol', 'payloadTypes', 'formats', 'direction', 'rtcpMux', 'attributes'] },
    ),
  );
  const session = fc.record(
    {
      origin: fc.record({ username: word, sessionId: digits, sessionVersion: digits, address: fc.ipV4() }),
      sessionName: fc.constantFrom('-', 'Phòng họp'),
      connection,
      bandwidthKbps: fc.integer({ min: 0, max: 100_000 }),
      direction,
      media: fc.array(media, { maxLength: 4 }),
      attributes,
    },
    { requiredKeys: ['origin', 'sessionName', 'media', 'attributes'] },
  );

  it('is undone by parseSdp', () => {
    fc.assert(
      fc.property(session, (original) => {
        expect(parseSdp(formatSdp(original))).toEqual({ ok: true, value: original });
      }),
    );
  });

  it('writes a rejected medium with a format all the same', () => {
    const refused = parsed(`${SESSION}m=application 5060 UDP/BFCP *\r\nm=audio 9 RTP/AVP x\r\n`);
    expect(formatSdp(refused)).toContain('m=application 5060 UDP/BFCP *\r\n');
    expect(formatSdp(refused)).toContain('m=audio 9 RTP/AVP 0\r\n');
  });

  it('lets no value begin a line of its own', () => {
    const sdp = parsed(SESSION);
    sdp.sessionName = 'x\r\nm=audio 1 RTP/AVP 0';
    expect(parsed(formatSdp(sdp)).media).toEqual([]);
  });
});
