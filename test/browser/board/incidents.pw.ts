import { barriers, THEMES, wear } from '../fixtures/accessibility.js';
import { expect, type Page, test } from '../fixtures/board-test.js';
import type { IncidentView } from '../../../src/live/feed-events.js';

const AT = new Date(Date.now() - 25 * 60_000).toISOString();
const ID = '6f1c3a52-1111-4222-8333-000000000001';
const AWAY = 'Không kết nối được với máy chủ giám sát.';
const OVER_ID = '6f1c3a52-1111-4222-8333-000000000002';

const incident = (part: Partial<IncidentView>): IncidentView => ({
  id: ID,
  cause: { kind: 'carrier', name: 'Viettel', trouble: 'failing' },
  state: 'open',
  severity: 'critical',
  openedAt: AT,
  resolvedAt: null,
  mergedInto: null,
  acknowledged: null,
  members: ['08230-1', '08245-1'],
  sites: ['08230', '08245'],
  everMembers: ['08230-1', '08245-1'],
  reopened: 0,
  siteMinutesLost: 12,
  countedAt: new Date().toISOString(),
  evidence: [
    {
      ...{ endpointId: '08230-1', siteName: 'Xã Đoan Hùng', reason: 'no-answer', since: AT },
      outcome: {
        ...{ kind: 'sip-call', startedAt: AT, reason: 'no-answer', detail: { sends: 7 } },
        evidence: { ladder: [{ atMs: 0, direction: 'sent', summary: 'INVITE sip:room@10.0.0.1', text: '' }] },
      },
    },
  ],
  ...part,
});
const over = incident({
  ...{ id: OVER_ID, cause: { kind: 'endpoint', name: '08245-1', trouble: 'failing' }, state: 'resolved', severity: 'minor' },
  ...{ members: [], resolvedAt: new Date().toISOString() },
});

/** The part of the API that the page reads, with one incident that can be acknowledged. */
async function answerFor(page: Page, shown: IncidentView, taken: (body: unknown) => void): Promise<void> {
  await page.route('**/api/v1/incidents?*', (route) => route.fulfill({ json: { items: [shown, over], total: 2 } }));
  await page.route(`**/api/v1/incidents/*`, (route) =>
    route.fulfill({
      json: { ...shown, audit: [{ at: AT, type: 'opened', by: 'monitor', note: '', joined: ['a', 'b'], left: [] }] },
    }),
  );
  await page.route('**/api/v1/incidents/*/contact-log', (route) =>
    route.fulfill({ json: { items: [{ id: '1', siteCode: '08230', at: AT, by: 'Lan', note: 'mất điện' }], total: 1 } }),
  );
  await page.route('**/api/v1/incidents/*/acknowledgement', async (route) => {
    taken(route.request().postDataJSON());
    await route.fulfill({ json: shown });
  });
}

test('an incident is found, read in full and acknowledged by name', async ({ page, feed, complaints }) => {
  const doanHung = feed.endpoint('Xã Đoan Hùng');
  const shown = incident({ members: [doanHung.id], everMembers: [doanHung.id, 'gone-1'], sites: [doanHung.siteCode] });
  feed.incidents = [shown];
  const bodies: unknown[] = [];
  await answerFor(page, shown, (body) => bodies.push(body));
  await page.goto(`${feed.url}/incidents`);
  await expect(page.getByRole('region', { name: /^Đã kết thúc/ })).toContainText('Thiết bị Xã Trạm Thản');
  await page.getByRole('link', { name: /Nhà mạng Viettel/ }).click();
  expect(new URL(page.url()).pathname).toBe(`/incidents/${ID}`);

  const details = page.getByRole('article', { name: 'Nhà mạng Viettel' });
  await expect(details.getByRole('region', { name: /^Điểm cầu/ })).toContainText('Không còn trong danh mục.');
  await expect(details.getByRole('link', { name: 'Xã Đoan Hùng' })).toHaveAttribute('href', `/sites/${doanHung.siteCode}`);
  await details.getByRole('group').filter({ hasText: 'Xã Đoan Hùng' }).locator('summary').click();
  await expect(details.getByText('INVITE sip:room@10.0.0.1')).toBeVisible();
  await expect(details.getByText('thêm 2 thiết bị')).toBeVisible();
  await expect(details.getByText('mất điện')).toBeVisible();

  await details.getByLabel('Người thực hiện').fill('Lan');
  await details.getByLabel(/^Ghi chú/).fill('đã báo Viettel');
  await details.getByRole('button', { name: 'Tiếp nhận' }).click();
  await expect.poll(() => bodies).toEqual([{ by: 'Lan', note: 'đã báo Viettel' }]);
  feed.tellIncident({ ...shown, state: 'acknowledged', acknowledged: { by: 'Lan', note: 'đã báo Viettel', at: AT } });
  await expect(details.getByText('Lan đã tiếp nhận. đã báo Viettel')).toBeVisible();

  for (const theme of THEMES) {
    await wear(page, theme);
    expect(await barriers(page)).toEqual([]);
  }
  await page.getByRole('button', { name: 'EN' }).click();
  await expect(page.getByRole('heading', { name: 'Carrier Viettel' })).toBeVisible();
  expect(complaints).toEqual([]);
});

test('an incident whose server is away says so, and comes with the next try', async ({ page, feed }) => {
  await page.route('**/api/v1/incidents?*', (route) => route.abort());
  await page.goto(`${feed.url}/incidents`);
  await expect(page.getByRole('region', { name: /^Đã kết thúc/ }).getByRole('alert')).toHaveText(AWAY);
  await page.unroute('**/api/v1/incidents?*');
  await page.route('**/api/v1/incidents?*', (route) => route.fulfill({ json: { items: [over], total: 1 } }));
  await page.getByRole('button', { name: 'Thử lại' }).click();
  await expect(page.getByRole('link', { name: /Thiết bị Xã Trạm Thản/ })).toBeVisible();
});
