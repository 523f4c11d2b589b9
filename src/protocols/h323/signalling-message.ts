/** One message of a call: Q.931 around the H.225.0 message in its User-User information element (H.225.0 section 7.2.2.31). */
import { err, ok, type Result } from '../../common/result.js';
import { H323UserInformation, type H323UuPdu } from './messages/h225-call.js';
import type { PerError } from './per/per-error.js';
import { decodePer, encodePer } from './per/schema.js';
import { ELEMENT_IDS, elementOf, formatQ931, parseQ931, type Q931Error, type Q931Message } from './q931.js';

export interface SignallingMessage extends Q931Message {
  /** undefined: the message has no User-User element; an error: it cannot be read, the rest of the message still counts */
  pdu?: Result<H323UuPdu, PerError>;
}

/** X.208 and X.209 coded user information: the protocol discriminator of H.225.0. */
const USER_USER_DISCRIMINATOR = 0x05;

export function parseSignalling(octets: Uint8Array): Result<SignallingMessage, Q931Error> {
  const frame = parseQ931(octets);
  if (!frame.ok) return frame;
  const userUser = elementOf(frame.value, ELEMENT_IDS.userUser);
  if (userUser?.[0] !== USER_USER_DISCRIMINATOR) return frame;
  const information = decodePer(H323UserInformation, userUser.subarray(1));
  return ok({ ...frame.value, pdu: information.ok ? ok(information.value['h323-uu-pdu']) : err(information.error) });
}

/** The User-User element goes last, as the order of its number asks. */
export function formatSignalling(message: Q931Message, pdu: H323UuPdu): Uint8Array {
  const contents = encodePer(H323UserInformation, { 'h323-uu-pdu': pdu });
  const userUser = { id: ELEMENT_IDS.userUser, contents: Uint8Array.of(USER_USER_DISCRIMINATOR, ...contents) };
  return formatQ931({ ...message, elements: [...message.elements, userUser] });
}
