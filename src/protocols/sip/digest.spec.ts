import fc from 'fast-check';
import { answerChallenge, digestResponse, isStale, parseChallenge, parseDigestParams } from './digest.js';
import { SipHeaders } from './headers.js';
import { countingRandom } from './testing/wire.js';

const asked = (...headers: [string, string][]) =>
  answerChallenge({
    headers: SipHeaders.from(headers),
    method: 'INVITE',
    uri: 'sip:room@h',
    body: 'v=0\r\n',
    user: 'us "1"',
    password: 'mật khẩu',
    random: countingRandom(),
  });

/** The parameters of an answer that must be there. */
function paramsOf(answer: ReturnType<typeof asked>): Map<string, string> {
  if (!answer.ok) throw new Error(answer.error);
  return parseDigestParams(answer.value.value.replace(/^Digest /, ''));
}

describe('digestResponse, RFC 7616 section 3.9.1 and RFC 2617 section 3.5', () => {
  const rfc7616 = {
    user: 'Mufasa',
    realm: 'http-auth@example.org',
    password: 'Circle of Life',
    nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
    cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
    nonceCount: '00000001',
    qop: 'auth' as const,
    method: 'GET',
    uri: '/dir/index.html',
    session: false,
  };

  it.each([
    ['MD5' as const, '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256' as const, '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('%s as in the RFC', (algorithm, response) => {
    expect(digestResponse({ ...rfc7616, algorithm })).toBe(response);
  });

  it('MD5 without qop as in RFC 2069 (erratum 749)', () => {
    const { qop: _qop, ...input } = { ...rfc7616, algorithm: 'MD5' as const };
    const old = { ...input, realm: 'testrealm@host.com', nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093', password: 'CircleOfLife' };
    expect(digestResponse(old)).toBe('1949323746fe6a43ef61f9606e7febea');
  });

  // computed with Python's hashlib from the formulas of RFC 7616 sections 3.4.2 and 3.4.3
  it.each([
    ['MD5' as const, false, 'auth-int' as const, 'd1b8e2ac3f6782372de4bf3d8735b406'],
    ['MD5' as const, true, 'auth' as const, 'e783283f46242139c486a698fec7211d'],
    ['MD5' as const, true, 'auth-int' as const, '4321e8772738f242cc32334079264d8c'],
    ['SHA-256' as const, false, 'auth-int' as const, '385d2de062660ced11876f42d9497c69cacf5caaf3d951dd424aee9f7157d563'],
    ['SHA-256' as const, true, 'auth' as const, '2fd51b3a77ad75bad6afad6003e818d767133c46d9e2749e7f5232ae1ea3efd7'],
    ['SHA-256' as const, true, 'auth-int' as const, 'cade7e5b751d9c3c2f066a95f2405c5509ad0171cf93f117e98b7f0ebb212e57'],
    ['SHA-512-256' as const, false, 'auth-int' as const, '5e69357dfa951887c95e88aae45b1f7f834aeba94f85648b86d532e82afdb589'],
    ['SHA-512-256' as const, true, 'auth' as const, '3f2a34f923c38b0fb26dce2fdfc2ce326c23cecf86fbb1444f3e51fbbc2cb92e'],
    ['SHA-512-256' as const, true, 'auth-int' as const, '1ba4333021256e8b4eebe5c8d20ba53b167f1dac1f6d8c916a08c17ef99eae9a'],
  ])('%s, -sess %s, qop=%s', (algorithm, session, qop, response) => {
    expect(digestResponse({ ...rfc7616, algorithm, session, qop, body: 'v=0\r\n' })).toBe(response);
  });
});

describe(answerChallenge.name, () => {
  const md5 = 'Digest realm="r", nonce="n1", qop="auth,auth-int", opaque="o\\"p"';
  const sha256 = 'Digest realm="r", nonce="n2", algorithm=SHA-256, qop="auth"';

  it.each([
    ['WWW-Authenticate', 'Authorization'],
    ['Proxy-Authenticate', 'Proxy-Authorization'],
  ])('answers %s with %s', (header, expected) => {
    expect(asked([header, md5])).toMatchObject({ ok: true, value: { header: expected } });
  });

  it('says what the server needs to check it, and the server finds it right', () => {
    const params = paramsOf(asked(['WWW-Authenticate', md5]));
    expect(Object.fromEntries(params)).toMatchObject({
      username: 'us "1"',
      realm: 'r',
      nonce: 'n1',
      uri: 'sip:room@h',
      qop: 'auth',
      nc: '00000001',
      opaque: 'o"p',
    });
    const expected = digestResponse({
      algorithm: 'MD5',
      session: false,
      user: 'us "1"',
      password: 'mật khẩu',
      realm: 'r',
      nonce: 'n1',
      method: 'INVITE',
      uri: 'sip:room@h',
      cnonce: params.get('cnonce'),
      nonceCount: '00000001',
      qop: 'auth',
    });
    expect(params.get('response')).toBe(expected);
  });

  it('prefers SHA-256 over MD5, whichever comes first (RFC 8760)', () => {
    expect(paramsOf(asked(['WWW-Authenticate', md5], ['WWW-Authenticate', sha256])).get('nonce')).toBe('n2');
    expect(paramsOf(asked(['WWW-Authenticate', sha256], ['WWW-Authenticate', md5])).get('nonce')).toBe('n2');
  });

  it.each([
    ['Digest realm="a, b", nonce="1", algorithm=MD5, qop="auth, auth-int", Digest realm="c", nonce="2", algorithm=SHA-256'],
    ['Digest realm="c",nonce = "2",algorithm=SHA-256,Digest realm="a",nonce="1"'],
    ['Basic realm="x, Digest", Negotiate, NTLM abc==, Digest realm="c", nonce="2", algorithm=SHA-256'],
  ])('takes several challenges of one line apart: %s', (line) => {
    const params = paramsOf(asked(['WWW-Authenticate', line]));
    expect([params.get('realm'), params.get('nonce'), params.get('algorithm')]).toEqual(['c', '2', 'SHA-256']);
    expect(isStale(SipHeaders.from([['WWW-Authenticate', `Digest realm="z", nonce="0", stale=true, ${line}`]]))).toBe(true);
  });

  it('answers auth-int where nothing else is offered', () => {
    const params = paramsOf(asked(['WWW-Authenticate', 'Digest realm="r", nonce="n", qop="auth-int"']));
    expect(params.get('qop')).toBe('auth-int');
  });

  it.each([
    ['stale=true', true],
    ['stale=TRUE', true],
    ['stale=false', false],
    ['opaque="stale=true"', false],
  ])('reads %s', (text, stale) => {
    expect(isStale(SipHeaders.from([['Proxy-Authenticate', `Digest realm="r", nonce="n", ${text}`]]))).toBe(stale);
  });

  it('without qop sends no cnonce; -sess sends one', () => {
    expect(paramsOf(asked(['WWW-Authenticate', 'Digest realm="r", nonce="n"'])).has('cnonce')).toBe(false);
    expect(paramsOf(asked(['WWW-Authenticate', 'Digest realm="r",nonce="n",algorithm=md5-sess'])).has('cnonce')).toBe(true);
  });

  it.each([
    ['no challenge', undefined],
    ['another scheme', 'Bearer realm="r"'],
    ['an unknown algorithm', 'Digest realm="r", nonce="n", algorithm=AKAv1-MD5'],
    ['a qop of tomorrow', 'Digest realm="r", nonce="n", qop="auth-more"'],
    ['no nonce', 'Digest realm="r"'],
  ])('refuses %s', (_what, value) => {
    expect(asked(...(value === undefined ? [] : [['WWW-Authenticate', value] as [string, string]])).ok).toBe(false);
  });

  it('never throws, whatever the challenge', () => {
    const parts = fc.array(
      fc.constantFrom('Digest ', 'realm=', '"', '\\', ',', 'nonce=x', 'qop=', 'auth', '=', ' ', 'algorithm=MD5', 'ế'),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          parts.map((all) => `Digest ${all.join('')}`),
        ),
        (value) => {
          return typeof parseChallenge(value).ok === 'boolean' && typeof asked(['WWW-Authenticate', value]).ok === 'boolean';
        },
      ),
    );
  });
});
