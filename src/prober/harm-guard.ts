import type { Clock } from '../common/clock.js';
import { isCallKind, type Outcome } from '../probes/contract.js';
import { itemMayLastMs } from './call-limits.js';
import { CallMemory, type HarmStore } from './call-memory.js';
import { type HarmFacts, type Refusal, refuseStart, refuseToGoOn } from './harm-gate.js';
import type { PlanItem, QuietWindow, StopLevel } from './messages.js';
import { QuietIndex } from './quiet-index.js';
import { TwoClocks } from './two-clocks.js';

/** A call under way is looked at each second, and its last word takes 2.5 s at the most: it is over before the window begins. */
export const END_BEFORE_MS = 4_000;

type Item = Pick<PlanItem, 'endpointId' | 'kind' | 'options'>;

/** Keeps what the harm gate decides by: the windows of the plan, the global stop, the pauses, and what time it may be. */
export class HarmGuard {
  private readonly clocks: TwoClocks;
  private readonly memory: CallMemory;
  private windows = new QuietIndex([]);
  private stop: StopLevel = 'none';

  constructor(
    private readonly clock: Clock,
    private readonly store: HarmStore,
  ) {
    const { pauses, steadyMs } = store.read();
    this.clocks = new TwoClocks(clock, steadyMs);
    this.memory = new CallMemory(store, pauses, this.now());
    store.noteClock(this.clocks.steadyMs);
  }

  setWindows(windows: readonly QuietWindow[]): void {
    this.windows = new QuietIndex(windows);
  }

  /** false: that is what it was. */
  setStop(level: StopLevel): boolean {
    const changed = this.stop !== level;
    this.stop = level;
    return changed;
  }

  /** Once a second. */
  look(): void {
    if (this.clocks.look()) this.store.noteClock(this.clocks.steadyMs);
  }

  /** null: it may start now. */
  refusalOf(item: Item, override: boolean): Refusal | null {
    return refuseStart(this.factsOf(item, override), itemMayLastMs(item));
  }

  /** null: it may go on. */
  endOf(item: Item): Refusal | null {
    return refuseToGoOn(this.factsOf(item, true), END_BEFORE_MS);
  }

  learn({ endpointId }: Item, outcome: Outcome): void {
    this.memory.learn(endpointId, outcome, this.now());
  }

  private factsOf({ endpointId, kind }: Item, override: boolean): HarmFacts {
    const { stop } = this;
    const base = { kind, stop, override };
    if (!isCallKind(kind)) return { ...base, windows: [], readings: [] };
    const pause = this.memory.pauseOf(endpointId);
    return {
      ...base,
      windows: this.windows.of(endpointId, kind),
      readings: this.clocks.readings(),
      ...(pause ? { pause: { cause: pause.cause, leftMs: pause.untilMs - this.clock.monotonicMs() } } : {}),
    };
  }

  private now(): { monotonicMs: number; steadyMs: number } {
    return { monotonicMs: this.clock.monotonicMs(), steadyMs: this.clocks.steadyMs };
  }
}
