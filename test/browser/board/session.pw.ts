import type { CheckpointView } from '../../../src/sessions/readiness-view.js';
import { AXE_TIMEOUT_MS, barriers, THEMES, wear } from '../fixtures/accessibility.js';
import { test as base, expect, type Page } from '../fixtures/board-test.js';
import { chromiumIsMissing, MISSING_REASON } from '../fixtures/chromium.js';
import { SessionApi, sessionAhead } from '../fixtures/session-api.js';

base.skip(chromiumIsMissing, MISSING_REASON);

/** A session of 150 sites on a server of its own, its page open. */
const test = base.extend<{ server: SessionApi }>({
  server: async ({ page, feed }, use) => {
    const server = new SessionApi(feed, [sessionAhead()]);
    server.checkpoints = checkpoints(Date.parse(server.session.startsAt));
    await server.answer(page);
    await use(server);
  },
});

const MINUTE_MS = 60_000;

/** Missed and caught up; running; one that cannot be done in time. */
function checkpoints(startsMs: number): CheckpointView[] {
  const at = (minutesBefore: number): string => new Date(startsMs - minutesBefore * MINUTE_MS).toISOString();
  const nothing = {
    late: false,
    coveredBy: null,
    finishedAt: null,
    done: 0,
    passed: 0,
    failed: 0,
    called: 0,
    verdict: null,
    counts: null,
  };
  return [
    {
      ...{ ...nothing, checkpoint: 'PT2H', state: 'missed', suite: 'full', plannedAt: at(120), startsAt: at(120), total: 0 },
      ...{ predictedFinish: null, finishBy: null, canFinish: null, late: true, coveredBy: 'PT60M' },
    },
    {
      ...{ ...nothing, checkpoint: 'PT60M', state: 'running', suite: 'full', plannedAt: at(60), startsAt: at(58), total: 600 },
      ...{
        predictedFinish: at(54),
        finishBy: at(50),
        canFinish: true,
        done: 300,
        passed: 280,
        failed: 20,
        called: 90,
        late: true,
      },
    },
    {
      ...{ ...nothing, checkpoint: 'PT30M', state: 'planned', suite: 'full', plannedAt: at(30), startsAt: at(31), total: 600 },
      ...{ predictedFinish: at(8), finishBy: at(10), canFinish: false },
    },
  ];
}

const open = async (page: Page, url: string): Promise<void> => {
  await page.goto(`${url}/sessions/s-1`);
  await expect(page.getByRole('heading', { name: 'Chính phủ với các địa phương', level: 2 })).toBeVisible();
};

test('tells whether the session may be held, and how its checkpoints go', async ({ page, feed, server, complaints }) => {
  server.differences = {
    since: { sessionId: 's-0', at: new Date(Date.now() - 86_400_000).toISOString() },
    worse: [{ siteCode: feed.endpoint('Xã Đoan Hùng').siteCode, was: 'ready', is: 'notReady' }],
    ...{ better: [], joined: [], left: [] },
  };
  await open(page, feed.url);
  const readiness = server.readiness();
  expect(readiness.verdict).toBe('AT_RISK');
  await expect(page.getByText('CÓ RỦI RO')).toBeVisible();
  await expect(page.locator('.verdict-count')).toContainText(`${readiness.ready}/150`);
  const timeline = page.getByRole('region', { name: 'Các lượt kiểm thử' }).getByRole('listitem');
  await expect(timeline.nth(0)).toContainText('Bỏ lỡ; lượt trước 60 phút đã chạy bù.');
  await expect(timeline.nth(1)).toContainText('300/600, 280 đạt, 20 không đạt');
  await expect(timeline.nth(1)).toContainText('Bắt đầu muộn.');
  await expect(timeline.nth(2)).toContainText('Không kịp xong trước');
  await page.getByRole('button', { name: 'nhà mạng' }).click();
  await expect(page.getByRole('row', { name: /^VNPT \d+\/\d+/ })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Khác lần họp tốt gần nhất' })).toContainText(
    'Xã Đoan Hùng lần đó sẵn sàng, nay mất kết nối',
  );
  await page.getByRole('button', { name: 'EN' }).click();
  await expect(page.getByText('AT RISK', { exact: true })).toBeVisible();
  expect(complaints).toEqual([]);
});

test('follows the feed: what it tells of the session brings the list anew', async ({ page, feed, server }) => {
  await open(page, feed.url);
  const items = page.locator('.work-item');
  await expect(items).toHaveCount(server.readiness().sites.filter((site) => site.class !== 'ready').length);
  const before = await items.count();
  feed.change('Xã Đoan Hùng', { state: 'ready', reason: 'ok' });
  feed.tellSession({ ...server.session, ready: 1 });
  await expect(items).toHaveCount(before - 1);
});

test('notes a phone call with one key, and tests one, the ticked, and all that are red', async ({ page, feed, server }) => {
  await open(page, feed.url);
  const first = page.locator('.work-item').first();
  await expect(first.getByRole('link', { name: /^Gọi đầu mối/ })).toHaveAttribute('href', /^tel:0/);
  const code = await first.getAttribute('data-site');
  await page.keyboard.press('l');
  await page.getByLabel('Nội dung đã trao đổi').fill('mất điện, có lại 07:30');
  await page.locator('.contact-form').getByLabel('Người thực hiện').fill('Lan');
  await page.keyboard.press('Enter');
  await expect(first.getByRole('list', { name: 'Đã trao đổi' })).toContainText('mất điện, có lại 07:30');
  expect(server.posted).toMatchObject([
    { path: `/sites/${code}/contact-log`, body: { by: 'Lan', note: 'mất điện, có lại 07:30' } },
  ]);

  await expect(first).toBeFocused();
  await page.keyboard.press('t');
  await expect
    .poll(() => server.posted.at(-1))
    .toMatchObject({ path: '/sessions/s-1/retest', body: { sites: [code], override: true } });
  await expect(page.locator('.retest-line')).toContainText('0/2 kết quả. Còn 00:00:');
  const view = feed.views().find(({ siteCode }) => siteCode === code);
  if (!view) throw new Error('the first row is of no site');
  const at = new Date(Date.now() + 1_000).toISOString();
  const passed = { result: 'pass', reason: 'ok', at, durationMs: 1 } as const;
  feed.put({ ...view, probes: { icmp: passed, 'sip-call': passed } });
  await expect(page.locator('.retest-line')).toContainText('đã kiểm xong, 2/2 kết quả');

  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('x');
  const second = await page.locator('.work-item:focus').getAttribute('data-site');
  expect(second).not.toBe(code);
  await page.getByRole('button', { name: 'Kiểm lại 1 điểm đã chọn' }).click();
  await expect.poll(() => server.posted.at(-1)?.body).toEqual({ sites: [second], override: false });
  await page.keyboard.press('Shift+T');
  await expect.poll(() => server.posted.at(-1)?.body).toEqual({ red: true });
});

test('says why a test was refused', async ({ page, feed, server }) => {
  await open(page, feed.url);
  await expect(page.locator('.work-item').first()).toBeVisible();
  server.refuse = { status: 503, problem: { detail: 'the prober is being restarted' } };
  await page.keyboard.press('T');
  await expect(page.locator('.retests')).toContainText('the prober is being restarted');
});

test('calls the roll by keyboard: marks, undo, what a call suggests, and what the server refuses', async ({
  page,
  feed,
  server,
}) => {
  server.suggestion = { mark: 'present', at: new Date(Date.now() - MINUTE_MS).toISOString(), endpointId: 'x' };
  await open(page, feed.url);
  await page.getByRole('button', { name: 'Điểm danh' }).click();
  const name = page.locator('.roll-name h3');
  const names = feed
    .views()
    .slice(0, 6)
    .map(({ siteName }) => siteName);
  await expect(name).toHaveText(names[0] ?? '');
  await page.keyboard.press('1');
  await expect(name).toHaveText(names[1] ?? '');
  await page.keyboard.press('v');
  await expect(name).toHaveText(names[2] ?? '');
  await page.keyboard.press('u');
  await expect(name).toHaveText(names[1] ?? '');
  await page.keyboard.press('2');
  await page.keyboard.press('s');
  await expect(name).toHaveText(names[3] ?? '');
  await expect.poll(() => server.marks.map(({ mark }) => mark)).toEqual(['present', 'absent', 'undo', 'late', 'present']);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('list', { name: 'Các lần ghi' }).getByRole('listitem')).toHaveText([
    /Vắng mặt · tổ trực/,
    /Bỏ lần ghi trước/,
    /Vào muộn/,
  ]);
  await expect(page.getByRole('list', { name: 'Tổng hợp điểm danh' })).toContainText('3 chưa điểm danh');

  await page.keyboard.press('n');
  server.refuse = { status: 503, problem: { detail: 'the database is away' } };
  await page.keyboard.press('3');
  await expect(page.getByRole('main').getByRole('alert')).toContainText(
    `${names[3]} Máy chủ tạm thời chưa làm được, hãy thử lại sau (the database is away)`,
  );
  await expect(name).toHaveText(names[3] ?? '');
  await page.keyboard.press('Escape');
  await expect(page.getByText('CÓ RỦI RO')).toBeVisible();
});

test('is signed off by name, and shows the picture frozen at the start', async ({ page, feed, server }) => {
  const startsAt = new Date(Date.now() - 10 * MINUTE_MS).toISOString();
  server.sessions = [sessionAhead({ startsAt, connectBy: startsAt })];
  feed.sessions = server.sessions;
  const picture = { session: {}, readiness: { verdict: 'GO', ready: 150, total: 150 } };
  server.snapshot = { sessionId: 's-1', takenAt: startsAt, sha256: 'ab'.repeat(32), picture };
  await open(page, feed.url);
  const signing = page.getByRole('region', { name: 'Ký xác nhận' });
  await signing.getByLabel('Người thực hiện').fill('Nguyễn Văn An');
  await signing.getByLabel('Ghi chú').fill('148/150, hai điểm qua điện thoại');
  await signing.getByRole('button', { name: 'Ký xác nhận' }).click();
  await expect(signing.getByRole('listitem')).toContainText('Nguyễn Văn An');
  await expect(signing.getByRole('listitem')).toContainText('148/150, hai điểm qua điện thoại');
  feed.tellSession({ ...server.session, revision: 4 });
  await expect(signing).toContainText('phiên đã được sửa sau khi ký');
  const frozen = page.getByRole('region', { name: 'Ảnh chụp lúc bắt đầu' });
  await expect(frozen).toContainText('ĐỦ ĐIỀU KIỆN HỌP, 150/150 sẵn sàng.');
  await expect(frozen).toContainText('ab'.repeat(32));
});

test('shows who can be displayed in big letters, and prints the roster alone', async ({ page, feed, server }) => {
  await open(page, feed.url);
  await page.getByRole('button', { name: 'Danh sách lên hình' }).click();
  const ready = server.readiness().ready;
  await expect(page.getByRole('list', { name: 'điểm cầu lên hình được' }).getByRole('listitem')).toHaveCount(ready);
  await expect(page.getByText(`Chưa lên hình được: ${150 - ready}`)).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'In danh sách' }).click();
  await expect(page.locator('.roster tbody tr')).toHaveCount(150);
  await expect(page.locator('.wall-clock')).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('.wall-clock')).toBeHidden();
  await expect(page.getByRole('button', { name: 'In', exact: true })).toBeHidden();
  await expect(page.getByRole('row', { name: /Xã Đoan Hùng/ })).toBeVisible();
  const pages = (await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  expect(pages).toBeGreaterThan(2);
  await page.emulateMedia({ media: null });
  await page.goBack();
  await expect(page.getByText('CÓ RỦI RO')).toBeVisible();
});

test('says that a session is not there', async ({ page, feed, server }) => {
  await page.route('**/api/v1/sessions/other', (route) =>
    route.fulfill({ status: 404, json: { title: 'Not Found', status: 404 } }),
  );
  expect(server.session.id).not.toBe('other');
  await page.goto(`${feed.url}/sessions/other`);
  await expect(page.getByRole('main').getByRole('alert')).toContainText('Không có phiên họp này.');
});

for (const theme of THEMES) {
  test(`has no barriers in the ${theme} theme: the desk, the roll-call, the lists`, async ({ page, feed, server }) => {
    test.setTimeout(AXE_TIMEOUT_MS);
    server.suggestion = { mark: 'present', at: new Date().toISOString(), endpointId: 'x' };
    await wear(page, theme);
    await open(page, feed.url);
    await expect(page.locator('.work-item').first()).toBeVisible();
    await page.keyboard.press('l');
    await page.keyboard.press('T');
    expect(await barriers(page)).toEqual([]);
    for (const mode of ['roll-call', 'display', 'roster']) {
      await page.goto(`${feed.url}/sessions/s-1#${mode}`);
      await expect(page.locator(`.${mode === 'display' ? 'display-list' : mode}`)).toBeVisible();
      expect(await barriers(page, '.page')).toEqual([]);
    }
  });
}
