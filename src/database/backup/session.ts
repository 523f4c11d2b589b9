import pg from 'pg';
import { withoutPassword } from '../postgres-errors.js';

export const CONNECT_TIMEOUT_MS = 10_000;

/** As pg_dump does: what is written must read the same under any settings of a server, a database or a user. */
export const SESSION_SETTINGS = `
  SET client_encoding = 'UTF8'; SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'; SET bytea_output = 'hex';
  SET extra_float_digits = 1; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = '30s'`;

/** A session of one task, which ends with it: in order, or cut off when the task failed half-way. */
export async function withSession<T>(url: string, name: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: name,
  });
  client.on('error', () => undefined); // told by the query that fails
  try {
    await client.connect();
    await client.query(SESSION_SETTINGS);
    const result = await work(client);
    await client.end();
    return result;
  } catch (error) {
    // a goodbye would wait behind the COPY that nobody reads any more; the server rolls back by itself
    client.connection.stream.destroy();
    throw explained(error, url);
  }
}

/** In the server's own words with its hint, and without our password. */
export function explained(error: unknown, url: string): Error {
  const cause = error instanceof Error ? error : new Error(String(error));
  // a host with several addresses fails with an AggregateError that says nothing itself
  const inner = cause instanceof AggregateError ? cause.errors.map(String).join('; ') : cause.name;
  const hint = (cause as { hint?: unknown }).hint;
  const words = [cause.message || inner, ...(typeof hint === 'string' ? [`(${hint})`] : [])].join(' ');
  return new Error(withoutPassword(words, url), { cause });
}
