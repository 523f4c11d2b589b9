import { t } from '../../i18n/index.js';

/** "2 giờ 05 phút"; below a minute in seconds, above two days in days. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return t('desk.seconds', { n: seconds });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return t('desk.minutes', { n: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return t('desk.hours', { n: hours, m: String(minutes % 60).padStart(2, '0') });
  return t('desk.days', { n: Math.floor(hours / 24), h: hours % 24 });
}
