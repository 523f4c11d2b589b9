import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '../fixtures/board-test.js';
import { chromiumIsMissing, MISSING_REASON } from '../fixtures/chromium.js';

test.skip(chromiumIsMissing, MISSING_REASON);

test.beforeEach(async ({ page, feed }) => {
  await page.goto(feed.url);
  await expect(page.locator('.tile')).toHaveCount(150);
});

test('finds sites without diacritics; Escape shows all again', async ({ page }) => {
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type('tay coc');
  await expect(page.locator('.tile')).toHaveCount(1);
  await expect(page.locator('.tile-name')).toHaveText('Tây Cốc');
  await expect(page.getByRole('status').filter({ hasText: 'Tìm “tay coc”: 1 điểm cầu' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.locator('.tile')).toHaveCount(150);
});

test('finds what was merged by its former name', async ({ page }) => {
  await page.getByRole('searchbox').fill('huyen doan hung');
  await expect(page.locator('.tile')).toHaveCount(5);
  await expect(page.locator('.tile-name').filter({ hasText: 'Tây Cốc' })).toBeVisible();
});

test('finds sites by code, carrier and address', async ({ page, feed }) => {
  const { siteCode, address } = feed.endpoint('Xã Tây Cốc');
  for (const query of [siteCode, address]) {
    await page.getByRole('searchbox').fill(query);
    await expect(page.locator('.tile-name')).toHaveText(['Tây Cốc']);
  }
  await page.getByRole('searchbox').fill('khong co');
  await expect(page.getByText('Không có điểm cầu nào khớp.')).toBeVisible();
});

test('switches between Vietnamese and English, and remembers it', async ({ page }) => {
  await page.getByRole('button', { name: 'EN', exact: true }).click();
  await expect(page.getByRole('banner')).toContainText('No session scheduled');
  await expect(page.getByRole('main').getByRole('button', { name: /^Đoan Hùng: Down, since .*No answer/ })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await page.reload();
  await expect(page.getByRole('banner')).toContainText('No session scheduled');
  await page.getByRole('button', { name: 'VI', exact: true }).click();
  await expect(page.getByRole('banner')).toContainText('Chưa có phiên họp');
});

test('follows the theme of the system until a person chooses', async ({ page }) => {
  const html = page.locator('html');
  await expect(html).toHaveAttribute('data-theme', 'dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await expect(html).toHaveAttribute('data-theme', 'light');
  await page.getByRole('button', { name: 'Nền tối' }).click();
  await expect(html).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await expect(html).toHaveAttribute('data-theme', 'dark');
});

test('walks over the tiles with the arrow keys, opens and leaves a site', async ({ page }) => {
  const tiles = page.locator('.tile');
  await tiles.first().focus();
  await page.keyboard.press('ArrowRight');
  await expect(tiles.nth(1)).toBeFocused();
  await page.keyboard.press('ArrowDown');
  const focused = page.locator('.tile:focus');
  await expect(page.getByRole('region', { name: /^Hòa Bình/ }).locator('.tile:focus')).toHaveCount(1);
  const code = await focused.getAttribute('data-site');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(focused).toHaveAttribute('data-site', code ?? '');
});

test('groups by carrier or tier and orders by code, and remembers it', async ({ page }) => {
  const headings = page.getByRole('main').getByRole('heading');
  await page.getByText('Sắp xếp').click();
  await page.getByLabel('Nhóm theo').selectOption('carrier');
  await expect(headings).toHaveText([/^Trung ương và cấp tỉnh/, /^Viettel \d+\/\d+ sẵn sàng/, /^VNPT /]);
  await page.getByLabel('Thứ tự').selectOption('code');
  const codes = await page
    .getByRole('region', { name: /^VNPT/ })
    .locator('.tile')
    .evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('data-site') ?? ''));
  expect(codes.length).toBeGreaterThan(20);
  expect(codes).toEqual([...codes].sort((a, b) => a.localeCompare(b, 'vi')));
  await page.getByLabel('Nhóm theo').selectOption('tier');
  await expect(headings.first()).toHaveText(/^Trung ương 1?/);
  await page.reload();
  await expect(page.getByLabel('Nhóm theo')).toHaveValue('tier');
  await expect(page.getByLabel('Thứ tự')).toHaveValue('code');
  await expect(page.locator('.tile')).toHaveCount(150);
});

test('tests the chosen site with the key t, but not while somebody writes', async ({ page, feed }) => {
  await page.getByRole('searchbox').fill('t');
  expect(feed.checksAsked).toEqual([]);
  await page.keyboard.press('Escape');
  await page.locator('.tile', { hasText: 'Thanh Thủy' }).focus();
  await page.keyboard.press('t');
  await expect(page.getByRole('dialog', { name: 'Xã Thanh Thủy' })).toBeVisible();
  expect(feed.checksAsked).toEqual([feed.endpoint('Xã Thanh Thủy').id]);
});

test('lists its keys on ?, and gives the focus back', async ({ page }) => {
  await page.locator('.tile').nth(2).focus();
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Phím tắt' });
  await expect(help).toContainText('Kiểm tra ngay điểm cầu đang chọn');
  expect(await seriousViolations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(help).toHaveCount(0);
  await expect(page.locator('.tile').nth(2)).toBeFocused();
});

test('asks for a check and shows its result when it arrives', async ({ page, feed }) => {
  await page.locator('.tile', { hasText: 'Thanh Thủy' }).click();
  const panel = page.getByRole('dialog', { name: 'Xã Thanh Thủy' });
  await panel.getByRole('button', { name: 'Kiểm tra ngay' }).click();
  await expect(panel.getByRole('status')).toHaveText('Đang kiểm tra: có 0/2 kết quả');
  const before = feed.endpoint('Xã Thanh Thủy');
  expect(feed.checksAsked).toEqual([before.id]);
  const at = new Date().toISOString();
  const passed = { result: 'pass', reason: 'ok', at, durationMs: 10 } as const;
  feed.change('Xã Thanh Thủy', { probes: { ...before.probes, icmp: passed }, checkedAt: at });
  await expect(panel.getByRole('status')).toHaveText('Đang kiểm tra: có 1/2 kết quả');
  feed.change('Xã Thanh Thủy', { state: 'ready', reason: 'ok', probes: { icmp: passed, 'sip-call': passed }, checkedAt: at });
  await expect(panel.getByRole('status')).toHaveText(/^Xong lúc \d\d:\d\d:\d\d: Sẵn sàng$/);
});

test('says why a check was refused', async ({ page, feed }) => {
  feed.refuseChecks = { status: 503, detail: 'the prober is being restarted' };
  await page.locator('.tile', { hasText: 'Thanh Thủy' }).click();
  await page.getByRole('button', { name: 'Kiểm tra ngay' }).click();
  await expect(page.getByRole('dialog').getByRole('status')).toContainText('the prober is being restarted');
});

async function seriousViolations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.slice(0, 5).map((node) => `${id}: ${node.html.slice(0, 120)} ${node.any[0]?.message ?? ''}`),
    );
}

for (const colorScheme of ['dark', 'light'] as const) {
  test(`is accessible in the ${colorScheme} theme, with and without an open site`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    expect(await seriousViolations(page)).toEqual([]);
    await page.locator('.tile').nth(3).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await seriousViolations(page)).toEqual([]);
  });
}
