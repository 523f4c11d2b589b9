/**
 * Time enters the product here and nowhere else. Durations and deadlines use the monotonic clock, so that a stepped wall
 * clock changes no schedule; the wall clock only labels what people and the database read.
 */
export interface Clock {
  /** Unix time in milliseconds. May step. */
  wallMs(): number;
  /** Milliseconds since an arbitrary start, with a fraction. Never steps. */
  monotonicMs(): number;
}

export type Cancel = () => void;

/** A clock that can also wake its user. State machines get one of these instead of the global timers. */
export interface Scheduler extends Clock {
  after(delayMs: number, run: () => void): Cancel;
}

/** Token of the clock, a `Scheduler`, for whoever may be given another one. */
export const CLOCK = Symbol('CLOCK');

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

export const systemScheduler: Scheduler = {
  ...systemClock,
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
