/**
 * Planned work (tạm ngừng theo kế hoạch): while a window is open, what it covers is under maintenance, whatever is measured there.
 * Whether one is open is computed from the clock alone, so that no timer can be missed by a restart. Pure.
 */

/** Vietnam keeps UTC+7 the year round since 1975 (IANA tzdata, zone Asia/Ho_Chi_Minh): local time is arithmetic. */
const LOCAL_OFFSET_MS = 7 * 3_600_000;
const DAY_MS = 86_400_000;

export const MAINTENANCE_SCOPES = ['endpoint', 'site', 'area', 'carrier'] as const;
export type MaintenanceScope = (typeof MAINTENANCE_SCOPES)[number];

/** Every week on these days. */
export interface WeeklyRepeat {
  /** 1 = Monday ... 7 = Sunday (ISO 8601), in Asia/Ho_Chi_Minh */
  weekdays: number[];
  /** Unix ms: no occurrence begins at or after this; null: for ever */
  untilMs: number | null;
}

export interface MaintenanceWindow {
  id: string;
  scope: MaintenanceScope;
  /** the endpoint's id, the site's code, or the name of the area or carrier in the inventory */
  target: string;
  /** Unix ms; `toMs` is outside. Of one that repeats: the first occurrence, whose time of day the others have */
  fromMs: number;
  toMs: number;
  /** null: once */
  repeat: WeeklyRepeat | null;
  note: string;
}

/** What of an endpoint a window can be aimed at. */
export interface Maintained {
  id: string;
  siteCode: string;
  area: string;
  carrier: string;
}

/** @returns when the occurrence that is open now began and ends; null: the window is closed */
export function openOccurrence(window: MaintenanceWindow, nowMs: number): { fromMs: number; toMs: number } | null {
  const { fromMs, toMs, repeat } = window;
  if (nowMs < fromMs) return null;
  if (!repeat) return nowMs < toMs ? { fromMs, toMs } : null;
  const lastsMs = toMs - fromMs;
  const timeOfDayMs = fromMs - startOfDay(fromMs);
  // one that began on an earlier day may still be open
  for (let day = startOfDay(nowMs); day >= startOfDay(nowMs - lastsMs); day -= DAY_MS) {
    const beganMs = day + timeOfDayMs;
    const isOpen = beganMs <= nowMs && nowMs < beganMs + lastsMs && beganMs >= fromMs;
    const happens = repeat.weekdays.includes(weekday(day)) && beganMs < (repeat.untilMs ?? Infinity);
    if (isOpen && happens) return { fromMs: beganMs, toMs: beganMs + lastsMs };
  }
  return null;
}

export function covers({ scope, target }: Pick<MaintenanceWindow, 'scope' | 'target'>, endpoint: Maintained): boolean {
  const { id, siteCode, area, carrier } = endpoint;
  return { endpoint: id, site: siteCode, area, carrier }[scope] === target;
}

/** Unix ms of the local midnight before. */
function startOfDay(ms: number): number {
  return Math.floor((ms + LOCAL_OFFSET_MS) / DAY_MS) * DAY_MS - LOCAL_OFFSET_MS;
}

/** 1970-01-01 was a Thursday. */
function weekday(startOfDayMs: number): number {
  const days = Math.round((startOfDayMs + LOCAL_OFFSET_MS) / DAY_MS);
  return ((((days + 3) % 7) + 7) % 7) + 1;
}
