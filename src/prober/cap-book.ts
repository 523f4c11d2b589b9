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
}

export interface Claim<W> {
  cap: Cap<W>;
  amount: number;
}

/** Those who ask for the same of the same caps, and so wait for the same. */
export interface Waiter<W> {
  readonly claims: readonly Claim<W>[];
  parkedAt: Cap<W> | null;
  /** which cap refused its present head first, and what `starts` was then */
  refusal: { cap: Cap<W>; atStarts: number } | null;
  readonly reserved: Set<Cap<W>>;
}

/**
 * What is in use of each cap, and who waits for it. Whoever is refused parks at the cap that refused and is looked at again only
 * when that cap has changed, so that a full area costs the others nothing.
 *
 * A run larger than a whole budget goes alone. Small runs could keep a large one out for ever: once OVERTAKEN_MOST have passed, what becomes
 * free is kept for it, on this cap and on those before it in the order of its claims. That order is the same for everybody (area,
 * then carrier), so two who keep things for themselves cannot wait for each other.
 */
export class CapBook<W extends Waiter<W>> {
  private readonly caps = new Map<string, Cap<W>>();

  constructor(
    private limits: Caps,
    private readonly onUnparked: (waiter: W) => void,
  ) {}

  setLimits(limits: Caps): void {
    this.limits = limits;
    for (const cap of this.caps.values()) {
      cap.capacity = capacityOf(limits, cap.key);
      this.unparkAll(cap);
    }
  }

  claimsOf(demand: Demand): Claim<W>[] {
    return claimsOf(demand).map(({ key, amount }) => ({ cap: this.capOf(key), amount }));
  }

  /** Parks the waiter and says false, or says true: its head may start. */
  admits(waiter: W): boolean {
    const index = waiter.claims.findIndex((claim) => !fits(claim, waiter));
    const cap = waiter.claims[index]?.cap;
    if (!cap) return true;
    if (waiter.refusal?.cap !== cap) waiter.refusal = { cap, atStarts: cap.starts };
    if (cap.reservedFor === null && cap.starts - waiter.refusal.atStarts >= OVERTAKEN_MOST) reserve(waiter, index);
    waiter.parkedAt = cap;
    cap.parked.add(waiter);
    return false;
  }

  /** The waiter's head starts. */
  take(waiter: W): void {
    for (const { cap, amount } of waiter.claims) {
      cap.used += amount;
      cap.starts++;
    }
    waiter.refusal = null;
    this.forgoReserved(waiter);
  }

  /** A run ended: what it had taken is free. */
  release(claims: readonly Claim<W>[]): void {
    for (const { cap, amount } of claims) cap.used -= amount;
    for (const { cap } of claims) this.unparkAll(cap);
  }

  /** Nobody is left in this waiter. */
  leave(waiter: W): void {
    waiter.parkedAt?.parked.delete(waiter);
    waiter.parkedAt = null;
    this.forgoReserved(waiter);
  }

  /** Caps somebody waits at, and who. */
  *held(): Iterable<{ key: CapKey; waiters: Iterable<W> }> {
    for (const { key, parked } of this.caps.values()) if (parked.size > 0) yield { key, waiters: parked };
  }

  private forgoReserved(waiter: W): void {
    const freed = [...waiter.reserved];
    waiter.reserved.clear();
    for (const cap of freed) cap.reservedFor = null;
    for (const cap of freed) this.unparkAll(cap);
  }

  private unparkAll(cap: Cap<W>): void {
    for (const waiter of [...cap.parked]) {
      cap.parked.delete(waiter);
      waiter.parkedAt = null;
      this.onUnparked(waiter);
    }
  }

  private capOf(key: CapKey): Cap<W> {
    const id = `${key.scope}:${key.unit}:${key.name}`;
    let cap = this.caps.get(id);
    if (!cap) {
      cap = { key, capacity: capacityOf(this.limits, key), used: 0, starts: 0, parked: new Set(), reservedFor: null };
      this.caps.set(id, cap);
    }
    return cap;
  }
}

const fits = <W>({ cap, amount }: Claim<W>, waiter: W): boolean =>
  (cap.reservedFor === null || cap.reservedFor === waiter) && (cap.used === 0 || cap.used + amount <= cap.capacity);

/** The claims before this one have just been found to fit, so nobody else has reserved them. */
function reserve<W extends Waiter<W>>(waiter: W, index: number): void {
  for (const { cap } of waiter.claims.slice(0, index + 1)) {
    cap.reservedFor = waiter;
    waiter.reserved.add(cap);
  }
}
