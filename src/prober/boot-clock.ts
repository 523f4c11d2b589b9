import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A clock that goes on from process to process until the machine is started anew. */
export interface BootClock {
  /** changes with each start of the machine */
  boot: string;
  /** since then */
  sinceBootMs(): number;
}

export const bootClock = (): BootClock => ({
  boot: bootId(),
  sinceBootMs: () => Number(process.hrtime.bigint() / 1_000n) / 1_000,
});

/** Where nobody tells it, every process takes its start for the machine's. */
function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return randomUUID();
  }
}
