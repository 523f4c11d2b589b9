import type { SessionView } from '../../../live/feed-events.js';
import { locale, t } from '../../i18n/index.js';
import { dayAndMonth, minuteOfDay, momentOf, weekdayOf } from '../../text/time.js';
import type { SiteReadiness } from './api-types.js';

/** "08:00 thứ Hai 23/11 – 11:30" */
export function sessionTime({ startsAt, endsAt }: Pick<SessionView, 'startsAt' | 'endsAt'>): string {
  const startsMs = Date.parse(startsAt);
  const day = `${t(`weekday.${weekdayOf(startsMs)}`)} ${dayAndMonth(startsMs)}`;
  return t('sessionPage.time', { from: minuteOfDay(startsMs), day, to: momentOf(Date.parse(endsAt), startsMs) });
}

export const sentenceOf = ({ sentence }: Pick<SiteReadiness, 'sentence'>): string => sentence[locale.value];

/** Proof of what is said: the last probe, the last test call. */
export function evidenceOf(site: Pick<SiteReadiness, 'checkedAt' | 'mediaCheckedAt'>, nowMs: number): string {
  const { checkedAt, mediaCheckedAt } = site;
  const parts = [
    checkedAt && t('sessionPage.checkedAt', { time: momentOf(Date.parse(checkedAt), nowMs) }),
    mediaCheckedAt && t('time.calledAt', { time: momentOf(Date.parse(mediaCheckedAt), nowMs) }),
  ];
  return parts.filter(Boolean).join(' · ');
}

/** Who puts it right, and whether the time will do. */
export function repairOf({ repair, fixableInTime }: Pick<SiteReadiness, 'repair' | 'fixableInTime'>): string {
  if (!repair) return '';
  const who = t(`sessionPage.repair.${repair.by}`);
  if (repair.minutes === null) return who;
  const takes = t('sessionPage.takes', { who, n: repair.minutes });
  return fixableInTime ? takes : `${takes} · ${t('sessionPage.notInTime')}`;
}
