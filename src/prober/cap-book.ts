import { type CapKey, type Caps, capacityOf, claimsOf, type Demand } from './caps.js';

/** After so many others have passed one that is too big for what is left, the rest is kept for it. */
export const OVERTAKEN_MOST = 32;

interface Cap<W> {
  readonly key: CapKey;
  capacity: number;
  used: number;
  /** runs begun on this cap so far: how often a waiting one was overtaken is a difference of two of these */
  starts: number;
  readonly parked: Set<W>;
  reservedFor: W | null;
  /** since something of it ended, this amount and any larger one was refused */
  refusedFrom: number;
}

export interface Claim<W> {
  cap: Cap<W>;
  amount: number;
}

/** Those who ask for the same of the same caps, and so wait for the same. */
export interface Waiter<W> {
  readonly claims: readonly Claim<W>[];
  /** waits at this cap, which had no room for the amount; the deadline is that of its head then */
  parked: { cap: Cap<W>; amount: number; deadlineMs: number } | null;
  /** those of one lot take turns by deadline alone */
  readonly lot: string;
  /** the caps that have refused its present head, and what `starts` was at the first time */
  readonly refusals: Map<Cap<W>, number>;
  readonly reserved: Set<Cap<W>>;
}

/**
 * What is in use of each cap, and who waits for it. Whoever is refused parks at the cap that refused, so that a full area costs the
 * others nothing. When something of a cap ends, the most urgent of each lot is woken, then the next, until the room is used up: waking
 * all who wait for a carrier made each end 17 times as dear with 100 areas, 26 times with 1,000.
 *
 * A run larger than a whole budget goes alone. Small runs could keep a large one out for ever: once OVERTAKEN_MOST have passed, what becomes
 * free is kept for it, on this cap and on those before it in the order of its claims. That order is the same for everybody (area,
 * then carrier), so two who keep things for themselves cannot wait for each other.
 */
export class CapBook<W extends Waiter<W>> {
  private readonly caps = new Map<string, Cap<W>>();
  /** where there may be room for somebody parked */
  private readonly touched = new Set<Cap<W>>();

  constructor(
    private limits: Caps,
    private readonly onUnparked: (waiter: W) => void,
    /** false: it could not start even if woken, since its kind has no place */
    private readonly canStart: (waiter: W) => boolean,
  ) {}

  setLimits(limits: Caps): void {
    this.limits = limits;
    for (const cap of this.caps.values()) {
      cap.capacity = capacityOf(limits, cap.key);
      cap.refusedFrom = Infinity;
      this.touched.add(cap);
    }
  }

  claimsOf(demand: Demand): Claim<W>[] {
    return claimsOf(demand).map(({ key, amount }) => ({ cap: this.capOf(key), amount }));
  }

  /** Parks the waiter and says false, or says true: its head, which is due by the deadline, may start. */
  admits(waiter: W, deadlineMs: number): boolean {
    const index = waiter.claims.findIndex((claim) => !fits(claim, waiter));
    const refused = waiter.claims[index];
    if (!refused) return true;
    const { cap, amount } = refused;
    if (!isKeptFrom(cap, waiter)) cap.refusedFrom = Math.min(cap.refusedFrom, amount);
    const atStarts = waiter.refusals.get(cap) ?? cap.starts;
    waiter.refusals.set(cap, atStarts);
    if (cap.reservedFor === null && cap.starts - atStarts >= OVERTAKEN_MOST) reserve(waiter, index);
    waiter.parked = { cap, amount, deadlineMs };
    cap.parked.add(waiter);
    return false;
  }

  /** The waiter's head starts. */
  take(waiter: W): void {
    for (const { cap, amount } of waiter.claims) {
      cap.used += amount;
      cap.starts++;
    }
    waiter.refusals.clear();
    this.forgoReserved(waiter);
  }

  /** A run ended: what it had taken is free. */
  release(claims: readonly Claim<W>[]): void {
    for (const { cap, amount } of claims) {
      cap.used -= amount;
      cap.refusedFrom = Infinity;
      this.touched.add(cap);
    }
  }

  /** Unparks whoever may have room now, one of each lot and cap. Try them, then call again; false: there is nobody. */
  wake(): boolean {
    let woken = false;
    for (const cap of this.touched) {
      const mayFit = [...cap.parked].filter((waiter) => mayFitNow(cap, waiter));
      if (mayFit.length === 0) this.touched.delete(cap);
      const first = new Map<string, W>();
      for (const waiter of mayFit)
        if (this.canStart(waiter) && isMoreUrgent(waiter, first.get(waiter.lot))) first.set(waiter.lot, waiter);
      for (const waiter of first.values()) this.unpark(waiter);
      woken ||= first.size > 0;
    }
    return woken;
  }

  /** Nobody is left in this waiter. */
  leave(waiter: W): void {
    waiter.parked?.cap.parked.delete(waiter);
    waiter.parked = null;
    this.forgoReserved(waiter);
  }

  /** Caps somebody waits at, and who. */
  *held(): Iterable<{ key: CapKey; waiters: Iterable<W> }> {
    for (const { key, parked } of this.caps.values()) if (parked.size > 0) yield { key, waiters: parked };
  }

  private forgoReserved(waiter: W): void {
    const freed = [...waiter.reserved];
    waiter.reserved.clear();
    for (const cap of freed) {
      cap.reservedFor = null;
      this.touched.add(cap);
    }
  }

  private unpark(waiter: W): void {
    waiter.parked?.cap.parked.delete(waiter);
    waiter.parked = null;
    this.onUnparked(waiter);
  }

  private capOf(key: CapKey): Cap<W> {
    const id = `${key.scope}:${key.unit}:${key.name}`;
    let cap = this.caps.get(id);
    if (!cap) {
      cap = {
        key,
        capacity: capacityOf(this.limits, key),
        used: 0,
        starts: 0,
        parked: new Set(),
        reservedFor: null,
        refusedFrom: Infinity,
      };
      this.caps.set(id, cap);
    }
    return cap;
  }
}

const isKeptFrom = <W>(cap: Cap<W>, waiter: W): boolean => cap.reservedFor !== null && cap.reservedFor !== waiter;

const fits = <W>({ cap, amount }: Claim<W>, waiter: W): boolean =>
  !isKeptFrom(cap, waiter) && (cap.used === 0 || cap.used + amount <= cap.capacity);

const mayFitNow = <W extends Waiter<W>>(cap: Cap<W>, waiter: W): boolean =>
  !isKeptFrom(cap, waiter) && (waiter.parked?.amount ?? 0) < cap.refusedFrom;

const isMoreUrgent = <W extends Waiter<W>>({ parked }: W, than: W | undefined): boolean =>
  than === undefined || (parked?.deadlineMs ?? 0) < (than.parked?.deadlineMs ?? 0);

/** The claims before this one have just been found to fit, so nobody else has reserved them. */
function reserve<W extends Waiter<W>>(waiter: W, index: number): void {
  for (const { cap } of waiter.claims.slice(0, index + 1)) {
    cap.reservedFor = waiter;
    waiter.reserved.add(cap);
  }
}
