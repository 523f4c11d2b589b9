import { type Notice, noticeId, type StoredNotice } from '../notice.js';

/** What a notice looks like, with whatever a spec wants otherwise. */
export const noticeWith = (given: Partial<Notice> = {}): Notice => ({
  ...{ key: 'incident/7/opened', type: 'incident.opened', subject: 'incident/7', atMs: Date.UTC(2026, 10, 22, 1, 12) },
  title: { vi: 'Sự cố nhà mạng VNPT', en: 'Incident: carrier VNPT' },
  lines: [{ vi: '12 điểm cầu mất kết nối', en: '12 sites down' }],
  details: { incident: { id: '7', sites: ['04792'] } },
  ...given,
});

export const storedNotice = (given: Partial<Notice> = {}): StoredNotice => {
  const notice = noticeWith(given);
  return { ...notice, id: noticeId(notice.key) };
};
