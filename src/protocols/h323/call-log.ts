/** The message ladder of an H.323 call: evidence for people. Bounded; H.323 without H.235 carries no keys. */
import type { Scheduler } from '../../common/clock.js';
import type { LadderEntry } from '../sip/call-events.js';
import { MAX_LADDER_ENTRIES, MAX_LADDER_TEXT } from '../sip/call-ladder.js';
import { Q931_TYPES } from './q931.js';

const NAMES = new Map<number, string>(Object.entries(Q931_TYPES).map(([name, type]) => [type, spaced(name)]));

/** 'releaseComplete' -> 'RELEASE COMPLETE' */
function spaced(name: string): string {
  return name.replace(/[A-Z]/g, ' $&').toUpperCase();
}

export const signallingName = (type: number): string => NAMES.get(type) ?? `message type ${type}`;

/** 'request terminalCapabilitySet' */
export function controlName(message: object): string {
  const [kind = '', content] = Object.entries(message)[0] ?? [];
  return `${kind} ${Object.keys(content as object)[0] ?? ''}`;
}

export class CallLog {
  readonly entries: LadderEntry[] = [];
  private readonly startMs: number;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly onMessage: (entry: LadderEntry) => void,
  ) {
    this.startMs = scheduler.monotonicMs();
  }

  note(direction: LadderEntry['direction'], summary: string, value: unknown): void {
    const text = JSON.stringify(value, readable).slice(0, MAX_LADDER_TEXT);
    const entry = { atMs: this.scheduler.monotonicMs() - this.startMs, direction, summary, text };
    this.onMessage(entry);
    if (this.entries.length < MAX_LADDER_ENTRIES) this.entries.push(entry);
  }
}

const readable = (_name: string, value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
