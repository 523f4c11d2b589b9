import { BinaryHeap } from '../common/binary-heap.js';
import type { Waiting } from './flow.js';
import type { Pacing } from './pacing.js';

/** Where runs come from: the due-queue, or a list. */
export interface RunSource<T> {
  nextDueMs(): number | undefined;
  takeDue(nowMs: number): readonly Waiting<T>[];
}

export interface SimulatedRun<T> {
  waiting: Waiting<T>;
  startMs: number;
  endMs: number;
}

interface Course<T> {
  pacing: Pacing<Waiting<T>>;
  source: RunSource<T>;
  durationMs: (run: Waiting<T>) => number;
  onStart: (run: SimulatedRun<T>) => void;
  /** looked at whenever something has begun or ended */
  isDone: (nowMs: number) => boolean;
}

/**
 * What the engine would do with these runs if each took as long as said, in no time at all: the same queue and the same pacing,
 * without clock, timers and probes. Ends when nothing is left, or when told to.
 * @returns rounds left out because the one before them still waited or ran
 */
export function simulate<T>({ pacing, source, durationMs, onStart, isDone }: Course<T>): number {
  const running = new Set<string>();
  const ends = new BinaryHeap<SimulatedRun<T>>((a, b) => a.endMs < b.endMs);
  let overlapped = 0;
  for (;;) {
    const nowMs = Math.min(source.nextDueMs() ?? Infinity, ends.peek()?.endMs ?? Infinity);
    if (nowMs === Infinity || isDone(nowMs)) return overlapped;
    for (let run = ends.peek(); run && run.endMs <= nowMs; run = ends.peek()) {
      ends.pop();
      running.delete(run.waiting.key);
      pacing.finished(run.waiting.key);
    }
    for (const run of source.takeDue(nowMs)) {
      if (running.has(run.key) || pacing.has(run.key)) overlapped++;
      else pacing.add({ ...run, value: run });
    }
    for (const waiting of pacing.takeStartable()) {
      const run = { waiting, startMs: nowMs, endMs: nowMs + durationMs(waiting) };
      running.add(waiting.key);
      ends.push(run);
      onStart(run);
    }
  }
}
