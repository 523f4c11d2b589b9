import { splitOutsideQuotes } from './header-text.js';

export {
  formatNameAddr,
  formatVia,
  parseCSeq,
  parseNameAddr,
  parseVia,
  tagOf,
  type CSeq,
  type NameAddr,
  type Via,
} from './header-values.js';

/** RFC 3261 section 7.3.3 and the registrations since. */
const COMPACT_NAMES: Readonly<Record<string, string>> = {
  a: 'Accept-Contact',
  b: 'Referred-By',
  c: 'Content-Type',
  d: 'Request-Disposition',
  e: 'Content-Encoding',
  f: 'From',
  i: 'Call-ID',
  j: 'Reject-Contact',
  k: 'Supported',
  l: 'Content-Length',
  m: 'Contact',
  o: 'Event',
  r: 'Refer-To',
  s: 'Subject',
  t: 'To',
  u: 'Allow-Events',
  v: 'Via',
  x: 'Session-Expires',
  y: 'Identity',
};

/** Only these hold comma-separated lists; elsewhere a comma is text (RFC 3261 section 7.3.1). */
const LIST_HEADERS = new Set(
  (
    'accept accept-encoding accept-language alert-info allow allow-events call-info contact content-encoding content-language ' +
    'diversion error-info history-info in-reply-to p-asserted-identity p-preferred-identity path proxy-require reason ' +
    'record-route require route service-route supported unsupported via warning'
  ).split(' '),
);

const USUAL_NAMES = [
  ...Object.values(COMPACT_NAMES),
  ...'CSeq,Max-Forwards,User-Agent,Server,Allow,Route,Record-Route,WWW-Authenticate,Proxy-Authenticate'.split(','),
  ...'Authorization,Proxy-Authorization,Require,Unsupported,Retry-After,Warning,Accept,Timestamp,Reason,Expires'.split(','),
];

interface FieldName {
  name: string;
  lower: string;
}

/** Every usual spelling of the usual names, so that most fields are named by one look-up. */
const KNOWN_NAMES = new Map<string, FieldName>();
for (const name of USUAL_NAMES) {
  const field = { name, lower: name.toLowerCase() };
  KNOWN_NAMES.set(name, field).set(field.lower, field);
}
for (const [letter, name] of Object.entries(COMPACT_NAMES)) {
  const field = { name, lower: name.toLowerCase() };
  KNOWN_NAMES.set(letter, field).set(letter.toUpperCase(), field);
}

function fieldName(name: string): FieldName {
  const known = KNOWN_NAMES.get(name);
  if (known) return known;
  const lower = name.toLowerCase();
  return KNOWN_NAMES.get(lower) ?? { name, lower };
}

/** Spares the check of its grammar: the name is one of ours. */
export const isKnownHeaderName = (name: string): boolean => KNOWN_NAMES.has(name);

/** The header fields of one message in their order. Names are found in any case and in their compact form. */
export class SipHeaders {
  private fields: (FieldName & { value: string })[] = [];
  /** lines of the message among its headers that were none, and were left out */
  malformedLines = 0;

  static from(entries: Iterable<readonly [name: string, value: string]>): SipHeaders {
    const headers = new SipHeaders();
    for (const [name, value] of entries) headers.append(name, value);
    return headers;
  }

  /** The first field of that name, as written: of a list header the whole line. */
  get(name: string): string | undefined {
    const { lower } = fieldName(name);
    for (const field of this.fields) if (field.lower === lower) return field.value;
    return undefined;
  }

  /** All values of that name; comma lists are split where the grammar has lists. */
  getAll(name: string): string[] {
    const { lower } = fieldName(name);
    const values: string[] = [];
    for (const field of this.fields) if (field.lower === lower) values.push(field.value);
    return LIST_HEADERS.has(lower) ? values.flatMap((value) => splitOutsideQuotes(value, ',')) : values;
  }

  /** Replaces all fields of that name by one, which takes the place of the first. */
  set(name: string, value: string): void {
    const field = SipHeaders.field(name, value);
    const at = this.fields.findIndex((other) => other.lower === field.lower);
    if (at < 0) {
      this.fields.push(field);
      return;
    }
    this.fields[at] = field;
    this.fields = this.fields.filter((other, index) => index === at || other.lower !== field.lower);
  }

  append(name: string, value: string): void {
    this.fields.push(SipHeaders.field(name, value));
  }

  /** Puts a field before the others of its name: a Via on top. */
  prepend(name: string, value: string): void {
    const field = SipHeaders.field(name, value);
    const at = this.fields.findIndex((other) => other.lower === field.lower);
    this.fields.splice(Math.max(at, 0), 0, field);
  }

  delete(name: string): void {
    const { lower } = fieldName(name);
    this.fields = this.fields.filter((field) => field.lower !== lower);
  }

  /** The fields in their order, without making anything of them. */
  forEach(visit: (name: string, value: string) => void): void {
    for (const { name, value } of this.fields) visit(name, value);
  }

  entries(): [string, string][] {
    return this.fields.map(({ name, value }) => [name, value]);
  }

  clone(): SipHeaders {
    return SipHeaders.from(this.entries());
  }

  private static field(written: string, value: string): FieldName & { value: string } {
    const { name, lower } = fieldName(written);
    return { name, lower, value };
  }
}
