import type { Notice } from './notice.js';

/** Says plainly that nothing has happened. */
export const testNotice = (id: string, atMs: number): Notice => ({
  ...{ key: `test/${id}`, type: 'test', subject: `test/${id}`, atMs, details: {} },
  title: { vi: 'Thông báo thử', en: 'Test notice' },
  lines: [
    { vi: 'Không có sự cố; đây là thử đường gửi thông báo.', en: 'Nothing has happened; this tests how notices are sent.' },
  ],
});
