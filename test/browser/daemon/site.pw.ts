import { expect, type Locator, type Page, test } from '@playwright/test';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromiumIsMissing, MISSING_REASON } from '../fixtures/chromium.js';
import { Daemon } from '../fixtures/daemon.js';
import { Lab } from '../fixtures/lab.js';

test.skip(chromiumIsMissing, MISSING_REASON);

const SITES = [
  'site_code,site_name,tier,area,carrier,address,sip_uri,h323',
  'HN01,Phường Ba Đình,ward,Hà Nội,VNPT,127.52.0.1,sip:HN01@127.52.0.1,',
  'HN02,Xã Sóc Sơn,commune,Hà Nội,Viettel,127.52.0.2,,yes',
].join('\n');
/** Few sites are called often; the tests ask for a call where they need one. JSON is YAML. */
const SETTINGS = JSON.stringify({
  prober: { firstRoundSeconds: 1 },
  probes: { 'sip-call': { intervalSeconds: 30 }, 'h323-call': { intervalSeconds: 30 } },
});
/** A call is 8 s long, what it failed is confirmed by another one, and a machine too busy for calls puts them off. */
const CALLS_MS = 90_000;

let folder: string;
let lab: Lab;
let daemon: Daemon;
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'thong-suot-site-'));
  const [sites, settings] = [join(folder, 'sites.csv'), join(folder, 'monitor.yml')];
  await writeFile(sites, SITES);
  await writeFile(settings, SETTINGS);
  lab = await Lab.start(sites);
  daemon = await Daemon.start({ INVENTORY: sites, CONFIG: settings });
});
test.afterAll(async () => {
  await daemon?.stop();
  await lab?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The wall first: whoever looks into a site has seen its tile. */
async function seeTile(page: Page, code: string, name: RegExp): Promise<void> {
  await page.goto(daemon.url);
  await expect(page.locator(`.tile[data-site="${code}"]`)).toHaveAccessibleName(name, { timeout: CALLS_MS });
}

/** Nothing more comes from it from now on; the call that finds out is asked for, the next one of the routine may be 30 s away. */
async function breakSite(code: string): Promise<void> {
  await lab.breakSite(code, { fault: 'one-way-out' });
  const asked = await fetch(`${daemon.url}/api/v1/endpoints/${code}-1/checks`, { method: 'POST' });
  expect(asked.status).toBe(202);
}

async function openSite(page: Page, code: string): Promise<void> {
  await page.goto(`${daemon.url}/sites/${code}`);
  await expect(page.getByRole('button', { name: 'Kiểm tra ngay' })).toBeEnabled();
}

const state = (page: Page): Locator => page.locator('.site-state b');
/** Beside the button; there is another for announcements. */
const checkStatus = (page: Page): Locator => page.locator('.check').getByRole('status');
const lastCall = (page: Page): Locator => page.getByRole('region', { name: 'Lần gọi thử gần nhất' });
const difference = (page: Page): Locator => page.getByRole('heading', { name: /^Khác với lần đạt gần nhất/ });

/** Messages of the last failed call, of which each of these has one in this order. */
async function seeLadder(page: Page, summaries: readonly RegExp[]): Promise<void> {
  const rungs = page.getByRole('region', { name: /^Trình tự bản tin của lần gọi không đạt/ }).locator('li summary');
  await expect(rungs.first()).toBeVisible();
  const said = (await rungs.allTextContents()).join('\n');
  expect(said).toMatch(new RegExp(summaries.map(({ source }) => source).join('[^]*')));
}

test('a firewall that lets nothing out of a room is seen on its tile and understood on its page, and so is its end', async ({
  page,
}) => {
  await seeTile(page, 'HN01', /: Sẵn sàng\./);
  await breakSite('HN01');
  await seeTile(page, 'HN01', /Gọi được, không có tiếng và hình về \(một chiều\)/);

  await openSite(page, 'HN01');
  await expect(page.locator('.site-head')).toContainText('Gọi được, không có tiếng và hình về (một chiều)');
  await expect(lastCall(page).locator('.site-signal[data-signal="absent"]')).toHaveText([
    /hình về không có/,
    /tiếng về không có/,
  ]);
  await expect(lastCall(page).locator('.site-signal[data-signal="flowing"]')).toHaveText([/hình đi tốt/, /tiếng đi tốt/]);
  await expect(difference(page)).toBeVisible();
  await expect(lastCall(page)).toContainText('tiếng về: trước tốt, nay không có');
  await seeLadder(page, [/INVITE sip:HN01@127\.52\.0\.1/, /200 OK/, /ACK /, /BYE /]);

  await lab.mendSite('HN01');
  await page.keyboard.press('t');
  await expect(checkStatus(page)).toHaveText(/^Đang kiểm tra: có \d\/\d kết quả$/);
  await expect(checkStatus(page)).toHaveText(/^Xong lúc \d\d:\d\d:\d\d: /, { timeout: CALLS_MS });
  await expect(state(page)).toHaveText('Sẵn sàng', { timeout: CALLS_MS });
  await expect(difference(page)).toHaveCount(0);
  await expect(lastCall(page).locator('.site-signal[data-signal="flowing"]')).toHaveCount(4);
});

test('the same of an H.323 codec is shown with the messages of its call, in either language', async ({ page }) => {
  await seeTile(page, 'HN02', /: Sẵn sàng\./);
  await breakSite('HN02');
  await seeTile(page, 'HN02', /Gọi được, không có tiếng và hình về \(một chiều\)/);

  await openSite(page, 'HN02');
  await seeLadder(page, [
    /→SETUP/,
    /nhậnCONNECT/,
    /→request openLogicalChannel/,
    /→response openLogicalChannelAck/,
    /→RELEASE COMPLETE/,
  ]);
  await page.getByRole('button', { name: 'EN', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Last test call' })).toContainText('sound in none');
  await expect(page.getByRole('heading', { name: 'Xã Sóc Sơn' })).toBeVisible();
  await page.getByRole('button', { name: 'VI', exact: true }).click();
  await expect(lastCall(page)).toBeVisible();
});
