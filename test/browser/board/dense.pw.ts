import { expect, type Page, test } from '../fixtures/board-test.js';
import { chromiumIsMissing, MISSING_REASON } from '../fixtures/chromium.js';
import { FeedServer } from '../fixtures/feed-server.js';
import { wallEndpoints } from '../fixtures/wall-endpoints.js';

test.skip(chromiumIsMissing, MISSING_REASON);

const SITES = 3_500;
const NAMES = 'Tây Cốc,Chân Mộng,Đoan Hùng,Bản Nguyên,Hiền Lương,Yên Kỳ,Võ Miếu,Vạn Xuân'.split(',');

/** 3,500 sites in 34 areas: a country. */
function country() {
  const [pattern] = wallEndpoints(Date.now()).filter(({ state }) => state === 'ready');
  if (!pattern) throw new Error('the fixture has no ready site');
  return Array.from({ length: SITES }, (_, index) => ({
    ...pattern,
    id: `n-${index}-1`,
    siteCode: `n-${index}`,
    siteName: `Xã ${NAMES[index % NAMES.length]} ${index}`,
    tier: 'commune' as const,
    area: `Khu vực ${String(index % 34).padStart(2, '0')}`,
  }));
}

/** Colour of the canvas of the first group near the left edge of its first tile, beside the name. */
const firstTileColour = (page: Page): Promise<number[]> =>
  page.evaluate(`(() => {
    const canvas = document.querySelector('.dense-tiles canvas');
    return [...canvas.getContext('2d').getImageData(30 * devicePixelRatio, 3 * devicePixelRatio, 1, 1).data];
  })()`);
const token = (page: Page, name: string): Promise<number[]> =>
  page.evaluate(`(() => {
    const hex = getComputedStyle(document.documentElement).getPropertyValue('${name}').trim();
    return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)).concat(255);
  })()`);

test.describe('3,500 sites', () => {
  let feed: FeedServer;
  test.beforeEach(async ({ page }) => {
    feed = new FeedServer(country());
    await feed.start();
    await page.goto(feed.url);
    await expect(page.locator('canvas[data-painted]').first()).toBeVisible();
  });
  test.afterEach(() => feed.stop());

  test('are painted by group, the counts in words, without an element for each', async ({ page, complaints }) => {
    await expect(page.getByRole('main').getByRole('heading', { level: 2 })).toHaveCount(34);
    await expect(page.getByRole('main').getByRole('heading').first()).toHaveText('Khu vực 00 103/103 sẵn sàng');
    await expect(page.getByRole('banner')).toContainText('3.500/3.500 điểm cầu');
    await expect(page.locator('.tile')).toHaveCount(0);
    expect(await firstTileColour(page)).toEqual(await token(page, '--ready-bg'));
    const painted = "document.querySelectorAll('canvas[data-painted]').length";
    expect(await page.evaluate(painted)).toBeLessThan(30);
    await page.locator('.group').last().scrollIntoViewIfNeeded();
    await expect(page.locator('.group').last().locator('canvas[data-painted]')).toHaveCount(1);
    expect(complaints).toEqual([]);
  });

  test('show a change as it comes, in both themes, and what a click finds there', async ({ page }) => {
    feed.change('Xã Đoan Hùng 34', { state: 'down', reason: 'no-answer' });
    feed.change('Xã Tây Cốc 0', { state: 'down', reason: 'no-answer' });
    await expect.poll(async () => firstTileColour(page)).toEqual(await token(page, '--down-bg'));
    await page.getByRole('button', { name: 'Nền sáng' }).click();
    await expect.poll(async () => firstTileColour(page)).toEqual(await token(page, '--down-bg'));
    const tiles = page.locator('.dense-tiles').first();
    await tiles.click({ position: { x: 100, y: 8 } });
    await expect(page.getByRole('dialog', { name: 'Xã Tây Cốc 0' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('button', { name: /^Tây Cốc 0: Mất kết nối/ })).toBeFocused();
  });

  test('are walked over with the arrow keys, each with its name', async ({ page }) => {
    const cursor = page.locator('.dense-cursor');
    await cursor.focus();
    const names = new Set([await cursor.getAttribute('aria-label')]);
    for (const key of [
      'ArrowRight',
      'ArrowDown',
      'ArrowDown',
      'ArrowDown',
      'ArrowDown',
      'ArrowDown',
      'ArrowLeft',
      'End',
      'Home',
    ]) {
      await page.keyboard.press(key);
      await expect(cursor).toBeFocused();
      names.add(await cursor.getAttribute('aria-label'));
    }
    expect(names.size).toBe(9);
    await page.keyboard.press('Home');
    await expect(cursor).toHaveAccessibleName(/: Sẵn sàng\. Tiếng và hình thông suốt hai chiều/);
    const code = await cursor.getAttribute('data-site');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toContainText(code ?? 'a code');
  });

  test('are searched', async ({ page }) => {
    await page.getByRole('searchbox').fill('doan hung 34');
    await expect(page.getByRole('status').filter({ hasText: /Tìm “doan hung 34”: \d+ điểm cầu/ })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('main').getByRole('heading').first()).toHaveText('Khu vực 00 103/103 sẵn sàng');
  });
});
