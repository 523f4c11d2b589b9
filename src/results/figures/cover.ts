/** Milliseconds since 1970, the end not included. */
export interface Span {
  fromMs: number;
  toMs: number;
}

/** What a range is read from; together it is the range, and nothing twice. */
export interface Cover {
  days: Span[];
  hours: Span[];
  results: Span[];
}

export interface NotReady {
  /** starts of hours (UTC) and of days (Asia/Ho_Chi_Minh) whose rollup has to be made anew */
  hours: ReadonlySet<number>;
  days: ReadonlySet<number>;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Asia/Ho_Chi_Minh, without summer time since 1975 */
const ZONE_MS = 7 * HOUR_MS;

const dayStart = (atMs: number): number => Math.floor((atMs + ZONE_MS) / DAY_MS) * DAY_MS - ZONE_MS;
const hourStart = (atMs: number): number => Math.floor(atMs / HOUR_MS) * HOUR_MS;

/** Whole days from the daily rollup, whole hours from the hourly one, the rest, and whatever is not ready, from the results. */
export function coverOf({ fromMs, toMs }: Span, notReady: NotReady): Cover {
  const cover: Cover = { days: [], hours: [], results: [] };
  const hoursOf = new Set(Array.from(notReady.hours, dayStart));
  for (let atMs = fromMs; atMs < toMs;) {
    const nextDayMs = dayStart(atMs) + DAY_MS;
    const nextHourMs = hourStart(atMs) + HOUR_MS;
    const wholeDay = atMs === dayStart(atMs) && nextDayMs <= toMs && !notReady.days.has(atMs) && !hoursOf.has(atMs);
    const wholeHour = atMs === hourStart(atMs) && nextHourMs <= toMs && !notReady.hours.has(atMs);
    const untilMs = wholeDay ? nextDayMs : Math.min(nextHourMs, toMs);
    append(wholeDay ? cover.days : wholeHour ? cover.hours : cover.results, { fromMs: atMs, toMs: untilMs });
    atMs = untilMs;
  }
  return cover;
}

function append(spans: Span[], span: Span): void {
  const last = spans.at(-1);
  if (last?.toMs === span.fromMs) last.toMs = span.toMs;
  else spans.push(span);
}

/** Spans in order, none touching another: overlapping sessions are not counted twice. */
export function merged(spans: readonly Span[]): Span[] {
  const ordered = spans.filter(({ fromMs, toMs }) => fromMs < toMs).sort((a, b) => a.fromMs - b.fromMs);
  const out: Span[] = [];
  for (const span of ordered) {
    const last = out.at(-1);
    if (last && span.fromMs <= last.toMs) last.toMs = Math.max(last.toMs, span.toMs);
    else out.push({ ...span });
  }
  return out;
}
