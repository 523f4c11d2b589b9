import { expect, test } from '@playwright/test';
import { fileURLToPath } from 'node:url';
import { chromiumIsMissing, MISSING_REASON } from '../fixtures/chromium.js';
import { Daemon } from '../fixtures/daemon.js';

test.skip(chromiumIsMissing, MISSING_REASON);

/** `SCREENSHOTS=1` renews it. */
const SCREENSHOT = fileURLToPath(new URL('../screenshots/lab.png', import.meta.url));
/** The first round of calls: 150 of at most 14 s, 24 at a time, beside everything else on the machine. */
const FIRST_ROUND_MS = 150_000;

/** What `config/lab-faults.yml` does to some sites, as their tiles tell it. */
const FAULTS = [
  { site: '05329', name: /: Mất kết nối, từ .*Máy bật, cổng gọi đóng/ },
  { site: '08545', name: /: Mất kết nối, từ .*Không phản hồi/ },
  { site: '04792', name: /: Đang họp, từ / },
];

let daemon: Daemon;
test.beforeAll(async () => {
  daemon = await Daemon.start();
});
test.afterAll(async () => {
  await daemon.stop();
});

test('the built daemon shows 150 simulated sites that come alive', async ({ page }) => {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });

  await page.goto(daemon.url);
  const tiles = page.locator('.tile');
  await expect(tiles).toHaveCount(150);
  await expect(page.getByText('DỮ LIỆU MÔ PHỎNG / simulated data')).toBeVisible();
  await expect(page.getByRole('banner')).toContainText('Chưa có phiên họp');

  const untestedAtFirst = await page.locator('.tile[data-state="untested"]').count();
  await expect
    .poll(() => page.locator('.tile[data-state="untested"]').count(), { timeout: FIRST_ROUND_MS })
    .toBeLessThan(Math.max(1, untestedAtFirst / 10));
  const ready = page
    .getByRole('main')
    .getByRole('button', { name: /: Sẵn sàng\. Tiếng và hình thông suốt hai chiều\. Hình về: tốt/ });
  await expect.poll(() => ready.count(), { timeout: FIRST_ROUND_MS }).toBeGreaterThan(75);
  for (const { site, name } of FAULTS) {
    await expect(page.locator(`.tile[data-site="${site}"]`)).toHaveAccessibleName(name, { timeout: FIRST_ROUND_MS });
  }
  await expect(page.locator('.frame')).toHaveAttribute('data-stale', 'false');

  if (process.env.SCREENSHOTS) await page.screenshot({ path: SCREENSHOT, animations: 'disabled' });
  expect(complaints).toEqual([]);
});

test('a check at once on a simulated site brings its results to the page', async ({ page }) => {
  await page.goto(daemon.url);
  await page.locator('.tile[data-state="ready"]').first().click();
  const panel = page.getByRole('dialog');
  await panel.getByRole('button', { name: 'Kiểm tra ngay' }).click();
  await expect(panel.getByRole('status')).toHaveText(/^Xong lúc \d\d:\d\d:\d\d: /, { timeout: 60_000 });
});
