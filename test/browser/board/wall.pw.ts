import { incidentOf } from '../../../src/web/testing/incident.js';
import { sessionOf } from '../../../src/web/testing/session.js';
import { expect, test } from '../fixtures/board-test.js';
import { chromiumIsMissing, MISSING_REASON } from '../fixtures/chromium.js';

test.skip(chromiumIsMissing, MISSING_REASON);

test.beforeEach(async ({ page, feed }) => {
  await page.goto(feed.url);
  await expect(page.locator('.tile')).toHaveCount(150);
});

test('shows every site as a tile, by area, without scrolling', async ({ page, complaints }) => {
  await expect(page.getByRole('main').getByRole('heading', { level: 2 })).toContainText([
    'Trung ương và cấp tỉnh',
    'Hòa Bình',
    'Phú Thọ',
    'Vĩnh Phúc',
  ]);
  const last = await page.locator('.tile').last().boundingBox();
  const footer = await page.getByRole('contentinfo').boundingBox();
  expect(last && footer && last.y + last.height <= footer.y).toBe(true);
  const isCut = "[...document.querySelectorAll('.tile')].filter((tile) => tile.scrollWidth > tile.clientWidth).length";
  expect(await page.evaluate(isCut)).toBe(0);
  expect(complaints).toEqual([]);
});

test('tells each state by word and sentence', async ({ page }) => {
  const tile = (name: RegExp) => page.getByRole('main').getByRole('button', { name });
  await expect(tile(/^Đoan Hùng: Mất kết nối, từ (\d\d\/\d\d )?\d\d:\d\d\. Không phản hồi/)).toBeVisible();
  await expect(tile(/^Dân Chủ: Suy giảm.*mất gói 3,2 %/)).toBeVisible();
  await expect(tile(/^Chân Mộng: Chưa xác minh hai chiều.*Đổ chuông/)).toBeVisible();
  await expect(tile(/^P\. Xuân Hòa: Chưa kiểm thử/)).toBeVisible();
  await expect(tile(/^Yên Kỳ: Không có dữ liệu/)).toBeVisible();
  await expect(tile(/^Lập Thạch: Đang họp/)).toBeVisible();
  await expect(tile(/^Yên Phú: Tạm ngừng theo kế hoạch/)).toBeVisible();
  await expect(tile(/^Tây Cốc: Sẵn sàng\. Tiếng và hình thông suốt hai chiều/)).toBeVisible();
});

test('puts the worst first inside a group', async ({ page }) => {
  const names = await page
    .getByRole('region', { name: /^Phú Thọ/ })
    .locator('.tile-name')
    .allTextContents();
  expect(names.slice(0, 8)).toEqual([
    'Đoan Hùng',
    'Thanh Thủy',
    'Dân Chủ',
    'P. Phú Thọ',
    'Chân Mộng',
    'Võ Miếu',
    'Yên Kỳ',
    'Bản Nguyên',
  ]);
});

test('counts the sites, and says that no session is planned', async ({ page }) => {
  const top = page.getByRole('banner');
  await expect(top).toContainText('134/150 điểm cầu');
  await expect(top).toContainText('Chưa có phiên họp');
  await expect(top.getByRole('img', { name: /^Trạng thái của 150 điểm cầu: Sẵn sàng 134, Đang họp 2/ })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Chú giải trạng thái' })).toContainText('Mất kết nối 5');
});

test('names the work: reason, since when, whom to phone', async ({ page, feed }) => {
  const row = page.getByRole('listitem').filter({ hasText: 'Thanh Thủy' });
  await expect(row).toContainText('Gọi được, không có tiếng và hình về (một chiều)');
  await expect(row).toContainText(/từ (\d\d\/\d\d )?\d\d:\d\d/);
  const phone = feed.endpoint('Xã Thanh Thủy').contactPhone;
  await expect(row.getByRole('link')).toHaveAttribute('href', `tel:${phone.replaceAll(' ', '')}`);
});

test('shows a change as it comes, and keeps it in the last ten minutes', async ({ page, feed }) => {
  const since = new Date().toISOString();
  feed.change('Xã Tây Cốc', { state: 'down', reason: 'signalling-hung', since });
  const tile = page.getByRole('main').getByRole('button', { name: /^Tây Cốc: Mất kết nối/ });
  await expect(tile).toBeVisible();
  const changes = page.getByRole('region', { name: '10 phút qua' });
  await expect(changes).toContainText('Tây Cốc mất kết nối: thiết bị treo');
  feed.change('Xã Tây Cốc', { state: 'ready', reason: 'ok', since });
  await expect(changes).toContainText('Tây Cốc sẵn sàng trở lại');
});

test('shows a cause that sites share once, outlines its members, and lets it go', async ({ page, feed }) => {
  const sites = ['Xã Tây Cốc', 'Xã Đoan Hùng', 'Xã Thanh Thủy'].map((name) => feed.endpoint(name));
  const cause = { kind: 'carrier', name: 'VNPT', trouble: 'failing' } as const;
  const incident = incidentOf({
    id: 'i',
    cause,
    members: sites.map(({ id }) => id),
    sites: sites.map(({ siteCode }) => siteCode),
  });
  feed.tellIncident(incident);
  const section = page.getByRole('region', { name: /^Sự cố chung/ });
  await expect(section).toContainText('Nhà mạng VNPT 3 điểm cầu, từ 07:00');
  await expect(section).toContainText('Gọi trực ban nhà mạng một lần');
  await expect(page.locator('.tile[data-incident]')).toHaveCount(3);
  feed.tellIncident({ ...incident, acknowledged: { by: 'Lan', note: 'đã báo', at: incident.openedAt }, state: 'acknowledged' });
  await expect(section).toContainText('Lan đã tiếp nhận. đã báo');
  feed.tellIncident({ ...incident, state: 'resolved', members: [], resolvedAt: incident.openedAt });
  await expect(section).toHaveCount(0);
  await expect(page.locator('.tile[data-incident]')).toHaveCount(0);
});

test('tells the verdict of the next session', async ({ page, feed }) => {
  const startsAt = new Date(Date.now() + 3_600_000).toISOString();
  const endsAt = new Date(Date.now() + 7_200_000).toISOString();
  const session = sessionOf({ id: 's', title: 'Họp giao ban', startsAt, endsAt });
  feed.tellSession({ ...session, verdict: 'AT_RISK', ready: 140, total: 148 });
  await expect(page.getByRole('banner')).toContainText('Họp giao ban');
  await expect(page.getByRole('banner')).toContainText('Có rủi ro140/148 điểm cầu của phiên');
});

test('keeps its one line on a small screen, however long the title of a session', async ({ page, feed }) => {
  await page.setViewportSize({ width: 1366, height: 768 });
  const startsAt = new Date(Date.now() + 30 * 3_600_000).toISOString();
  const endsAt = new Date(Date.now() + 32 * 3_600_000).toISOString();
  const title = 'Hội nghị trực tuyến toàn quốc ba cấp về phòng chống thiên tai và tìm kiếm cứu nạn năm 2026';
  feed.tellSession({ ...sessionOf({ id: 's', title, startsAt, endsAt }), verdict: 'AT_RISK', ready: 140, total: 148 });
  for (const language of ['VI', 'EN']) {
    await page.getByRole('button', { name: language, exact: true }).click();
    await expect(page.getByRole('banner').getByTitle(title)).toBeVisible();
    const banner = await page.getByRole('banner').boundingBox();
    const clock = await page.locator('.wall-clock').boundingBox();
    expect(clock && banner && clock.x + clock.width).toBeLessThanOrEqual(1366);
    expect(
      await page
        .getByRole('banner')
        .evaluate((line) => [line.scrollWidth - line.clientWidth, line.scrollHeight - line.clientHeight]),
    ).toEqual([0, 0]);
  }
});

test('follows sites that join and leave', async ({ page, feed }) => {
  const joined = { ...feed.endpoint('Xã Tây Cốc'), id: 'new-1', siteCode: 'new', siteName: 'Xã Mới' };
  feed.put(joined);
  await expect(page.locator('.tile')).toHaveCount(151);
  feed.remove('new-1');
  feed.remove('never-existed');
  await expect(page.locator('.tile')).toHaveCount(150);
});

test('speaks for a site with its better endpoint', async ({ page, feed }) => {
  feed.put({ ...feed.endpoint('Xã Đoan Hùng'), id: 'backup', ordinal: 2, state: 'ready', reason: 'ok' });
  await expect(page.locator('.tile')).toHaveCount(150);
  const name = /^Đoan Hùng: Sẵn sàng\. .*qua thiết bị dự phòng, thiết bị chính: mất kết nối/;
  await page.getByRole('main').getByRole('button', { name }).click();
  const panel = page.getByRole('dialog');
  await expect(panel).toContainText('Thiết bị chính');
  await expect(panel).toContainText('Thiết bị dự phòng 1');
});
