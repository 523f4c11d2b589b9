import { BadRequestException, NotFoundException, UnprocessableEntityException } from '@nestjs/common';
import { NotTheWriterError } from '../database/core-lock.js';
import { toProblem } from './problem.filter.js';

describe(toProblem.name, () => {
  it('tells what was not found', () => {
    expect(toProblem(new NotFoundException('no endpoint "x"'))).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'no endpoint "x"',
    });
  });

  it('lists what a validation refused', () => {
    expect(toProblem(new BadRequestException(['limit: too big', 'from: not a date']))).toMatchObject({
      status: 400,
      detail: 'limit: too big; from: not a date',
      errors: ['limit: too big', 'from: not a date'],
    });
  });

  it('keeps structured errors', () => {
    const errors = [{ line: 3, field: 'tier' }];
    expect(toProblem(new UnprocessableEntityException({ message: 'nothing was imported', errors }))).toMatchObject({
      status: 422,
      detail: 'nothing was imported',
      errors,
    });
  });

  it('takes the status of a body that could not be read', () => {
    expect(toProblem(Object.assign(new Error('request entity too large'), { status: 413 }))).toMatchObject({
      status: 413,
      detail: 'request entity too large',
    });
  });

  it.each([
    ['nothing listens there', Object.assign(new Error('connect ECONNREFUSED 10.9.8.7:5432'), { code: 'ECONNREFUSED' })],
    ['it is read-only', Object.assign(new Error('cannot execute INSERT'), { driverError: { code: '25006' } })],
    ['it did not answer a statement in time', new Error('Query read timeout')],
  ])('tells that the database is away, since %s, and not where it stands', (words, error) => {
    const problem = toProblem(error);
    expect(problem).toMatchObject({ status: 503, detail: `the database is away: ${words}; try again later` });
  });

  it('tells that this core may not write, and not who may', () => {
    const problem = toProblem(new NotTheWriterError('another core has the lock (10.9.8.7)'));
    expect(problem).toMatchObject({ status: 503, detail: expect.not.stringContaining('10.9.8.7') as string });
  });

  it('says nothing of the inside of our own faults', () => {
    expect(toProblem(new Error('password=secret'))).toEqual({ type: 'about:blank', title: 'Internal Server Error', status: 500 });
    expect(toProblem(null).status).toBe(500);
  });
});
