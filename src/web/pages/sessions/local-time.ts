/** Hà Nội keeps one offset all year (since 1975), so that wall time and instant are one addition apart. */
const OFFSET_MS = 7 * 3_600_000;
const OFFSET = '+07:00';
const DAY_MS = 86_400_000;

/** As `<input type="datetime-local">` writes it, whatever the zone of the computer: 2026-11-23T08:00 */
export const toLocalInput = (iso: string): string => new Date(Date.parse(iso) + OFFSET_MS).toISOString().slice(0, 16);

/** @returns an instant with its offset; null when the text is no date and time */
export function fromLocalInput(text: string): string | null {
  const iso = `${text}:00${OFFSET}`;
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text) && !Number.isNaN(Date.parse(iso)) ? iso : null;
}

/** The day in Hà Nội: 2026-11-23 */
export const dayOf = (ms: number): string => new Date(ms + OFFSET_MS).toISOString().slice(0, 10);

export const addDays = (day: string, days: number): string => dayOf(Date.parse(`${day}T00:00:00${OFFSET}`) + days * DAY_MS);
