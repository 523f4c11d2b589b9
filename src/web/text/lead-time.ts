import { t } from '../i18n/index.js';

const SHAPE = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** Minutes before the start that a checkpoint such as PT2H or PT30M names (ISO 8601 duration); null when it is none. */
export function minutesBefore(checkpoint: string): number | null {
  const parts = SHAPE.exec(checkpoint);
  if (!parts) return null;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part = '0') => Number(part));
  return days * 1440 + hours * 60 + minutes + seconds / 60;
}

/** PT30M -> "30 phút", PT24H -> "24 giờ", PT90M -> "90 phút"; whatever else is left as it is. */
export function leadTime(checkpoint: string): string {
  const minutes = minutesBefore(checkpoint);
  if (minutes === null || !Number.isInteger(minutes)) return checkpoint;
  const isHours = minutes >= 120 && minutes % 60 === 0;
  return isHours ? t('lead.hours', { n: minutes / 60 }) : t('lead.minutes', { n: minutes });
}
