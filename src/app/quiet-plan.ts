import type { AppConfig } from '../config/app-config.js';
import type { EndpointRecord } from '../inventory/endpoint-record.js';
import { quietHourWindows } from '../inventory/quiet-hours.js';
import type { QuietWindow } from '../prober/messages.js';
import type { Session } from '../sessions/session.js';
import type { SessionsService } from '../sessions/sessions.service.js';
import { sessionWindows } from '../sessions/quiet-windows.js';

const DAY_MS = 86_400_000;
/** A prober whose core is dead goes on for a day at the most; the rest is for a clock that is set. */
const AHEAD_MS = 8 * DAY_MS;
const BEHIND_MS = DAY_MS;

/** When which endpoints are not called: known to the prober for a week, so that it needs nobody to keep to it. */
export function quietWindows(
  endpoints: readonly EndpointRecord[],
  config: Pick<AppConfig, 'quietHours' | 'exceptions'>,
  sessions: Pick<SessionsService, 'between' | 'participants' | 'site'>,
  nowMs: number,
): QuietWindow[] {
  const [fromMs, toMs] = [nowMs - BEHIND_MS, nowMs + AHEAD_MS];
  const endpointIdsOf = (session: Session): string[] =>
    sessions.participants(session).flatMap(({ siteCode }) => sessions.site(siteCode)?.endpointIds ?? []);
  const windows = [
    ...sessionWindows(sessions.between(fromMs, toMs), endpointIdsOf),
    ...quietHourWindows(endpoints, config, fromMs, toMs),
  ];
  return windows.map((window) => forTheWholeRoom(window, endpoints));
}

/** A call rings at an address: where the inventory has it twice, a call to either endpoint disturbs the same room. */
function forTheWholeRoom(window: QuietWindow, endpoints: readonly EndpointRecord[]): QuietWindow {
  if (window.endpoints === 'all') return window;
  const named = new Set(window.endpoints);
  const addresses = new Set(endpoints.filter(({ id }) => named.has(id)).map(addressOf));
  const others = endpoints.filter((one) => !named.has(one.id) && addresses.has(addressOf(one)));
  return others.length === 0 ? window : { ...window, endpoints: [...window.endpoints, ...others.map(({ id }) => id)] };
}

/** Host names are the same in capitals. */
const addressOf = ({ address }: EndpointRecord): string => address.toLowerCase();
