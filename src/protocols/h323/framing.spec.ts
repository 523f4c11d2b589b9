import {
  bearerElement,
  calledPartyElement,
  causeOf,
  displayElement,
  displayOf,
  ELEMENT_IDS,
  formatQ931,
  parseQ931,
  Q931_TYPES,
} from './q931.js';
import { formatSignalling, parseSignalling } from './signalling-message.js';
import { bitFlips, truncations } from './testing/damage.js';
import { fromHex, toHex, vectorOf, VECTORS } from './testing/vectors.js';
import { formatTpkt, TpktFramer } from './tpkt-framer.js';

const h225 = VECTORS.filter(({ kind }) => kind === 'h225');
const tpktOf = (name: string): Uint8Array => fromHex(vectorOf(name).tpkt ?? '');
const messageOf = (name: string) => {
  const parsed = parseSignalling(tpktOf(name).subarray(4));
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
};

describe('TpktFramer', () => {
  const packets = VECTORS.flatMap(({ tpkt }) => (tpkt === undefined ? [] : [fromHex(tpkt)]));
  const stream = Buffer.concat(packets);
  const contents = packets.map((packet) => toHex(packet.subarray(4)));

  it.each([1, 2, 3, 5, 7, 100, 1460, stream.length])('cuts the same packets from chunks of %d octets', (size) => {
    const framer = new TpktFramer();
    const seen: string[] = [];
    for (let at = 0; at < stream.length; at += size) {
      for (const packet of framer.push(stream.subarray(at, at + size))) seen.push(packet.ok ? toHex(packet.value) : packet.error);
    }
    expect(seen).toEqual(contents);
  });

  it('passes over keep-alives, and gives copies of the octets that it was lent', () => {
    const chunk = Buffer.from('0300000403000006abcd', 'hex');
    const [packet] = new TpktFramer().push(chunk);
    chunk.fill(0);
    expect(packet?.ok && toHex(packet.value)).toBe('abcd');
  });

  it.each(['16030100', '03000003', '03000002'])('is broken by %s, says so once and reads no more', (hex) => {
    const framer = new TpktFramer();
    expect(framer.push(fromHex(hex))).toEqual([{ ok: false, error: 'not-tpkt' }]);
    expect(framer.broken).toBe(true);
    expect(framer.push(fromHex('03000006abcd'))).toEqual([]);
  });

  it('refuses to write what no length can tell', () => {
    expect(() => formatTpkt(new Uint8Array(65_532))).toThrow(RangeError);
    expect(formatTpkt(new Uint8Array(65_531)).length).toBe(65_535);
  });
});

describe('Q.931', () => {
  it.each(h225)('$name: is framed and written again to the very octets', ({ tpkt }) => {
    const octets = fromHex(tpkt ?? '').subarray(4);
    const parsed = parseQ931(octets);
    expect(parsed.ok && toHex(formatQ931(parsed.value))).toBe(toHex(octets));
  });

  it('knows who chose the call reference', () => {
    const setup = messageOf('h323plus-h225-setup');
    const connect = messageOf('h323plus-h225-connect-h245tunnel');
    expect([setup.type, setup.fromDestination]).toEqual([Q931_TYPES.setup, false]);
    expect([connect.type, connect.fromDestination, connect.callReference]).toEqual([
      Q931_TYPES.connect,
      true,
      setup.callReference,
    ]);
  });

  it.each([
    ['h323plus-h225-releaseComplete-cause17', 17],
    ['ooh323c-h225-releaseComplete-cause34-inConf', 34],
    ['h323plus-h225-releaseComplete-securityDenied', undefined],
  ])('%s: its cause is %s', (name, cause) => {
    expect(causeOf(messageOf(name))).toBe(cause);
  });

  it('reads a cause behind an octet 3a, and none of an empty element', () => {
    const cause = (hex: string) =>
      causeOf({
        callReference: 1,
        fromDestination: true,
        type: 0,
        elements: [{ id: ELEMENT_IDS.cause, contents: fromHex(hex) }],
      });
    expect([cause('000091'), cause('8091'), cause('80'), cause('')]).toEqual([17, 17, undefined, undefined]);
  });

  it('reads a display without the NUL of H323Plus, and writes one', () => {
    expect(displayOf(messageOf('h323plus-h225-setup'))).toBe('caller');
    const message = { callReference: 1, fromDestination: true, type: 0, elements: [displayElement('x'.repeat(200))] };
    expect(displayOf(message)).toBe('x'.repeat(82));
  });

  it('asks for whole channels', () => {
    const contents = [64, 128, 384, 768, 1920, 100_000].map((rate) => toHex(bearerElement(rate).contents));
    expect(contents).toEqual(['8890a5', '881882a5', '8893a5', '88188ca5', '88189ea5', '8818ffa5']);
    expect(toHex(calledPartyElement('102').contents)).toBe('80313032');
  });

  it.each(['', '08', '0802', '08022ed9', '08022ed90504', '08022ed9057e00ff05', '0903abcdef05', '16030100'])(
    '%s is an error',
    (hex) => {
      expect(parseQ931(fromHex(hex)).ok).toBe(false);
    },
  );

  it('passes over elements of one octet and of other code sets', () => {
    const parsed = parseQ931(fromHex('0802000105' + 'a1' + '96' + '0802' + '8090'));
    expect(parsed.ok && parsed.value.elements.map(({ id }) => id)).toEqual([0xa1, 0x96, 0x08]);
  });
});

describe('signalling messages', () => {
  it.each(h225.filter(({ name }) => name.startsWith('minimal-caller')))('$name: is written to the very octets', ({ tpkt }) => {
    const packet = fromHex(tpkt ?? '');
    const parsed = parseSignalling(packet.subarray(4));
    if (!parsed.ok || !parsed.value.pdu?.ok) throw new Error('not read');
    const elements = parsed.value.elements.filter(({ id }) => id !== ELEMENT_IDS.userUser);
    expect(toHex(formatTpkt(formatSignalling({ ...parsed.value, elements }, parsed.value.pdu.value)))).toBe(toHex(packet));
  });

  it('keeps the cause of a message whose H.225.0 part cannot be read', () => {
    const packet = tpktOf('ooh323c-h225-releaseComplete-cause34-inConf').slice(4);
    const at = packet.indexOf(0x05, packet.indexOf(ELEMENT_IDS.userUser) + 3);
    packet.fill(0xff, at + 1);
    const parsed = parseSignalling(packet);
    if (!parsed.ok) throw new Error(parsed.error);
    expect(parsed.value.pdu?.ok).toBe(false);
    expect(causeOf(parsed.value)).toBe(34);
  });

  it.each(h225)('$name: cut or damaged anywhere it is a message or an error', ({ tpkt }) => {
    const octets = fromHex(tpkt ?? '').subarray(4);
    for (const damaged of [...truncations(octets), ...bitFlips(octets, 100)]) {
      const parsed = parseSignalling(damaged);
      if (!parsed.ok) expect(['not-q931', 'truncated']).toContain(parsed.error);
    }
  });
});
