import { barriers, THEMES, wear } from '../fixtures/accessibility.js';
import { expect, type Page, test } from '../fixtures/board-test.js';
import { ago, answerSite, flowing, good, points } from '../fixtures/site-api.js';

test('a site tells who it is, what its last call showed, and what is different from when it was well', async ({
  page,
  feed,
  complaints,
}) => {
  await answerSite(page);
  const { siteCode } = feed.endpoint('Xã Đoan Hùng');
  await page.goto(`${feed.url}/sites/${siteCode}`);
  await expect(page.getByRole('heading', { name: 'Xã Đoan Hùng' })).toBeVisible();
  const last = page.getByRole('region', { name: 'Lần gọi thử gần nhất' });
  await expect(last).toContainText('tiếng về không có');
  await expect(last).toContainText('300 gói · mất gói 2 % · dao động trễ 3,5 ms · 64 kbit/s');
  await expect(last).toContainText('hình về: trước tốt, nay không có');
  expect(complaints).toEqual([]);
});

test('the messages of the last failed call open to their text, and its path is shown', async ({ page, feed }) => {
  await answerSite(page);
  await page.goto(`${feed.url}/sites/${feed.endpoint('Xã Đoan Hùng').siteCode}`);
  const ladder = page.getByRole('region', { name: /Trình tự bản tin/ });
  await expect(ladder.getByRole('listitem')).toHaveCount(4);
  await ladder.getByText('200 OK', { exact: true }).click();
  await expect(ladder.getByText('SIP/2.0 200 OK')).toBeVisible();
  await expect(page.getByRole('region', { name: /Đường đi/ }).getByRole('listitem')).toHaveCount(2);
});

test('charts show a day, a week or a quarter, and the same as a table', async ({ page, feed }) => {
  const asked: URL[] = [];
  await answerSite(page, asked);
  await page.goto(`${feed.url}/sites/${feed.endpoint('Xã Đoan Hùng').siteCode}`);
  const charts = page.getByRole('region', { name: 'Diễn biến' });
  await expect(charts.locator('canvas')).toHaveCount(4);
  await charts.getByText('Xem dạng bảng').first().click();
  await expect(charts.getByRole('table', { name: /Trễ khứ hồi/ }).getByRole('row')).toHaveCount(25);
  await charts.getByRole('button', { name: '90 ngày' }).click();
  await expect(charts.getByRole('button', { name: '90 ngày' })).toHaveAttribute('aria-pressed', 'true');
  const days = (url: URL): number =>
    (Date.parse(url.searchParams.get('to') ?? '') - Date.parse(url.searchParams.get('from') ?? '')) / 86_400_000;
  await expect.poll(() => asked.some((url) => days(url) === 90)).toBe(true);
});

/** Where in the plot of the round trip, from 0 at its left to 1 at its right, something is drawn in this colour of the theme. */
const drawnAt = (page: Page, token: string): Promise<number[]> =>
  page
    .locator('.chart')
    .first()
    .evaluate((chart, name) => {
      const canvas = chart.querySelector('canvas');
      const plot = chart.querySelector('.u-over')?.getBoundingClientRect();
      const context = canvas?.getContext('2d');
      const inkOf = chart.ownerDocument.createElement('canvas').getContext('2d');
      const style = chart.ownerDocument.defaultView?.getComputedStyle(chart);
      if (!canvas || !plot || !context || !inkOf || !style) return [];
      inkOf.fillStyle = style.getPropertyValue(name).trim();
      inkOf.fillRect(0, 0, 1, 1);
      const ink = inkOf.getImageData(0, 0, 1, 1).data;
      const scale = canvas.width / canvas.getBoundingClientRect().width;
      const left = Math.round((plot.left - canvas.getBoundingClientRect().left) * scale);
      const width = Math.round(plot.width * scale);
      const { data, height } = context.getImageData(left, 0, width, canvas.height);
      const isInk = (pixel: number): boolean => [0, 1, 2].every((part) => Math.abs(data[pixel * 4 + part]! - ink[part]!) < 4);
      const columns = Array.from({ length: width }, (_, x) => x);
      return columns.filter((x) => Array.from({ length: height }).some((_, y) => isInk(y * width + x))).map((x) => x / width);
    }, token);
const isWithin = (from: number, to: number) => (place: number) => place > from && place < to;

test('hours without a result are a gap in the line, never a line across', async ({ page, feed }) => {
  await answerSite(page);
  const items = points.filter((_, hour) => hour < 8 || hour > 15);
  await page.route('**/api/v1/endpoints/*/series?*', (route) => route.fulfill({ json: { step: 'hour', items } }));
  await page.goto(`${feed.url}/sites/${feed.endpoint('Xã Đoan Hùng').siteCode}`);
  await expect.poll(async () => (await drawnAt(page, '--in-use')).some(isWithin(0.7, 0.9))).toBe(true);
  const line = await drawnAt(page, '--in-use');
  expect(line.some(isWithin(0.05, 0.25))).toBe(true);
  expect(line.filter(isWithin(0.31, 0.65))).toEqual([]);
});

test('sessions are shaded behind the line, and what is too much is a rule across', async ({ page, feed }) => {
  await answerSite(page);
  const session = { id: 's-1', title: 'Giao ban', startsAt: ago(12 * 60), endsAt: ago(6 * 60) };
  await page.route('**/api/v1/sessions?*', (route) => route.fulfill({ json: { items: [session], total: 1 } }));
  await page.goto(`${feed.url}/sites/${feed.endpoint('Xã Đoan Hùng').siteCode}`);
  await expect.poll(async () => (await drawnAt(page, '--in-use-bg')).length).toBeGreaterThan(0);
  const shaded = await drawnAt(page, '--in-use-bg');
  expect(Math.min(...shaded)).toBeCloseTo(0.5, 1);
  expect(Math.max(...shaded)).toBeCloseTo(0.75, 1);
  const rule = await drawnAt(page, '--degraded');
  expect([rule.some(isWithin(-1, 0.05)), rule.some(isWithin(0.95, 1))]).toEqual([true, true]);
  await expect(page.getByText('ngưỡng 300 ms')).toBeVisible();
});

test('a test by its key is told of step by step', async ({ page, feed }) => {
  await answerSite(page);
  const { siteCode, id, probes } = feed.endpoint('Xã Đoan Hùng');
  await page.goto(`${feed.url}/sites/${siteCode}`);
  await expect(page.getByRole('button', { name: 'Kiểm tra ngay' })).toBeEnabled();
  await page.keyboard.press('t');
  const status = page.locator('.check').getByRole('status');
  await expect(status).toHaveText('Đang kiểm tra: có 0/2 kết quả');
  await expect(page.getByRole('button', { name: 'Kiểm tra ngay' })).toBeDisabled();
  const pass = { result: 'pass', reason: 'ok', at: new Date().toISOString(), durationMs: 900 } as const;
  feed.change('Xã Đoan Hùng', { probes: { ...probes, icmp: pass } });
  await expect(status).toHaveText('Đang kiểm tra: có 1/2 kết quả');
  feed.change('Xã Đoan Hùng', {
    state: 'ready',
    reason: 'ok',
    checkedAt: pass.at,
    probes: { ...probes, icmp: pass, 'sip-call': pass },
  });
  await expect(status).toHaveText(/^Xong lúc \d\d:\d\d:\d\d: Sẵn sàng$/);
  expect(feed.checksAsked).toEqual([id]);
});

test('a room that meets by sound is not blamed for its picture', async ({ page, feed }) => {
  await answerSite(page);
  const signals = { ...flowing, videoIn: 'absent', videoOut: 'absent' } as const;
  const sound = { ...good, reason: 'audio-only', signals };
  await page.route('**/api/v1/endpoints/*/results?*probe=sip-call', (route) =>
    route.fulfill({ json: { items: [sound, good], total: 2 } }),
  );
  const needs = ['audioOut', 'audioIn'] as const;
  feed.change('Xã Đoan Hùng', { state: 'ready', reason: 'ok', profile: 'audio-only', needs, signals });
  await page.goto(feed.url);
  const tile = page.locator(`.tile[data-site="${feed.endpoint('Xã Đoan Hùng').siteCode}"]`);
  await expect(tile).toHaveAccessibleName(/: Sẵn sàng\. Tiếng thông suốt hai chiều\. Tiếng về: tốt, tiếng đi: tốt\./);
  await page.goto(`${feed.url}/sites/${feed.endpoint('Xã Đoan Hùng').siteCode}`);
  const last = page.getByRole('region', { name: 'Lần gọi thử gần nhất' });
  await expect(last.locator('.site-signal')).toHaveText([/tiếng về tốt/, /tiếng đi tốt/]);
  await expect(last).not.toContainText('hình');
});

test('a note of a phone call is kept under a name', async ({ page, feed }) => {
  await answerSite(page);
  let kept: unknown;
  await page.route('**/api/v1/sites/*/contact-log', async (route) => {
    kept = route.request().postDataJSON();
    await route.fulfill({ json: {} });
  });
  await page.goto(`${feed.url}/sites/${feed.endpoint('Xã Đoan Hùng').siteCode}`);
  await page.getByRole('button', { name: 'Ghi nội dung gọi điện' }).click();
  await page.keyboard.type('mất điện, 8:30 có lại');
  await page.locator('input[name="by"]').fill('Lan');
  await page.keyboard.press('Enter');
  await expect.poll(() => kept).toEqual({ by: 'Lan', note: 'mất điện, 8:30 có lại' });
});

test('on a phone nothing runs over the side', async ({ page, feed }) => {
  await page.setViewportSize({ width: 360, height: 780 });
  await answerSite(page);
  await page.goto(`${feed.url}/sites/${feed.endpoint('Xã Đoan Hùng').siteCode}`);
  await expect(page.locator('canvas').first()).toBeVisible();
  const widths = await page.locator('.page').evaluate((main) => [main.scrollWidth, main.clientWidth]);
  expect(widths[0]).toBeLessThanOrEqual(widths[1] ?? 0);
});

for (const theme of THEMES)
  test(`has no barriers in the ${theme} theme`, async ({ page, feed }) => {
    await wear(page, theme);
    await answerSite(page);
    await page.goto(`${feed.url}/sites/${feed.endpoint('Xã Đoan Hùng').siteCode}`);
    await expect(page.locator('canvas')).toHaveCount(4);
    expect(await barriers(page)).toEqual([]);
  });

test('a device that is called over H.323 is asked for by that', async ({ page, feed }) => {
  const asked: URL[] = [];
  await answerSite(page, asked);
  const probe = { result: 'pass', reason: 'ok', at: ago(5), durationMs: 6_000 } as const;
  feed.change('Xã Đoan Hùng', { probes: { 'h323-call': probe } });
  const over = { ...good, kind: 'h323-call', target: 'h323:10.0.0.1' };
  await page.route('**/api/v1/endpoints/*/results?*probe=h323-call', (route) =>
    route.fulfill({ json: { items: [over], total: 1 } }),
  );
  await page.goto(`${feed.url}/sites/${feed.endpoint('Xã Đoan Hùng').siteCode}`);
  await expect(page.getByRole('region', { name: 'Lần gọi thử gần nhất' })).toContainText('tiếng về tốt');
  await expect.poll(() => asked.some((url) => url.searchParams.get('probe') === 'h323-call')).toBe(true);
});
