import { expect, test } from '../fixtures/board-test.js';
import { chromiumIsMissing, MISSING_REASON } from '../fixtures/chromium.js';

const opacityOf = "getComputedStyle(document.querySelector('main')).opacity";

test.skip(chromiumIsMissing, MISSING_REASON);

test.beforeEach(async ({ page, feed }) => {
  await page.goto(feed.url);
  await expect(page.locator('.tile')).toHaveCount(150);
});

test('greys the whole page when the server is gone, and recovers by itself', async ({ page, feed }) => {
  await feed.stop();
  await expect(page.getByRole('alert')).toContainText(/Mất kết nối với máy chủ giám sát từ \d\d:\d\d:\d\d/);
  expect(Number(await page.evaluate(opacityOf))).toBeLessThan(1);
  await expect(page.locator('.tile')).toHaveCount(150);
  await feed.start();
  await expect(page.getByRole('alert')).toBeEmpty();
  expect(Number(await page.evaluate(opacityOf))).toBe(1);
});

test('greys the page when the connection stands but nothing comes', async ({ page, feed }) => {
  feed.fallSilent();
  await expect(page.getByRole('alert')).toContainText('Mất kết nối với máy chủ giám sát', { timeout: 15_000 });
});

test('asks for a snapshot when a delta was lost, and shows what it missed', async ({ page, feed }) => {
  expect(feed.resyncs).toBe(0);
  feed.loseDelta();
  feed.change('Xã Tây Cốc', { state: 'down', reason: 'no-answer' });
  await expect(page.getByRole('main').getByRole('button', { name: /^Tây Cốc: Mất kết nối/ })).toBeVisible();
  expect(feed.resyncs).toBe(1);
});

test('says that the data are simulated, and only then', async ({ page, feed }) => {
  const banner = page.getByText('DỮ LIỆU MÔ PHỎNG / simulated data');
  await expect(banner).toBeVisible();
  feed.setMonitor({ simulated: false });
  await expect(banner).toHaveCount(0);
});

test('says when the monitor itself is not well', async ({ page, feed }) => {
  feed.setMonitor({ prober: 'restarting', database: 'down' });
  await expect(page.getByText(/^Bộ đo đang khởi động lại/)).toBeVisible();
  await expect(page.getByText(/^Cơ sở dữ liệu không hoạt động/)).toBeVisible();
  await expect(page.locator('.tile').last()).toBeInViewport();
});

test('fetches nothing from elsewhere and runs nothing inline', async ({ page, feed, complaints }) => {
  const foreign: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(feed.url)) foreign.push(request.url());
  });
  await page.reload();
  await expect(page.locator('.tile')).toHaveCount(150);
  const loadedFonts =
    "document.fonts.ready.then(() => [...document.fonts].filter((font) => font.status === 'loaded').map((font) => font.weight))";
  expect(await page.evaluate(loadedFonts)).toEqual(['400', '500', '600', '700']);
  expect([foreign, complaints]).toEqual([[], []]);
});
