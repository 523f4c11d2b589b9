import { fileURLToPath } from 'node:url';
import { THEMES, wear } from '../fixtures/accessibility.js';
import { expect, type Page, test } from '../fixtures/board-test.js';
import { SessionApi, sessionAhead } from '../fixtures/session-api.js';
import { answerSite } from '../fixtures/site-api.js';

/** `SCREENSHOTS=1` renews those that the README shows; otherwise they are only taken, and left among the results. */
const FOLDER = process.env.SCREENSHOTS
  ? fileURLToPath(new URL('../screenshots/', import.meta.url))
  : fileURLToPath(new URL('../../../test-results/screenshots/', import.meta.url));

async function take(page: Page, name: string): Promise<void> {
  await page.evaluate('document.fonts.ready');
  const shot = await page.screenshot({ path: `${FOLDER}${name}.png`, animations: 'disabled' });
  expect(shot.length).toBeGreaterThan(20_000); // an empty page has 6 kB
}

test.beforeEach(async ({ page, feed }) => {
  const server = new SessionApi(feed, [sessionAhead()]);
  await server.answer(page);
  feed.monitor = { ...feed.monitor, simulated: true };
});

for (const theme of THEMES)
  test(`the wall in the ${theme} theme`, async ({ page, feed }) => {
    await wear(page, theme);
    await page.goto(feed.url);
    await expect(page.locator('.tile').first()).toBeVisible();
    await take(page, `wall-${theme}`);
  });

test('the page of a session', async ({ page, feed }) => {
  await page.goto(`${feed.url}/sessions/s-1`);
  await expect(page.getByRole('heading', { name: 'Chính phủ với các địa phương' })).toBeVisible();
  await expect(page.locator('.worklist, [class*="work"]').first()).toBeVisible();
  await take(page, 'session');
});

for (const { name, width, height } of [
  { name: 'site', width: 1366, height: 1280 },
  { name: 'site-phone', width: 390, height: 844 },
])
  test(`the page of a site, ${width} px wide`, async ({ page, feed }) => {
    await page.setViewportSize({ width, height });
    await answerSite(page);
    await page.goto(`${feed.url}/sites/${feed.endpoint('Xã Thanh Thủy').siteCode}`);
    await expect(page.getByRole('region', { name: 'Lần gọi thử gần nhất' })).toBeVisible();
    await expect(page.locator('canvas')).toHaveCount(4);
    await take(page, name);
  });
