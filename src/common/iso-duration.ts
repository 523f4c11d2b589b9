const UNIT_MS = { days: 86_400_000, hours: 3_600_000, minutes: 60_000, seconds: 1_000 } as const;
const SHAPE =
  /^P(?=\d|T\d)(?:(?<days>\d{1,4})D)?(?:T(?=\d)(?:(?<hours>\d{1,5})H)?(?:(?<minutes>\d{1,6})M)?(?:(?<seconds>\d{1,7})S)?)?$/;

/**
 * A duration of ISO 8601 in days, hours, minutes and seconds ("PT1H30M") in milliseconds; null when it is none. Years, months and
 * weeks are refused: they have no fixed length, or no use here.
 */
export function isoDurationMs(text: string): number | null {
  const parts = SHAPE.exec(text)?.groups;
  if (!parts) return null;
  return Object.entries(UNIT_MS).reduce((sum, [unit, ms]) => sum + Number(parts[unit] ?? 0) * ms, 0);
}
