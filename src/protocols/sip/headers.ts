import { decodeUtf8, splitOutsideQuotes } from './header-text.js';

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

/** One field; its text is decoded when it is first asked for. */
interface Field {
  readonly key: FieldName;
  text: string;
  encoded: boolean;
}

function textOf(field: Field): string {
  if (field.encoded) {
    field.text = decodeUtf8(field.text);
    field.encoded = false;
  }
  return field.text;
}

/** The header fields of one message in their order. Names are found in any case and in their compact form. */
export class SipHeaders {
  private fields: Field[] = [];
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
    for (const field of this.fields) if (field.key.lower === lower) return textOf(field);
    return undefined;
  }

  /** All values of that name; comma lists are split where the grammar has lists. */
  getAll(name: string): string[] {
    const { lower } = fieldName(name);
    const values: string[] = [];
    for (const field of this.fields) if (field.key.lower === lower) values.push(textOf(field));
    return LIST_HEADERS.has(lower) ? values.flatMap((value) => splitOutsideQuotes(value, ',')) : values;
  }

  /** All fields of a list header as one (RFC 3261 section 7.3.1): '' where there is none. */
  joined(name: string): string {
    const { lower } = fieldName(name);
    let text = '';
    for (const field of this.fields) {
      if (field.key.lower === lower) text = text === '' ? textOf(field) : `${text}, ${textOf(field)}`;
    }
    return text;
  }

  /** Replaces all fields of that name by one, which takes the place of the first. */
  set(name: string, value: string): void {
    const field = fieldOf(name, value);
    const at = this.fields.findIndex((other) => other.key.lower === field.key.lower);
    if (at < 0) {
      this.fields.push(field);
      return;
    }
    this.fields[at] = field;
    this.fields = this.fields.filter((other, index) => index === at || other.key.lower !== field.key.lower);
  }

  append(name: string, value: string): void {
    this.fields.push(fieldOf(name, value));
  }

  /** @param bytes of UTF-8, each as one character */
  appendUtf8(name: string, bytes: string): void {
    this.fields.push({ key: fieldName(name), text: bytes, encoded: true });
  }

  /** Puts a field before the others of its name: a Via on top. */
  prepend(name: string, value: string): void {
    const field = fieldOf(name, value);
    const at = this.fields.findIndex((other) => other.key.lower === field.key.lower);
    this.fields.splice(Math.max(at, 0), 0, field);
  }

  delete(name: string): void {
    const { lower } = fieldName(name);
    this.fields = this.fields.filter((field) => field.key.lower !== lower);
  }

  /** The fields in their order, without making anything of them. */
  forEach(visit: (name: string, value: string) => void): void {
    for (const field of this.fields) visit(field.key.name, textOf(field));
  }

  entries(): [string, string][] {
    return this.fields.map((field) => [field.key.name, textOf(field)]);
  }

  clone(): SipHeaders {
    return SipHeaders.from(this.entries());
  }
}

const fieldOf = (name: string, value: string): Field => ({ key: fieldName(name), text: value, encoded: false });
