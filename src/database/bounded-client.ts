import type { Socket } from 'node:net';
import pg from 'pg';

export interface SessionLimits {
  /** to connect, and to wait for a free connection of the pool */
  connectMs: number;
  /** for the answer to one statement */
  statementMs: number;
}

export const SESSION_LIMITS: SessionLimits = { connectMs: 3_000, statementMs: 20_000 };

const KEEPALIVE_AFTER_MS = 10_000;
/**
 * Whom a cut line has taken from the server leaves a session behind, whose locks would hold up every later writer: without these two
 * for as long as the server's own keepalive, two hours by default.
 */
const KEEPALIVE = '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c tcp_user_timeout=25000';

/** For whatever talks to the server. */
export function sessionOptions(applicationName: string, { connectMs, statementMs }: SessionLimits = SESSION_LIMITS) {
  return {
    application_name: applicationName,
    connectionTimeoutMillis: connectMs,
    // the server gives up first; the client's own limit covers a line that swallows everything
    statement_timeout: Math.ceil(statementMs * 0.75),
    query_timeout: statementMs,
    idle_in_transaction_session_timeout: statementMs,
    options: KEEPALIVE,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_AFTER_MS,
  };
}

const isUnanswered = (error: unknown): boolean => error instanceof Error && error.message === 'Query read timeout';

interface CallbackStatement extends pg.Submittable {
  callback: (error: Error | null) => void;
}
const isSubmittable = (statement: unknown): statement is CallbackStatement =>
  typeof statement === 'object' && statement !== null && 'submit' in statement && 'callback' in statement;
const both =
  (first: (error: unknown) => void, then: CallbackStatement['callback']): CallbackStatement['callback'] =>
  (error) => {
    first(error);
    then(error);
  };

/**
 * pg's client with two habits changed. A statement that was not answered in time ends the session, since nobody can know what becomes
 * of it: otherwise the ROLLBACK after it waits as long again, and a pool may hand the session to the next. And a line that breaks
 * while no statement is under way is told by the next statement, not by an `error` event that ends the process.
 */
export class BoundedClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
    const query = this.query.bind(this) as (...given: unknown[]) => unknown;
    const heard = (error: unknown): void => {
      if (isUnanswered(error)) this.cut();
    };
    this.query = ((...given: unknown[]) => {
      if (isSubmittable(given[0])) given[0].callback = both(heard, given[0].callback);
      const answer = query(...given);
      if (answer instanceof Promise) answer.catch(heard);
      return answer;
    }) as typeof this.query;
  }

  /** No goodbye: a server that swallows everything would not hear it. */
  cut(): void {
    (this as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
  }
}

export function openPool(url: string, size: number, limits?: SessionLimits): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    ...sessionOptions('thong-suot', limits),
    Client: BoundedClient as unknown as new () => pg.ClientBase,
  });
  // an idle connection that breaks: the pool replaces it, and health tells; unheard it would end the process
  pool.on('error', () => undefined);
  return pool;
}
