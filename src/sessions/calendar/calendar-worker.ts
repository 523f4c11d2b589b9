import { parentPort, workerData } from 'node:worker_threads';
import { readCalendar, type Window } from './read-calendar.js';

/** Reads one calendar and ends. */
const { bytes, window } = workerData as { bytes: Uint8Array; window: Window };
parentPort?.postMessage(readCalendar(bytes, window));
