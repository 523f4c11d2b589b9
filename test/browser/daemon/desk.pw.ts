import { expect, type Page, test } from '@playwright/test';
import { AXE_TIMEOUT_MS, barriers, THEMES, wear } from '../fixtures/accessibility.js';
import { chromiumIsMissing, MISSING_REASON } from '../fixtures/chromium.js';
import { Daemon } from '../fixtures/daemon.js';

test.skip(chromiumIsMissing, MISSING_REASON);

/** A failure of the lab is confirmed by a second round before anybody is told of it. */
const INCIDENT_MS = 90_000;
const COLUMNS = ['siteCode', 'siteName', 'tier', 'area', 'carrier', 'address', 'sipUri', 'note'] as const;
/** Their first heading is a name, the same in every language. */
const NAMED_BY_PEOPLE = /^\/(sites|sessions)\/./;
const HEADER = 'site_code,site_name,tier,area,carrier,address,sip_uri,note';
type Record = { [Name in (typeof COLUMNS)[number]]: string | null } & { id: string };

let daemon: Daemon;
test.beforeAll(async () => {
  daemon = await Daemon.start();
});
test.afterAll(async () => {
  await daemon.stop();
});

async function fetchJson<T>(path: string, body?: object): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const init = body && { method: 'POST', headers, body: JSON.stringify(body) };
  return (await (await fetch(`${daemon.url}/api/v1${path}`, init)).json()) as T;
}

const inventory = async (): Promise<Record[]> => (await fetchJson<{ items: Record[] }>('/inventory')).items;
const csv = (records: readonly Record[]): string =>
  [HEADER, ...records.map((record) => COLUMNS.map((column) => `"${record[column] ?? ''}"`).join(','))].join('\n');
const choose = (page: Page, name: string, text: string): Promise<void> =>
  page.getByLabel('Tệp CSV (UTF-8) hoặc XLSX').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

test('a file with errors changes nothing and tells where; corrected, its differences are shown and then applied', async ({
  page,
}) => {
  const before = await inventory();
  await page.goto(`${daemon.url}/inventory`);
  await expect(page.getByText(`trong ${before.length} thiết bị`)).toBeVisible();
  const [first, second, ...others] = before;
  if (!first || !second) throw new Error('the example inventory is empty');
  await choose(page, 'sai.csv', csv([{ ...first, address: '10.0.0.256' }, second, ...others]));
  await expect(page.getByText('Tệp có 1 lỗi, không có gì được thay đổi.')).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'Dòng 2' })).toContainText('Địa chỉ IP: tìm thấy “10.0.0.256”.');
  await expect(page.getByRole('button', { name: /^Áp dụng/ })).toBeHidden();
  expect(await inventory()).toEqual(before);

  const corrected = [{ ...first, note: 'phòng họp tầng 2' }, ...others];
  await choose(page, 'dung.csv', csv(corrected));
  await expect(page.getByText(/^Sẽ thêm 0, đổi \d+, bỏ 1, giữ nguyên \d+ thiết bị\.$/)).toBeVisible();
  expect(await inventory()).toEqual(before);
  await page.getByRole('button', { name: 'Áp dụng dung.csv' }).click();
  await expect(page.getByText(/^Đã thêm 0, đổi \d+, bỏ 1/)).toBeVisible();
  const after = await inventory();
  expect(after.map(({ id }) => id)).toEqual(before.filter(({ id }) => id !== second.id).map(({ id }) => id));
  expect(after[0]).toMatchObject({ id: first.id, note: 'phòng họp tầng 2' });
  await expect(page.getByText(`trong ${after.length} thiết bị`)).toBeVisible();
});

test('a selection is paused until a moment, its tiles say so, and it is resumed', async ({ page }) => {
  await page.goto(`${daemon.url}/inventory`);
  const paused = page.getByRole('row').filter({ hasText: 'Tạm ngừng theo kế hoạch' });
  const rows = page.getByRole('table').getByRole('row');
  for (const index of [1, 2, 3]) await rows.nth(index).getByRole('checkbox').check();
  await page.getByLabel('Người thực hiện').fill('Lan');
  await page.getByRole('button', { name: 'Tạm ngừng', exact: true }).click();
  await expect(page.getByText(/^Đã tạm ngừng 3 thiết bị đến /)).toBeVisible();
  await expect(paused).toHaveCount(3);
  await expect(page.getByRole('region', { name: /^Kế hoạch tạm ngừng/ }).getByText('đang hiệu lực')).toHaveCount(3);
  for (const index of [1, 2, 3]) await rows.nth(index).getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Theo dõi lại' }).click();
  await expect(page.getByText('Đã kết thúc 3 lần tạm ngừng.')).toBeVisible();
  await expect(paused).toHaveCount(0);
});

test('an incident that the lab made is acknowledged by name, and its history says so', async ({ page }) => {
  test.setTimeout(INCIDENT_MS + 30_000);
  await page.goto(`${daemon.url}/incidents`);
  const open = page.getByRole('region', { name: /^Đang mở/ }).getByRole('link');
  await open.first().click({ timeout: INCIDENT_MS });
  const details = page.getByRole('article');
  await details.getByLabel('Người thực hiện').fill('Lan');
  await details.getByLabel(/^Ghi chú/).fill('đã gọi đầu mối');
  await details.getByRole('button', { name: 'Tiếp nhận' }).click();
  await expect(details.getByText('Lan đã tiếp nhận. đã gọi đầu mối')).toBeVisible();
  await expect(details.getByRole('region', { name: 'Diễn biến' })).toContainText('Tiếp nhận Lan · đã gọi đầu mối');
});

test('the monitor tells of itself, and its calls are stopped and let go on after a question', async ({ page }) => {
  await page.goto(`${daemon.url}/system`);
  await expect(page.getByRole('region', { name: 'Bộ đo' })).toContainText('đang chạy');
  await expect(page.getByRole('region', { name: 'Cơ sở dữ liệu' })).toContainText('hoạt động');
  await page.getByRole('button', { name: 'Dừng mọi cuộc gọi thử' }).click();
  await page.getByLabel('Người thực hiện').fill('Lan');
  await page.getByRole('button', { name: 'Dừng', exact: true }).click();
  await expect(page.getByText(/^Lan đã dừng mọi cuộc gọi thử từ /)).toBeVisible();
  await page.getByRole('button', { name: 'Cho gọi thử trở lại' }).click();
  await page.getByRole('button', { name: 'Gọi thử trở lại', exact: true }).click();
  await expect(page.getByText('Cuộc gọi thử đang chạy bình thường.')).toBeVisible();
});

test('no view has barriers in either theme, and each speaks the other language at once', async ({ page }) => {
  test.setTimeout(AXE_TIMEOUT_MS * 2);
  const [first] = await inventory();
  const open = async () => (await fetchJson<{ items: { id: string }[] }>('/incidents?state=open')).items;
  await expect.poll(async () => (await open()).length, { timeout: INCIDENT_MS }).toBeGreaterThan(0);
  const items = await open();
  const at = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();
  const session = await fetchJson<{ id: string }>('/sessions', {
    ...{ title: 'Giao ban', startsAt: at(2), endsAt: at(3), participants: { tiers: ['central', 'province'] } },
  });
  const views = [
    ...['/inventory', '/system', '/sessions', `/sessions/${session.id}`, `/incidents/${items[0]?.id}`],
    `/sites/${encodeURIComponent(first?.siteCode ?? '')}`,
  ];
  const found: string[] = [];
  for (const view of views) {
    await page.goto(daemon.url + view);
    await expect(page.locator('main[aria-busy="false"]')).toBeVisible();
    for (const theme of THEMES) {
      await wear(page, theme);
      found.push(...(await barriers(page, 'main')).map((barrier) => `${view} ${theme}: ${barrier}`));
    }
    const heading = page.getByRole('main').getByRole('heading').first();
    const inVietnamese = await heading.textContent();
    await page.getByRole('button', { name: 'EN', exact: true }).click();
    if (!NAMED_BY_PEOPLE.test(view)) await expect(heading).not.toHaveText(inVietnamese ?? '');
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await page.getByRole('button', { name: 'VI', exact: true }).click();
  }
  expect(found).toEqual([]);
});
