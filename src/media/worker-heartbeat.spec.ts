import { jest } from '@jest/globals';
import { WorkerHeartbeat } from './worker-heartbeat.js';

describe(WorkerHeartbeat.name, () => {
  let pings: number;
  let hung: number;
  let heartbeat: WorkerHeartbeat;
  beforeEach(() => {
    jest.useFakeTimers();
    [pings, hung] = [0, 0];
    heartbeat = new WorkerHeartbeat(
      () => pings++,
      () => hung++,
    );
  });
  afterEach(() => {
    heartbeat.stop();
    jest.useRealTimers();
  });

  it('takes a thread that falls silent for hung, once', () => {
    heartbeat.start();
    heartbeat.noteAlive();
    jest.advanceTimersByTime(3_000);
    expect([pings, hung]).toEqual([6, 0]);
    jest.advanceTimersByTime(60_000);
    expect([pings, hung]).toEqual([6, 1]);
  });

  it('is content with one sign of life between many beats', () => {
    heartbeat.start();
    for (let i = 0; i < 20; i++) {
      heartbeat.noteAlive();
      jest.advanceTimersByTime(3_000);
    }
    expect(hung).toBe(0);
  });

  it('gives a new thread time to load its code, and not for ever', () => {
    heartbeat.start();
    jest.advanceTimersByTime(15_000);
    expect(hung).toBe(0);
    jest.advanceTimersByTime(1_000);
    expect(hung).toBe(1);
  });

  it('asks nothing of a thread without calls, and does not count that time against it', () => {
    heartbeat.start();
    heartbeat.noteAlive();
    jest.advanceTimersByTime(2_500);
    heartbeat.stop();
    jest.advanceTimersByTime(60_000);
    expect(pings).toBe(5);
    heartbeat.start();
    heartbeat.start();
    jest.advanceTimersByTime(3_000);
    expect([pings, hung]).toEqual([11, 0]);
  });
});
