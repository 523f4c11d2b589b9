import { expect, test } from '../fixtures/board-test.js';

test('a page that is not there says so under the same frame, and leads back', async ({ page, feed, complaints }) => {
  await page.goto(`${feed.url}/`);
  await expect(page.locator('.tile').first()).toBeVisible();
  await page.evaluate("history.pushState(null, '', '/incidents/a/b')");
  await page.evaluate("dispatchEvent(new PopStateEvent('popstate'))");
  await expect(page.getByRole('heading', { name: 'Không có trang này.' })).toBeVisible();
  await expect(page.locator('.wall-clock')).toBeVisible();
  await page.getByRole('link', { name: 'Về bảng điểm cầu' }).click();
  await expect(page.locator('.tile').first()).toBeVisible();
  expect(new URL(page.url()).pathname).toBe('/');
  expect(complaints).toEqual([]);
});

test('a search on any other page leads to the page of a site', async ({ page, feed }) => {
  await page.goto(`${feed.url}/system`);
  await expect(page.locator('.wall-clock')).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('doan hung');
  const found = page.getByRole('list', { name: 'Tìm điểm cầu' }).getByRole('link');
  await expect(found).toHaveText([/^ ?Xã Đoan Hùng/, ...Array<RegExp>(4).fill(/\(tên cũ: Huyện Đoan Hùng\)/)]);
  await found.first().click();
  await expect(page).toHaveURL(new RegExp(`/sites/${feed.endpoint('Xã Đoan Hùng').siteCode}$`));
  await expect(page.getByRole('heading', { name: 'Xã Đoan Hùng' })).toBeVisible();
});
