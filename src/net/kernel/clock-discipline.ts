import { isSupported, libc, pinned } from './libc.js';

/** What the kernel knows of its own clock (adjtimex(2)). */
export interface ClockDiscipline {
  /** an NTP or PTP daemon keeps it in step */
  synchronised: boolean;
  /** what is still to be taken off by slewing */
  offsetMs: number;
  /** the daemon's own bound on the error */
  maxErrorMs: number;
}

/** struct timex on 64 bits: modes, offset, freq, maxerror, esterror, status, ... */
const TIMEX_BYTES = 208;
const OFFSET_AT = 8;
const MAX_ERROR_AT = 24;
const STATUS_AT = 40;
const STA_UNSYNC = 0x40;
/** offset in nanoseconds, not microseconds */
const STA_NANO = 0x2000;

/** null: this system does not tell */
export function clockDiscipline(): ClockDiscipline | null {
  if (!isSupported) return null;
  // modes 0: nothing is set, which needs no privilege
  const timex = pinned(TIMEX_BYTES);
  if (libc().adjtimex(timex) < 0) return null;
  const status = timex.readInt32LE(STATUS_AT);
  return {
    synchronised: (status & STA_UNSYNC) === 0,
    offsetMs: Number(timex.readBigInt64LE(OFFSET_AT)) / ((status & STA_NANO) === 0 ? 1e3 : 1e6),
    maxErrorMs: Number(timex.readBigInt64LE(MAX_ERROR_AT)) / 1e3,
  };
}
