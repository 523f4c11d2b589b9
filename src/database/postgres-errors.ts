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
  return spellings.reduce((clean, spelling) => clean.replaceAll(spelling, '***'), text.replaceAll(url, 'the database URL'));
}
