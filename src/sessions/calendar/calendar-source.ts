import type { CalendarSettings } from '../../config/calendars-schema.js';
import { open } from 'node:fs/promises';
import { MAX_CALENDAR_BYTES } from './content-lines.js';

const TIMEOUT_MS = 15_000;

/** The bytes of a configured calendar, one more than is allowed at most. @throws in words for the log, without the URL, which may be secret */
export function fetchCalendar({ url, file }: Pick<CalendarSettings, 'url' | 'file'>): Promise<Uint8Array> {
  return url === undefined ? readFile(file ?? '') : download(url);
}

/** Redirects are not followed: where they lead is nobody's setting. */
async function download(url: string): Promise<Uint8Array> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const { username, password } = new URL(url);
  const headers: Record<string, string> = { accept: 'text/calendar' };
  if (username)
    headers.authorization = `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
  try {
    const response = await fetch(withoutAccount(url), { redirect: 'manual', signal, headers });
    if (response.status !== 200 || !response.body) throw new Error(`the server answered ${response.status}`);
    return await bounded(response.body);
  } catch (error) {
    throw new Error(`not downloaded: ${inWords(error)}`, { cause: error });
  }
}

function withoutAccount(url: string): string {
  const plain = new URL(url);
  plain.username = plain.password = '';
  return plain.href;
}

async function readFile(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    return await bounded(file.createReadStream({ autoClose: false }));
  } finally {
    await file.close();
  }
}

async function bounded(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_CALENDAR_BYTES) break;
  }
  return Buffer.concat(chunks);
}

function inWords(error: unknown): string {
  const { name, message, cause } = error as Error & { cause?: { code?: string } };
  if (name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1000} s`;
  return cause?.code ?? message;
}
