import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { Request, Response } from 'express';
import { STATUS_CODES } from 'node:http';
import type { Logger } from 'pino';
import { NotTheWriterError } from '../database/core-lock.js';
import { causeInWords, isAway } from '../database/postgres-errors.js';

interface Problem {
  type: 'about:blank';
  title: string;
  status: number;
  detail?: string;
  /** one entry a field that was refused */
  errors?: unknown[];
}

/** Every error of the API as a problem document (RFC 9457). What is our own fault is logged and told without its inside. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') {
      this.log.error({ err: error }, 'error in a socket event');
      return;
    }
    const response = host.switchToHttp().getResponse<Response>();
    const request = host.switchToHttp().getRequest<Request>();
    const problem = toProblem(error);
    // 503 is said on purpose and told elsewhere: a page asks again every few seconds
    if (problem.status >= 500 && problem.status !== 503)
      this.log.error({ err: error, method: request.method, url: request.url }, 'request failed');
    if (response.headersSent) {
      response.end();
      return;
    }
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }
}

export function toProblem(error: unknown): Problem {
  if (isAway(error)) return { type: 'about:blank', title: 'Service Unavailable', status: 503, detail: awayInWords(error) };
  if (error instanceof NotTheWriterError)
    return { type: 'about:blank', title: 'Service Unavailable', status: 503, detail: NOT_THE_WRITER };
  const status = statusOf(error);
  const problem: Problem = { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status };
  if (error instanceof HttpException) Object.assign(problem, detailsOf(error.getResponse()));
  else if (status < 500 && error instanceof Error) problem.detail = error.message;
  return problem;
}

const NOT_THE_WRITER = 'this core does not hold the lock of the one that writes; nothing was changed, try again later';

/** In words of ours alone: the server's own may name what is nobody's business. */
const awayInWords = (error: unknown): string =>
  `the database is away: ${causeInWords(error).replace(/ \(.*$/s, '')}; try again later`;

/** body-parser and friends throw plain errors that carry a 4xx status */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { status?: unknown } | null)?.status;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

/** Nest answers with a text, or with `{message, error, statusCode}` and whatever the thrower added. */
function detailsOf(body: string | object): Pick<Problem, 'detail' | 'errors'> {
  if (typeof body === 'string') return { detail: body };
  const { message, errors } = body as { message?: string | string[]; errors?: unknown[] };
  const listed = errors ?? (Array.isArray(message) ? message : undefined);
  const detail = Array.isArray(message) ? message.join('; ') : message;
  return { ...(detail === undefined ? {} : { detail }), ...(listed === undefined ? {} : { errors: listed }) };
}
