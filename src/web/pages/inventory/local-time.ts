const OFFSET_MS = 7 * 3_600_000;

/** For an input of date and time: "2026-11-23T07:02" in Asia/Ho_Chi_Minh, which keeps UTC+7 the year round. */
export const toLocalInput = (ms: number): string => new Date(ms + OFFSET_MS).toISOString().slice(0, 16);

/** @returns ISO 8601 in UTC; null: nothing, or no moment */
export function fromLocalInput(text: string): string | null {
  const ms = Date.parse(`${text}:00+07:00`);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}
