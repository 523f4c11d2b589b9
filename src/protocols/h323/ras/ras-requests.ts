import type { Cancel, Scheduler } from '../../../common/clock.js';
import { encodePer } from '../per/schema.js';
import { RasMessage } from './ras-message.js';

/** H.225.0 section 7.6, table 18: how long an answer is waited for, and how often the request is sent. */
export const RAS_LIMITS = {
  discovery: { waitMs: 5000, sends: 3 },
  registration: { waitMs: 3000, sends: 3 },
  admission: { waitMs: 5000, sends: 3 },
  disengage: { waitMs: 3000, sends: 3 },
  unregistration: { waitMs: 3000, sends: 2 },
} as const;
export type RasLimits = Readonly<Record<keyof typeof RAS_LIMITS, { waitMs: number; sends: number }>>;

/** undefined: nothing came, however often we asked */
type Settle = (answer: RasMessage | undefined) => void;

interface Pending {
  octets: Uint8Array;
  sendsLeft: number;
  waitMs: number;
  cancel: Cancel;
  settle: Settle;
}

const SEQUENCE_NUMBERS = 65_535;

/** Requests that wait for their answer: sent again as they are, under the same number, as long as nothing comes. */
export class RasRequests {
  private readonly pending = new Map<number, Pending>();
  private lastNumber: number;

  /** @param firstNumber so that a late answer to a process before us is none to this one */
  constructor(
    private readonly scheduler: Scheduler,
    private readonly send: (octets: Uint8Array) => void,
    firstNumber: number,
  ) {
    this.lastNumber = firstNumber % SEQUENCE_NUMBERS;
  }

  /** @param message is given its number */
  ask(
    message: (requestSeqNum: number) => RasMessage,
    { waitMs, sends }: { waitMs: number; sends: number },
    settle: Settle,
  ): void {
    const number = this.nextNumber();
    const octets = encodePer(RasMessage, message(number));
    const entry: Pending = { octets, sendsLeft: sends, waitMs, cancel: () => undefined, settle };
    this.pending.set(number, entry);
    this.transmit(number, entry);
  }

  /** @returns whether somebody waited for it */
  answer(requestSeqNum: number, message: RasMessage): boolean {
    const entry = this.pending.get(requestSeqNum);
    if (!entry) return false;
    entry.cancel();
    this.pending.delete(requestSeqNum);
    entry.settle(message);
    return true;
  }

  /** RIP: the gatekeeper has the request and needs so long. */
  postpone(requestSeqNum: number, delayMs: number): void {
    const entry = this.pending.get(requestSeqNum);
    if (entry) this.wait(requestSeqNum, entry, delayMs);
  }

  /** Nobody is there: what waits is told so now. */
  giveUp(): void {
    const waiting = [...this.pending.values()];
    this.clear();
    for (const { settle } of waiting) settle(undefined);
  }

  clear(): void {
    for (const { cancel } of this.pending.values()) cancel();
    this.pending.clear();
  }

  private transmit(number: number, entry: Pending): void {
    entry.sendsLeft--;
    this.wait(number, entry, entry.waitMs);
    this.send(entry.octets);
  }

  private wait(number: number, entry: Pending, forMs: number): void {
    entry.cancel();
    entry.cancel = this.scheduler.after(forMs, () => {
      if (entry.sendsLeft > 0) return this.transmit(number, entry);
      this.pending.delete(number);
      entry.settle(undefined);
    });
  }

  private nextNumber(): number {
    do this.lastNumber = (this.lastNumber % SEQUENCE_NUMBERS) + 1;
    while (this.pending.has(this.lastNumber));
    return this.lastNumber;
  }
}
