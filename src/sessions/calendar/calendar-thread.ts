import { Inject, Injectable, Optional } from '@nestjs/common';
import { Worker } from 'node:worker_threads';
import { err, type Result } from '../../common/result.js';
import type { CalendarProblem } from './content-lines.js';
import type { CalendarContent, Window } from './read-calendar.js';

/** Token of the built worker, for whoever runs from elsewhere. */
export const CALENDAR_WORKER = Symbol('CALENDAR_WORKER');

const DEADLINE_MS = 30_000;
const MOST_HEAP_MB = 128;

const gaveUp = (found: string): Result<never, CalendarProblem[]> =>
  err([{ line: 0, field: 'file', found, allowed: 'a calendar that can be read within 30 seconds and 128 MB' }]);

/** Reads calendars in a thread of its own each: one daily rule since 2015 alone takes 70 ms, with COUNT over a second. */
@Injectable()
export class CalendarThread {
  constructor(
    @Optional() @Inject(CALENDAR_WORKER) private readonly entry: URL = new URL('./calendar-worker.js', import.meta.url),
  ) {}

  read(bytes: Uint8Array, window: Window): Promise<Result<CalendarContent, CalendarProblem[]>> {
    return new Promise((resolve, reject) => {
      const worker = new Worker(this.entry, {
        workerData: { bytes, window },
        resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
      });
      worker.unref();
      const deadline = setTimeout(() => finish(gaveUp('one that takes longer')), DEADLINE_MS);
      const finish = (answer: Result<CalendarContent, CalendarProblem[]>): void => {
        clearTimeout(deadline);
        resolve(answer);
        void worker.terminate();
      };
      worker.on('message', finish);
      worker.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') return finish(gaveUp('one that takes more'));
        clearTimeout(deadline);
        reject(error);
      });
    });
  }
}
