/**
 * JSON of which there is only one spelling (RFC 8785): what two machines sign or hash is the same text. ECMAScript's own spelling of
 * numbers and strings is the one of the RFC; the order of keys, by UTF-16 code units, is added here. Keys without a value are left out.
 * @throws TypeError for what is no I-JSON (RFC 7493): NaN, infinity, half a surrogate pair, functions, dates
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'string') return stringText(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && isPlain(value)) return objectText(value as Record<string, unknown>);
  throw new TypeError(`no JSON: ${Object.prototype.toString.call(value)}`);
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`no JSON number: ${value}`);
  return JSON.stringify(value);
}

function stringText(value: string): string {
  if (/\p{Surrogate}/u.test(value)) throw new TypeError('half a surrogate pair in a text');
  return JSON.stringify(value);
}

function objectText(value: Record<string, unknown>): string {
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  const members = keys.sort().map((key) => `${stringText(key)}:${canonicalJson(value[key])}`);
  return `{${members.join(',')}}`;
}

const isPlain = (value: object): boolean => [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);
