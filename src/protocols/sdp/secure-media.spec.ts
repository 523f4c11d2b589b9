import fc from 'fast-check';
import { systemRandom } from '../../common/random.js';
import { type CryptoAttribute, formatCrypto, newLocalKeys, parseCrypto } from './crypto-attribute.js';
import { buildAnswer, buildOffer, negotiate, type LocalMedia } from './offer-answer.js';
import { formatSdp, parseSdp, type SessionDescription } from './session-description.js';

const KEY = 'WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz';
const keysOf = () => ({ audio: newLocalKeys(systemRandom), video: newLocalKeys(systemRandom) });
const local: LocalMedia = { address: '192.0.2.1', sessionId: '1', audioPort: 20_000, videoPort: 20_002, keys: keysOf() };
const peer: LocalMedia = { address: '198.51.100.7', sessionId: '2', audioPort: 30_000, videoPort: 30_002, keys: keysOf() };
const accept = { audio: true, video: true };

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

function sdp(text: string): SessionDescription {
  const result = parseSdp(text);
  if (!result.ok) throw new Error(result.error);
  return result.value;
}
const sent = (session: SessionDescription): SessionDescription => sdp(formatSdp(session));

function agreed(offer: SessionDescription, answer: SessionDescription) {
  const result = negotiate(offer, answer);
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

/** An answer with this one audio line and these attributes. */
const answerOf = (protocol: string, ...attributes: string[]): SessionDescription =>
  sdp(
    [
      'v=0\r\no=- 2 1 IN IP4 198.51.100.7\r\ns=-\r\nc=IN IP4 198.51.100.7\r\nt=0 0',
      `m=audio 30000 ${protocol} 8`,
      ...attributes,
      '',
    ].join('\r\n'),
  );

describe('a=crypto, RFC 4568 section 9.1', () => {
  it.each([
    `1 AES_CM_128_HMAC_SHA1_80 inline:${KEY}`,
    `1 AES_CM_128_HMAC_SHA1_80 inline:${KEY}|2^20`,
    `1 AES_CM_128_HMAC_SHA1_80 inline:${KEY}|1048576 WSH=64`,
    ` 1  AES_CM_128_HMAC_SHA1_80\tinline:${KEY} `,
  ])('should read "%s"', (line) => {
    const crypto = parseCrypto(line);
    expect(crypto).toMatchObject({ tag: 1, suite: 'AES_CM_128_HMAC_SHA1_80' });
    expect(Buffer.from(crypto?.keyAndSalt ?? []).toString('base64')).toBe(KEY);
  });

  it.each([
    ['another suite', `1 AEAD_AES_256_GCM inline:${KEY}`],
    ['a master key index', `1 AES_CM_128_HMAC_SHA1_80 inline:${KEY}|2^20|1:4`],
    ['a master key index without lifetime', `1 AES_CM_128_HMAC_SHA1_80 inline:${KEY}|1:4`],
    ['two keys', `1 AES_CM_128_HMAC_SHA1_80 inline:${KEY}|1:4;inline:${KEY}|2:4`],
    ['unencrypted SRTP', `1 AES_CM_128_HMAC_SHA1_80 inline:${KEY} UNENCRYPTED_SRTP`],
    ['another key derivation rate', `1 AES_CM_128_HMAC_SHA1_80 inline:${KEY} KDR=1`],
    ['a short key', `1 AES_CM_128_HMAC_SHA1_80 inline:${KEY.slice(4)}`],
    ['another key method', `1 AES_CM_128_HMAC_SHA1_80 uri:${KEY}`],
    ['tag 0', `0 AES_CM_128_HMAC_SHA1_80 inline:${KEY}`],
    ['nothing', ''],
  ])('should leave alone %s', (_what, line) => {
    expect(parseCrypto(line)).toBeUndefined();
  });

  it('should write what it reads', () => {
    const crypto: CryptoAttribute = { tag: 7, suite: 'AES_CM_128_HMAC_SHA1_32', keyAndSalt: Buffer.from(KEY, 'base64') };
    expect(parseCrypto(formatCrypto(crypto))).toEqual(crypto);
  });

  it('should read any text without throwing', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => void parseCrypto(text)));
    fc.assert(fc.property(fc.string(), (text) => void parseCrypto(`1 AES_CM_128_HMAC_SHA1_80 inline:${KEY} ${text}`)));
  });
});

describe('offer and answer with SRTP', () => {
  it('should offer RTP/SAVP with both suites, each of four lines with a key of its own', () => {
    const text = formatSdp(buildOffer(local));
    expect(text).toContain('m=audio 20000 RTP/SAVP 8 0\r\n');
    expect(text).toContain('m=video 20002 RTP/SAVP 97 98\r\n');
    const lines = [...text.matchAll(/^a=crypto:(\d) (\w+) inline:(\S{40})\r$/gm)];
    expect(lines.map(([, tag, suite]) => `${tag} ${suite}`)).toEqual([
      '1 AES_CM_128_HMAC_SHA1_80',
      '2 AES_CM_128_HMAC_SHA1_32',
      '1 AES_CM_128_HMAC_SHA1_80',
      '2 AES_CM_128_HMAC_SHA1_32',
    ]);
    expect(new Set(lines.map(([, , , key]) => key)).size).toBe(4);
  });

  it('should agree on keys that mirror each other', () => {
    const offer = sent(buildOffer(local));
    const answer = sent(buildAnswer(offer, { ...peer, accept }));
    const [ours, theirs] = [agreed(offer, answer), agreed(answer, offer)];
    for (const kind of ['audio', 'video'] as const) {
      expect(ours[kind]?.keys?.suite).toBe('AES_CM_128_HMAC_SHA1_80');
      expect(hex(ours[kind]?.keys?.send)).toBe(hex(local.keys?.[kind].AES_CM_128_HMAC_SHA1_80));
      expect(hex(ours[kind]?.keys?.receive)).toBe(hex(peer.keys?.[kind].AES_CM_128_HMAC_SHA1_80));
      expect(hex(theirs[kind]?.keys?.send)).toBe(hex(ours[kind]?.keys?.receive));
      expect(hex(theirs[kind]?.keys?.receive)).toBe(hex(ours[kind]?.keys?.send));
    }
  });

  it('should answer the first suite that it can do, under its tag', () => {
    const text = formatSdp(buildOffer(local)).replaceAll('a=crypto:1 AES_CM_128_HMAC_SHA1_80', 'a=crypto:1 AES_256_CM');
    const answer = formatSdp(buildAnswer(sdp(text), { ...peer, accept }));
    expect(answer.match(/a=crypto:.*inline/g)).toEqual(Array(2).fill('a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline'));
    expect(agreed(sdp(text), sdp(answer)).audio?.keys?.suite).toBe('AES_CM_128_HMAC_SHA1_32');
  });

  it('should refuse SRTP without keys, and plain RTP where SRTP is a must', () => {
    const { keys: _none, ...plain } = peer;
    const ports = (answer: SessionDescription): number[] => answer.media.map(({ port }) => port);
    expect(ports(buildAnswer(sent(buildOffer(local)), { ...plain, accept }))).toEqual([0, 0]);
    expect(ports(buildAnswer(sent(buildOffer(plain)), { ...local, accept }))).toEqual([0, 0]);
  });

  it.each([
    ['without keys', answerOf('RTP/SAVP')],
    ['with keys for a tag that was not offered', answerOf('RTP/SAVP', `a=crypto:9 AES_CM_128_HMAC_SHA1_80 inline:${KEY}`)],
    ['with another suite under the tag', answerOf('RTP/SAVP', `a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:${KEY}`)],
    ['with a DTLS handshake', answerOf('UDP/TLS/RTP/SAVP', 'a=fingerprint:sha-256 00')],
  ])('should not take an answer %s', (_what, answer) => {
    expect(agreed(buildOffer(local), answer)).toEqual({ audio: null, video: null, secure: true });
  });

  it('should not take plain RTP for an offer of SRTP', () => {
    expect(agreed(buildOffer(local), answerOf('RTP/AVP'))).toEqual({ audio: null, video: null });
  });

  it('should ignore a=crypto that nobody offered', () => {
    const { keys: _none, ...plain } = local;
    const { audio } = agreed(buildOffer(plain), answerOf('RTP/AVP', `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${KEY}`));
    expect(audio).toMatchObject({ rtpPort: 30_000 });
    expect(audio?.keys).toBeUndefined();
  });
});
