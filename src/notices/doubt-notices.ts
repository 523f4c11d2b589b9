import type { Words } from '../common/operator-words.js';
import type { DoubtReason, MonitorDoubt } from '../health/monitor-doubt.js';
import { localTime } from './local-time.js';
import type { Notice } from './notice.js';

const WHY: Record<DoubtReason, Words> = {
  references: { vi: 'Các điểm tham chiếu không trả lời', en: 'The references do not answer' },
  overload: { vi: 'Máy đo quá tải', en: 'The measuring machine is overloaded' },
};

/** Says when the monitor goes blind and when it sees again; the second needs to know of the first. */
export class DoubtNotices {
  private doubt: MonitorDoubt | null = null;

  /** null: nothing to tell */
  changed(doubt: MonitorDoubt | null, nowMs: number): Notice | null {
    const before = this.doubt;
    this.doubt = doubt;
    if (doubt && doubt.sinceMs !== before?.sinceMs) return blind(doubt);
    return before && !doubt ? sees(before, nowMs) : null;
  }
}

const blind = ({ sinceMs, why, targets }: MonitorDoubt): Notice => ({
  ...{ key: `monitor/${sinceMs}/blind`, type: 'monitor.blind', subject: 'monitor', atMs: sinceMs },
  title: { vi: 'Hệ thống giám sát không còn nhìn thấy', en: 'The monitor is blind' },
  lines: [
    { vi: `${WHY[why].vi}${list(targets)}`, en: `${WHY[why].en}${list(targets)}` },
    {
      vi: 'Trạng thái các điểm cầu không đáng tin cho đến khi có thông báo mới',
      en: 'No state of any site is to be trusted until told otherwise',
    },
  ],
  details: { monitor: { blindSince: new Date(sinceMs).toISOString(), why, targets } },
});

const sees = ({ sinceMs, why, targets }: MonitorDoubt, atMs: number): Notice => ({
  ...{ key: `monitor/${sinceMs}/sees`, type: 'monitor.sees', subject: 'monitor', atMs },
  title: { vi: 'Hệ thống giám sát đã nhìn thấy trở lại', en: 'The monitor sees again' },
  lines: [{ vi: `Đã mù từ ${localTime(sinceMs)}`, en: `It was blind since ${localTime(sinceMs)}` }],
  details: { monitor: { blindSince: new Date(sinceMs).toISOString(), why, targets } },
});

const list = (targets: string[]): string => (targets.length === 0 ? '' : `: ${targets.slice(0, 10).join(', ')}`);
