import type { AppConfig } from '../config/app-config.js';
import { CALL_KINDS } from '../probes/contract.js';
import type { QuietWindow } from '../prober/messages.js';
import type { EndpointRecord } from './endpoint-record.js';
import { isMeant } from './exceptions.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Asia/Ho_Chi_Minh: UTC+7 all year, without daylight saving time since 1975. */
const ZONE_MS = 7 * 60 * MINUTE_MS;

/** Midnight of Asia/Ho_Chi_Minh at or before that moment. */
const midnightBefore = (ms: number): number => Math.floor((ms + ZONE_MS) / DAY_MS) * DAY_MS - ZONE_MS;

/** "22:00-06:00" goes past midnight; "24:00" is the end of the day. */
function hoursOf(text: string): { fromMs: number; lastsMs: number } {
  const [from = 0, to = 0] = text.split('-').map((time) => {
    const [hours = 0, minutes = 0] = time.split(':').map(Number);
    return (hours * 60 + minutes) * MINUTE_MS;
  });
  return { fromMs: from, lastsMs: to > from ? to - from : to + DAY_MS - from };
}

/**
 * The quiet hours of the settings as windows, all that touch the given time. Endpoints with the same hours share theirs. Of the
 * exceptions that name hours the last one that is meant for an endpoint counts.
 */
export function quietHourWindows(
  endpoints: readonly EndpointRecord[],
  { quietHours, exceptions }: Pick<AppConfig, 'quietHours' | 'exceptions'>,
  fromMs: number,
  toMs: number,
): QuietWindow[] {
  const groups = new Map<string, string[]>();
  for (const endpoint of endpoints) {
    const own = exceptions.findLast((one) => one.quietHours !== undefined && isMeant(one, endpoint));
    for (const hours of new Set(own?.quietHours ?? quietHours)) add(groups, hours, endpoint.id);
  }
  return [...groups].flatMap(([hours, ids]) => windowsOf(hours, ids, fromMs, toMs));
}

function add(groups: Map<string, string[]>, hours: string, id: string): void {
  const known = groups.get(hours);
  if (known) known.push(id);
  else groups.set(hours, [id]);
}

function windowsOf(hours: string, endpoints: string[], fromMs: number, toMs: number): QuietWindow[] {
  const { fromMs: beginMs, lastsMs } = hoursOf(hours);
  const windows: QuietWindow[] = [];
  for (let midnightMs = midnightBefore(fromMs) - DAY_MS; midnightMs + beginMs < toMs; midnightMs += DAY_MS) {
    const window = { fromMs: midnightMs + beginMs, toMs: midnightMs + beginMs + lastsMs };
    if (window.toMs > fromMs) windows.push({ ...window, endpoints, kinds: [...CALL_KINDS], why: 'quiet-hours' });
  }
  return windows;
}
