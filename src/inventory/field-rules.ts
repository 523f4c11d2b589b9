import { isIP } from 'node:net';
import { err, ok, type Result } from '../common/result.js';
import { TIERS, type Tier } from '../common/states.js';
import { parseSipUri } from '../protocols/sip/uri.js';
import { foldName } from './columns.js';

/** Why a cell is refused: what would be allowed, and what to do. Where it stands and what was found is added by the caller. */
export interface Refusal {
  allowed: string;
  fix: string;
}

export type Rule<T> = (text: string) => Result<T, Refusal>;

const refuse = (allowed: string, fix: string) => err({ allowed, fix });

/** NFC, one line, no control characters. A leading = + - @ is a letter like any other: nothing here is ever calculated. */
export const cleanText = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Zs}\u2028\u2029\u200b\ufeff]+/gu, ' ')
    .trim();

export const plainText =
  (maxLength: number): Rule<string> =>
  (text) =>
    text.length <= maxLength ? ok(text) : refuse(`at most ${maxLength} characters`, 'Shorten it.');

export const neededText =
  (maxLength: number): Rule<string> =>
  (text) =>
    text === '' ? refuse('a text', 'Fill in the cell.') : plainText(maxLength)(text);

export const siteCode: Rule<string> = (text) =>
  /^[\p{Letter}\p{Number}][\p{Letter}\p{Number}._-]{0,39}$/u.test(text)
    ? ok(text)
    : refuse('the unit code: 1 to 40 letters, digits, ".", "_" or "-"', 'Enter the official unit code, for example 04792.');

const TIER_NAMES: Record<Tier, readonly string[]> = {
  central: ['Trung ương', 'Cấp trung ương', 'TW'],
  province: ['Tỉnh', 'Cấp tỉnh', 'Thành phố', 'Tỉnh/Thành phố'],
  commune: ['Xã', 'Cấp xã'],
  ward: ['Phường', 'Cấp phường', 'Đặc khu'],
};
const TIER_BY_NAME = new Map(TIERS.flatMap((tier) => [tier, ...TIER_NAMES[tier]].map((name) => [foldName(name), tier] as const)));

export const tier: Rule<Tier> = (text) => {
  const found = TIER_BY_NAME.get(foldName(text));
  return found
    ? ok(found)
    : refuse(`one of ${TIERS.join(', ')} (or Trung ương, Tỉnh, Xã, Phường)`, 'Enter the tier of the unit.');
};

const HOST_LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
/** RFC 1123 2.1; a last label of digits alone would be a mistyped IPv4 address */
const HOST_NAME = new RegExp(`^(?=.{1,253}$)(?:${HOST_LABEL}\\.)*(?!\\d+$)${HOST_LABEL}$`);
const NO_SINGLE_HOST = [/^0\.0\.0\.0$/, /^(?:22[4-9]|2[3-5]\d)\./, /^::$/, /^ff/];

export const address: Rule<string> = (text) => {
  const value = text.toLowerCase();
  const family = isIP(value);
  const single = family === 0 ? HOST_NAME.test(value) : !NO_SINGLE_HOST.some((pattern) => pattern.test(value));
  return single
    ? ok(value)
    : refuse(
        'an IPv4 address, an IPv6 address or a host name of one machine',
        'Enter the address alone, without port, mask or blanks.',
      );
};

export const sipUri: Rule<string | null> = (text) => {
  if (text === '') return ok(null);
  const parsed = parseSipUri(text);
  return parsed.ok
    ? ok(text)
    : refuse(
        `empty, or sip:user@host[:port][;transport=udp|tcp|tls] (${parsed.error})`,
        'Correct the SIP address, or leave the cell empty.',
      );
};

const YES = new Set(['yes', 'y', 'true', '1', 'x', 'co']);
const NO = new Set(['', 'no', 'n', 'false', '0', 'khong']);
const H323_URL = /^h323:(?:[^\s@]{1,128}@)?(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i;
/** A name asked for at the endpoint's own address. */
const H323_ALIAS = /^h323:[^\s@]{1,128}@$/i;
/** A number (ITU-T E.164), which no "yes" or "no" is as long as. */
const E164 = /^\+?\d{2,15}$/;

export const h323: Rule<string | null> = (text) => {
  const word = foldName(text);
  if (H323_URL.test(text) || H323_ALIAS.test(text)) return ok(text);
  if (E164.test(text)) return ok(`h323:${text.replace('+', '')}@`);
  if (/^[\p{Letter}\p{Number}]*$/u.test(text) && (NO.has(word) || YES.has(word))) return ok(YES.has(word) ? 'yes' : null);
  return refuse(
    'empty, yes, no, a number, h323:alias@ or h323:[alias@]host[:port]',
    'Enter yes to call the address of the endpoint over H.323.',
  );
};

/** Kept as written; only what a telephone cannot dial is refused. */
export const phone: Rule<string> = (text) => {
  const digits = text.replace(/\D/g, '').length;
  const dialable = /^\+?[\d\s().-]*$/.test(text) && digits <= 15;
  const complete = /^[+(]?[0+(]/.test(text) ? digits >= 8 : digits >= 3 && digits <= 8;
  return text === '' || (dialable && complete)
    ? ok(text)
    : refuse(
        'a phone number that begins with 0 or +, of 8 to 15 digits, or an extension of 3 to 8 digits',
        'Enter the whole number; when a leading zero is missing, format the column as text.',
      );
};

export const coordinate =
  (limit: number, name: string): Rule<number | null> =>
  (text) => {
    if (text === '') return ok(null);
    // a Vietnamese Excel writes a decimal comma
    const value = /^[+-]?\d{1,3}(?:[.,]\d{1,15})?$/.test(text) ? Number(text.replace(',', '.')) : NaN;
    return Math.abs(value) <= limit
      ? ok(value)
      : refuse(`empty, or degrees from -${limit} to ${limit}, as 21.32`, `Enter the ${name} in decimal degrees.`);
  };
