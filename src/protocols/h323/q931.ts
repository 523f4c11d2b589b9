/** Frame and information elements of Q.931 (section 4) as H.225.0 uses them (section 7.2). */
import { err, ok, type Result } from '../../common/result.js';

/** H.225.0 table 4; other types are read and ignored. */
export const Q931_TYPES = {
  alerting: 0x01,
  callProceeding: 0x02,
  progress: 0x03,
  setup: 0x05,
  connect: 0x07,
  setupAcknowledge: 0x0d,
  releaseComplete: 0x5a,
  facility: 0x62,
  notify: 0x6e,
  statusEnquiry: 0x75,
  information: 0x7b,
  status: 0x7d,
} as const;

export const ELEMENT_IDS = {
  bearerCapability: 0x04,
  cause: 0x08,
  display: 0x28,
  calledPartyNumber: 0x70,
  userUser: 0x7e,
} as const;

export interface InformationElement {
  id: number;
  /** empty for one of a single octet */
  contents: Uint8Array;
}

export interface Q931Message {
  /** 15 bits, chosen by whoever sent SETUP */
  callReference: number;
  /** the flag of the call reference: the message comes from the side that did not choose it (section 4.3) */
  fromDestination: boolean;
  type: number;
  /** in the order of the message */
  elements: InformationElement[];
}

export type Q931Error = 'not-q931' | 'truncated';

const DISCRIMINATOR = 0x08;
/** H.225.0 section 7.2.2.3: two octets. None is the dummy reference of messages about no call. */
const REFERENCE_OCTETS = 2;
const SINGLE_OCTET = 0x80;

export function parseQ931(octets: Uint8Array): Result<Q931Message, Q931Error> {
  const [discriminator, referenceOctets = 0] = octets;
  if (discriminator !== DISCRIMINATOR || referenceOctets > REFERENCE_OCTETS) return err('not-q931');
  const typeAt = 2 + referenceOctets;
  const type = octets[typeAt];
  if (type === undefined) return err('truncated');
  const reference = octets.subarray(2, typeAt).reduce((value, octet) => value * 256 + octet, 0);
  const flag = referenceOctets === 1 ? 0x80 : 0x8000;
  const elements = parseElements(octets, typeAt + 1);
  if (!elements) return err('truncated');
  return ok({ callReference: reference & (flag - 1), fromDestination: (reference & flag) !== 0, type, elements });
}

function parseElements(octets: Uint8Array, start: number): InformationElement[] | undefined {
  const elements: InformationElement[] = [];
  let at = start;
  while (at < octets.length) {
    const id = octets[at] as number;
    const lengthOctets = id >= SINGLE_OCTET ? 0 : id === ELEMENT_IDS.userUser ? 2 : 1;
    const from = at + 1 + lengthOctets;
    const length = octets.subarray(at + 1, from).reduce((value, octet) => value * 256 + octet, 0);
    if (from + length > octets.length) return undefined;
    elements.push({ id, contents: octets.subarray(from, from + length) });
    at = from + length;
  }
  return elements;
}

export function formatQ931({ callReference, fromDestination, type, elements }: Q931Message): Uint8Array {
  const reference = callReference | (fromDestination ? 0x8000 : 0);
  const head = [DISCRIMINATOR, REFERENCE_OCTETS, reference >> 8, reference & 0xff, type];
  return Uint8Array.from([...head, ...elements.flatMap(elementOctets)]);
}

function elementOctets({ id, contents }: InformationElement): number[] {
  if (id >= SINGLE_OCTET) return [id];
  const { length } = contents;
  return [id, ...(id === ELEMENT_IDS.userUser ? [length >> 8] : []), length & 0xff, ...contents];
}

export function elementOf(message: Q931Message, id: number): Uint8Array | undefined {
  return message.elements.find((element) => element.id === id)?.contents;
}

/** Cause (section 4.5.12): its value, 17 for user busy. Octet 3a is there where octet 3 does not end the group. */
export function causeOf(message: Q931Message): number | undefined {
  const contents = elementOf(message, ELEMENT_IDS.cause);
  const value = contents?.[(contents[0] ?? 0) >= 0x80 ? 1 : 2];
  return value === undefined ? undefined : value & 0x7f;
}

/** ITU-T standard, user; `16`: normal clearing (section 4.5.12 and Q.850). */
export const causeElement = (cause: number): InformationElement => ({
  id: ELEMENT_IDS.cause,
  contents: Uint8Array.of(0x80, 0x80 | cause),
});

/** What the far end calls itself, at most 82 characters (H.225.0 section 7.2.2.9), without the NUL of some stacks. */
export function displayOf(message: Q931Message): string | undefined {
  const contents = elementOf(message, ELEMENT_IDS.display);
  return contents && trimNul(Buffer.from(contents.subarray(0, 82)).toString('latin1'));
}

/** In IA5: screens show nothing else for certain, so a Vietnamese name goes without its marks. */
export const displayElement = (text: string): InformationElement => ({
  id: ELEMENT_IDS.display,
  contents: new Uint8Array(Buffer.from(withoutMarks(text), 'latin1').subarray(0, 82)),
});

const withoutMarks = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/đ/g, 'd')
    .replace(/Đ/g, 'D')
    .replace(/[^\x20-\x7e]/g, '?');

/** Unknown type of number and numbering plan, as both stacks that we know send it (section 4.5.8). */
export const calledPartyElement = (digits: string): InformationElement => ({
  id: ELEMENT_IDS.calledPartyNumber,
  contents: Uint8Array.of(0x80, ...Buffer.from(digits, 'latin1')),
});

/**
 * Unrestricted digital information in packets of 64 kbit/s (section 4.5.5): Polycom and Cisco take their call rate from it.
 * @param rateKbps rounded up to whole channels, 6 for 384 kbit/s
 */
export function bearerElement(rateKbps: number): InformationElement {
  const channels = Math.min(0x7f, Math.max(1, Math.ceil(rateKbps / 64)));
  // 0x18: multirate, its multiplier follows; one channel and six have codes of their own
  const rate = channels === 1 ? [0x90] : channels === 6 ? [0x93] : [0x18, 0x80 | channels];
  return { id: ELEMENT_IDS.bearerCapability, contents: Uint8Array.of(0x88, ...rate, 0xa5) };
}

export const trimNul = (text: string): string => text.replace(/\0+$/, '');
