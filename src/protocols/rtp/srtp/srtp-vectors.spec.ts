import { CounterMode } from './counter-mode.js';
import { deriveSessionKeys, RTCP_LABELS, RTP_LABELS } from './key-derivation.js';
import { SrtpReceiver } from './srtp-receiver.js';
import { SrtpSender } from './srtp-sender.js';

const bytes = (hex: string): Buffer => Buffer.from(hex.replace(/\s/g, ''), 'hex');
const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');

const MASTER = bytes('E1F97A0D3E018BE0D64FA32C06DE4139 0EC675AD498AFEEBB6960B3AABE6');

describe('SRTP test vectors', () => {
  describe('AES-CM, RFC 3711 B.2', () => {
    const cipher = new CounterMode(bytes('2B7E151628AED2A6ABF7158809CF4F3C'), bytes('F0F1F2F3F4F5F6F7F8F9FAFBFCFD'));
    /** as many zeros as the vectors of B.2 go on for */
    const stream = new Uint8Array(0xff03 * 16);
    cipher.apply(stream, 0, 0);

    it.each([
      [0x0000, 'e03ead0935c95e80e166b16dd92b4eb4'],
      [0x0001, 'd23513162b02d0f72a43a2fe4a5f97ab'],
      [0x0002, '41e95b3bb0a2e8dd477901e4fca894c0'],
      [0xfeff, 'ec8cdf7398607cb0f2d21675ea9ea1e4'],
      [0xff00, '362b7c3c6773516318a077d7fc5073ae'],
      [0xff01, '6a2cc3787889374fbeb4c81b17ba6c44'],
    ])('should have block %i of the key stream', (block, expected) => {
      expect(hex(stream.subarray(block * 16, block * 16 + 16))).toBe(expected);
    });
  });

  it('should derive the session keys of RFC 3711 B.3', () => {
    const keys = deriveSessionKeys(MASTER, RTP_LABELS);
    expect(hex(keys.cipher)).toBe('c61e7a93744f39ee10734afe3ff7a087');
    expect(hex(keys.salt)).toBe('30cbbc08863d8c85d49db34a9ae1');
    expect(hex(keys.auth)).toBe('cebe321f6ff7716b6fd4ab49af256a156d38baa4');
    expect(hex(deriveSessionKeys(MASTER, RTCP_LABELS).cipher)).not.toBe(hex(keys.cipher));
  });

  it('should refuse a master key of another length', () => {
    expect(() => deriveSessionKeys(MASTER.subarray(1), RTP_LABELS)).toThrow(RangeError);
  });

  // whole packets as libsrtp's own test driver has them, with the master key of B.3
  describe('whole packets of libsrtp', () => {
    const payload = 'ab'.repeat(16);
    const rtp = {
      plain: `800f1234decafbadcafebabe${payload}`,
      protected: '800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb',
    };
    const rtcp = {
      plain: `81c8000bcafebabe${payload}`,
      /** libsrtp counts its reports from 1 */
      protected: '81c8000bcafebabe7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798',
    };

    it('should protect RTP as libsrtp does', () => {
      const packet = Buffer.concat([bytes(rtp.plain), Buffer.alloc(10)]);
      const length = new SrtpSender('AES_CM_128_HMAC_SHA1_80', MASTER).protectRtp(packet, packet.length - 10);
      expect(hex(packet.subarray(0, length))).toBe(rtp.protected);
    });

    it('should protect RTCP as libsrtp does', () => {
      const sender = new SrtpSender('AES_CM_128_HMAC_SHA1_80', MASTER);
      sender.protectRtcp(bytes(rtcp.plain));
      expect(hex(sender.protectRtcp(bytes(rtcp.plain)))).toBe(rtcp.protected);
    });

    it('should open both', () => {
      const receiver = new SrtpReceiver('AES_CM_128_HMAC_SHA1_80', MASTER);
      expect(receiver.unprotectRtp(bytes(rtp.protected))).toEqual(bytes(rtp.plain));
      expect(receiver.unprotectRtcp(bytes(rtcp.protected))).toEqual(bytes(rtcp.plain));
    });
  });
});
