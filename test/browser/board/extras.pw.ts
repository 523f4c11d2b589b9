import { incidentOf } from '../../../src/web/testing/incident.js';
import { sessionOf } from '../../../src/web/testing/session.js';
import { expect, test } from '../fixtures/board-test.js';
import { chromiumIsMissing, MISSING_REASON } from '../fixtures/chromium.js';

test.skip(chromiumIsMissing, MISSING_REASON);

test.beforeEach(async ({ page, feed }) => {
  await page.addInitScript(
    'window.tones = 0; window.OscillatorNode = class extends OscillatorNode { start(at) { window.tones += 1; super.start(at); } };',
  );
  await page.goto(feed.url);
  await expect(page.locator('.tile')).toHaveCount(150);
});

test('shows the sites on a map beside the tiles, by b, and opens what is clicked', async ({ page, feed, complaints }) => {
  const map = page.getByRole('region', { name: 'Bản đồ điểm cầu' });
  await expect(map).toHaveCount(0);
  await page.keyboard.press('b');
  await expect(map.getByRole('img', { name: /^Vị trí của 150 điểm cầu, 13 cần xử lý/ })).toBeVisible();
  await expect(map.locator('canvas')).toHaveAttribute('data-marks', '150');
  const last = await page.locator('.tile').last().boundingBox();
  const footer = await page.getByRole('contentinfo').boundingBox();
  expect(last && footer && last.y + last.height <= footer.y).toBe(true);
  feed.put({ ...feed.endpoint('Xã Tây Cốc'), lat: null, lon: null });
  await expect(map).toContainText('1 điểm cầu chưa có tọa độ');
  // one alone lies in the middle of the map
  const { id } = feed.endpoint('Xã Đoan Hùng');
  for (const view of feed.all()) if (view.id !== id) feed.put({ ...view, lat: null, lon: null });
  await expect(map.locator('canvas')).toHaveAttribute('data-marks', '1');
  await map.locator('canvas').click();
  await expect(page.getByRole('dialog', { name: 'Xã Đoan Hùng' })).toBeVisible();
  await page.reload();
  await expect(map).toBeVisible();
  await page.getByRole('button', { name: 'Bản đồ' }).click();
  await expect(map).toHaveCount(0);
  expect(complaints).toEqual([]);
});

test('is silent about incidents until a person wants to hear of them, and then tells each once', async ({ page, feed }) => {
  const tones = (): Promise<number> => page.evaluate('window.tones');
  const section = page.getByRole('region', { name: /^Sự cố chung/ });
  feed.tellIncident(incidentOf({ id: 'a', cause: { kind: 'carrier', name: 'VNPT', trouble: 'failing' } }));
  await expect(section).toContainText('Nhà mạng VNPT');
  expect(await tones()).toBe(0);
  await page.getByRole('button', { name: 'Âm báo: tắt' }).click();
  const viettel = incidentOf({ id: 'b', cause: { kind: 'carrier', name: 'Viettel', trouble: 'failing' } });
  feed.tellIncident(viettel);
  await expect.poll(tones).toBe(2);
  feed.tellIncident({ ...viettel, sites: ['x'] });
  await expect(section).toContainText('1 điểm cầu');
  expect(await tones()).toBe(2);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Âm báo: bật' })).toBeVisible();
});

test('keeps the open site in the address', async ({ page, feed }) => {
  const { siteCode } = feed.endpoint('Xã Thanh Thủy');
  await page.locator('.tile', { hasText: 'Thanh Thủy' }).click();
  await expect(page).toHaveURL(`${feed.url}/?site=${siteCode}`);
  await page.reload();
  await expect(page.getByRole('dialog', { name: 'Xã Thanh Thủy' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(`${feed.url}/`);
});

test('leads on: to the page of a site, of an incident, of the session', async ({ page, feed }) => {
  const [startsAt, endsAt] = [1, 2].map((hours) => new Date(Date.now() + hours * 3_600_000).toISOString()) as [string, string];
  feed.tellSession(sessionOf({ id: 's-1', title: 'Họp giao ban', startsAt, endsAt }));
  feed.tellIncident(incidentOf({ id: 'i-1', cause: { kind: 'carrier', name: 'VNPT', trouble: 'failing' } }));
  await expect(page.getByRole('link', { name: 'Họp giao ban' })).toHaveAttribute('href', '/sessions/s-1');
  await expect(page.getByRole('link', { name: 'Nhà mạng VNPT' })).toHaveAttribute('href', '/incidents/i-1');
  await page.locator('.tile', { hasText: 'Thanh Thủy' }).click();
  await page.getByRole('link', { name: 'Trang của điểm cầu' }).click();
  await expect(page).toHaveURL(`${feed.url}/sites/${feed.endpoint('Xã Thanh Thủy').siteCode}`);
});
