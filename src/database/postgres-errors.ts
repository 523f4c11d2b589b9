/**
 * SQLSTATE classes of PostgreSQL (manual, appendix A). The classes below blame the row; anything else (connection lost, server
 * starting or stopping, out of space, locked, cancelled) blames the moment, and the same row may pass later.
 */
const CLASSES_THAT_BLAME_THE_ROW = ['22', '23'];

/** 54000 to 54023: a value or index row too large. */
const PROGRAM_LIMIT_EXCEEDED = '54';

export const sqlState = (error: unknown): string | undefined => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
};

export function blamesTheRow(error: unknown): boolean {
  const category = sqlState(error)?.slice(0, 2);
  return category !== undefined && [...CLASSES_THAT_BLAME_THE_ROW, PROGRAM_LIMIT_EXCEEDED].includes(category);
}

const NOBODY_WAITS_FOR = [
  '28', // wrong user or password
  '3D', // no such database
  '42', // no right to do it
];

/** At start: what no waiting will mend, since somebody has to change the configuration. */
export const isMisconfiguration = (error: unknown): boolean => NOBODY_WAITS_FOR.includes(sqlState(error)?.slice(0, 2) ?? '');

/** Errors of URL parsers and drivers may quote what they were given. */
export function withoutPassword(text: string, url: string): string {
  const secret = URL.canParse(url) ? new URL(url).password : '';
  const spellings = secret ? [secret, decodeURIComponent(secret)] : [];
  const clean = url ? text.replaceAll(url, 'the database URL') : text;
  return spellings.reduce((cleaner, spelling) => cleaner.replaceAll(spelling, '***'), clean);
}

/** What a failed connection or statement means, for whoever has to mend it. */
const WORDS: readonly [pattern: RegExp, words: string][] = [
  [/^53300$/, 'it has no connection left'],
  [/^53100$|^ENOSPC$/, 'its disk is full'],
  [/^53/, 'it is out of resources'],
  [/^25006$/, 'it is read-only'],
  [/^57P0[123]$/, 'it is starting or stopping'],
  [/^57014$|Query read timeout/, 'it did not answer a statement in time'],
  [/^55P03$/, 'a lock was not free in time'],
  [/^28/, 'it refuses our user or password'],
  [/^3D/, 'there is no database of this name'],
  [/^42501$/, 'our user lacks a right'],
  [/^ECONNREFUSED$/, 'nothing listens there'],
  [/^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN)$/, 'there is no way to it'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'its name has no address'],
  [/timeout expired|due to connection timeout|ETIMEDOUT/, 'it does not answer'],
  [/timeout exceeded when trying to connect/, 'all our connections are busy'],
  [/^(ECONNRESET|EPIPE)$|^08|Connection terminated|connection error and is not queryable|^25P03$/, 'the connection broke'],
];

/** undefined: not one of the ways in which a server is away, so that it may be our own fault. */
function wordsFor(error: unknown): string | undefined {
  const { code, message, errors } = (error ?? {}) as { code?: unknown; message?: unknown; errors?: unknown };
  const texts = [code, message].filter((text) => typeof text === 'string');
  const found = WORDS.find(([pattern]) => texts.some((text) => pattern.test(text)))?.[1];
  // a host with several addresses fails with an AggregateError that says nothing itself
  return found ?? (Array.isArray(errors) && errors.length ? wordsFor(errors[0]) : undefined);
}

/** TypeORM wraps what the driver said. */
const ofDriver = (error: unknown): unknown => (error as { driverError?: unknown } | null)?.driverError ?? error;

/** The server cannot do it now, whatever was asked. */
export const isAway = (error: unknown): boolean => wordsFor(ofDriver(error)) !== undefined;

/** One line in plain words, with the server's own in brackets. */
export function causeInWords(error: unknown, url = ''): string {
  const words = wordsFor(ofDriver(error));
  const said = withoutPassword(ownWords(error), url);
  return words === undefined ? said : `${words} (${said})`;
}

function ownWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message) return error.message;
  return error instanceof AggregateError ? error.errors.map(String).join('; ') : error.name;
}
