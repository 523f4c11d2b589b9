import type { Series, SeriesPoint } from './api-types.js';

export const SPANS = { day: 86_400_000, week: 7 * 86_400_000, quarter: 90 * 86_400_000 } as const;
export type Span = keyof typeof SPANS;

const STEP_MS = { '5min': 300_000, hour: 3_600_000, day: 86_400_000 } as const;

/** Columns as the chart wants them: seconds, then a column for each line; null breaks the line. */
export type Columns = [number[], ...(number | null)[][]];

/**
 * Lines over the whole time. The server leaves out what had no result: a step that is missing becomes a gap, never a line drawn
 * across it, since nobody knows what was there.
 */
export function columnsOf(series: Series, figures: readonly ((point: SeriesPoint) => number | undefined)[]): Columns {
  const stepMs = STEP_MS[series.step];
  const seconds: number[] = [];
  const lines: (number | null)[][] = figures.map(() => []);
  const add = (atMs: number, point: SeriesPoint | null): void => {
    seconds.push(atMs / 1000);
    figures.forEach((figure, index) => lines[index]?.push((point && figure(point)) ?? null));
  };
  let lastMs = -Infinity;
  for (const point of series.items) {
    const atMs = Date.parse(point.at);
    // a day of summer time is no other length here, yet half a step of slack costs nothing
    if (atMs - lastMs > 1.5 * stepMs && lastMs !== -Infinity) add(lastMs + stepMs, null);
    add(atMs, point);
    lastMs = atMs;
  }
  return [seconds, ...lines];
}

export interface Band {
  fromS: number;
  toS: number;
}

/** What is shaded: the part of each session that lies within the time shown. */
export function bandsOf(sessions: readonly { startsAt: string; endsAt: string }[], fromMs: number, toMs: number): Band[] {
  return sessions.flatMap(({ startsAt, endsAt }) => {
    const fromS = Math.max(Date.parse(startsAt), fromMs) / 1000;
    const toS = Math.min(Date.parse(endsAt), toMs) / 1000;
    return fromS < toS ? [{ fromS, toS }] : [];
  });
}
