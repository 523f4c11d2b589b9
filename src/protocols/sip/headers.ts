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

const SPELLING = new Map<string, string>(
  [
    ...Object.values(COMPACT_NAMES),
    ...'CSeq,Max-Forwards,User-Agent,Server,Allow,Route,Record-Route,WWW-Authenticate,Proxy-Authenticate'.split(','),
    ...'Authorization,Proxy-Authorization,Require,Unsupported,Retry-After,Warning,Accept,Timestamp,Reason,Expires'.split(','),
  ].map((name) => [name.toLowerCase(), name]),
);

function canonicalName(name: string): string {
  const lower = name.toLowerCase();
  return (Object.hasOwn(COMPACT_NAMES, lower) ? COMPACT_NAMES[lower] : SPELLING.get(lower)) ?? name;
}

/** The header fields of one message in their order. Names are found in any case and in their compact form. */
export class SipHeaders {
  private fields: { name: string; lower: string; value: string }[] = [];

  static from(entries: Iterable<readonly [name: string, value: string]>): SipHeaders {
    const headers = new SipHeaders();
    for (const [name, value] of entries) headers.append(name, value);
    return headers;
  }

  /** The first field of that name, as written: of a list header the whole line. */
  get(name: string): string | undefined {
    const lower = canonicalName(name).toLowerCase();
    return this.fields.find((field) => field.lower === lower)?.value;
  }

  /** All values of that name; comma lists are split where the grammar has lists. */
  getAll(name: string): string[] {
    const lower = canonicalName(name).toLowerCase();
    const values = this.fields.filter((field) => field.lower === lower).map((field) => field.value);
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
    const lower = canonicalName(name).toLowerCase();
    this.fields = this.fields.filter((field) => field.lower !== lower);
  }

  entries(): [string, string][] {
    return this.fields.map(({ name, value }) => [name, value]);
  }

  clone(): SipHeaders {
    return SipHeaders.from(this.entries());
  }

  private static field(name: string, value: string): { name: string; lower: string; value: string } {
    const canonical = canonicalName(name);
    return { name: canonical, lower: canonical.toLowerCase(), value };
  }
}
