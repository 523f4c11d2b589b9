import { barriers, THEMES, wear } from '../fixtures/accessibility.js';
import { expect, type Page, test } from '../fixtures/board-test.js';

const NOW = Date.now();
const ago = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();
const flowing = { audioIn: 'flowing', audioOut: 'flowing', videoIn: 'flowing', videoOut: 'flowing' };
const call = { kind: 'sip-call', target: 'sip:room@10.0.0.1', durationMs: 6_200 };
const good = { ...call, startedAt: ago(75), result: 'pass', reason: 'ok', signals: flowing, mos: 4.4 };
const bad = {
  ...{ ...call, startedAt: ago(5), result: 'fail', reason: 'one-way-in' },
  signals: { ...flowing, audioIn: 'absent', videoIn: 'absent' },
  media: { audioOut: { packets: 300, lossRatio: 0.02, jitterMs: 3.5, bitrateKbps: 64 } },
  evidence: {
    ladder: [
      { atMs: 0, direction: 'sent', summary: 'INVITE sip:room@10.0.0.1', text: 'INVITE sip:room@10.0.0.1 SIP/2.0' },
      { atMs: 21, direction: 'received', summary: '200 OK', text: 'SIP/2.0 200 OK' },
    ],
  },
};
const lostPing = {
  ...{ kind: 'icmp', target: '10.0.0.1', startedAt: ago(4), durationMs: 900, result: 'fail', reason: 'no-answer' },
  evidence: {
    trace: [
      { ttl: 1, address: '10.9.0.1', rttMs: 0.4 },
      { ttl: 2, address: null },
    ],
  },
};
const points = Array.from({ length: 24 }, (_, hour) => ({
  ...{ at: ago(60 * (24 - hour)), total: 12, lossRatio: 0.004, jitterMs: { mean: 1, max: 2 + hour } },
  ...{ rttMs: { median: 12 + hour, p95: 30 }, mos: { mean: 4.3, min: 4 } },
}));

/** The part of the API that the page reads; `asked` gathers the paths of the series. */
async function answer(page: Page, asked: URL[] = []): Promise<void> {
  await page.route('**/api/v1/endpoints/*/results?*', (route) => {
    const asks = new URL(route.request().url()).searchParams;
    const traced = asks.get('has') === 'trace' ? [lostPing] : [];
    return route.fulfill({ json: { items: asks.get('probe') === 'icmp' ? traced : [bad, good], total: 2 } });
  });
  await page.route('**/api/v1/endpoints/*/series?*', (route) => {
    asked.push(new URL(route.request().url()));
    return route.fulfill({ json: { step: 'hour', items: points } });
  });
  await page.route('**/api/v1/sessions?*', (route) => route.fulfill({ json: { items: [], total: 0 } }));
  await page.route('**/api/v1/incidents?*', (route) => route.fulfill({ json: { items: [], total: 0 } }));
  await page.route('**/api/v1/sites/*/contact-log?*', (route) => route.fulfill({ json: { items: [], total: 0 } }));
  const limit = (value: number) => ({ value, source: 'ITU-T' });
  const thresholds = { lossRatio: limit(0.01), jitterMs: limit(30), rttMs: limit(300), mos: limit(3.6) };
  await page.route('**/api/v1/health/thresholds', (route) =>
    route.fulfill({ json: { profiles: [{ name: 'video-room', thresholds }] } }),
  );
}

test('a site tells who it is, what its last call showed, and what is different from when it was well', async ({
  page,
  feed,
  complaints,
}) => {
  await answer(page);
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
  await answer(page);
  await page.goto(`${feed.url}/sites/${feed.endpoint('Xã Đoan Hùng').siteCode}`);
  const ladder = page.getByRole('region', { name: /Trình tự bản tin/ });
  await expect(ladder.getByRole('listitem')).toHaveCount(2);
  await ladder.getByText('200 OK', { exact: true }).click();
  await expect(ladder.getByText('SIP/2.0 200 OK')).toBeVisible();
  await expect(page.getByRole('region', { name: /Đường đi/ }).getByRole('listitem')).toHaveCount(2);
});

test('charts show a day, a week or a quarter, and the same as a table', async ({ page, feed }) => {
  const asked: URL[] = [];
  await answer(page, asked);
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

test('a note of a phone call is kept under a name', async ({ page, feed }) => {
  await answer(page);
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
  await answer(page);
  await page.goto(`${feed.url}/sites/${feed.endpoint('Xã Đoan Hùng').siteCode}`);
  await expect(page.locator('canvas').first()).toBeVisible();
  const widths = await page.locator('.page').evaluate((main) => [main.scrollWidth, main.clientWidth]);
  expect(widths[0]).toBeLessThanOrEqual(widths[1] ?? 0);
});

for (const theme of THEMES)
  test(`has no barriers in the ${theme} theme`, async ({ page, feed }) => {
    await wear(page, theme);
    await answer(page);
    await page.goto(`${feed.url}/sites/${feed.endpoint('Xã Đoan Hùng').siteCode}`);
    await expect(page.locator('canvas')).toHaveCount(4);
    expect(await barriers(page)).toEqual([]);
  });

test('a device that is called over H.323 is asked for by that', async ({ page, feed }) => {
  const asked: URL[] = [];
  await answer(page, asked);
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
