import { AXE_TIMEOUT_MS, barriers, THEMES, wear } from '../fixtures/accessibility.js';
import { test as base, expect } from '../fixtures/board-test.js';
import { chromiumIsMissing, MISSING_REASON } from '../fixtures/chromium.js';
import { SessionApi, sessionAhead } from '../fixtures/session-api.js';

base.skip(chromiumIsMissing, MISSING_REASON);

const DAY_MS = 86_400_000;
const iso = (ms: number): string => new Date(ms).toISOString();

/** One to come, which wants the sites of another at the same time; one of yesterday that was cancelled. */
const test = base.extend<{ server: SessionApi }>({
  server: async ({ page, feed }, use) => {
    const next = sessionAhead({ overlaps: ['s-2'], verdict: 'AT_RISK', ready: 134, total: 150 });
    const other = sessionAhead({ id: 's-2', title: 'Giao ban tuần', overlaps: ['s-1'], invitationNumber: '' });
    const yesterdayMs = Date.now() - DAY_MS;
    const past = sessionAhead({
      ...{ id: 's-0', title: 'Họp kỳ trước', startsAt: iso(yesterdayMs), endsAt: iso(yesterdayMs + 3_600_000) },
      status: 'cancelled',
    });
    const server = new SessionApi(feed, [next, other, past]);
    await server.answer(page);
    await use(server);
  },
});

test('lists what comes and what was, with overlaps and verdicts, and the day that is chosen', async ({
  page,
  feed,
  server,
  complaints,
}) => {
  await page.goto(`${feed.url}/sessions`);
  const coming = page.getByRole('region', { name: /^Sắp tới và đang họp/ });
  await expect(coming).toContainText('CÓ RỦI RO 134/150');
  await expect(coming).toContainText('Trùng điểm cầu với phiên Giao ban tuần');
  const past = page.getByRole('region', { name: /^Đã họp/ });
  await expect(past).toContainText('Họp kỳ trướcđã hủy');
  const today = page.getByRole('gridcell', { selected: true }).getByRole('button');
  await expect(today).toHaveAccessibleName(/Hôm nay$/);
  await today.focus();
  const name = await today.getAttribute('aria-label');
  await page.keyboard.press('ArrowRight');
  const chosen = page.getByRole('gridcell', { selected: true }).getByRole('button');
  await expect(chosen).toBeFocused();
  await expect(chosen).not.toHaveAccessibleName(name ?? '');
  await page.keyboard.press('PageDown');
  await expect(chosen).toBeFocused();
  await page.getByRole('button', { name: 'Hôm nay', exact: true }).click();
  await expect(chosen).toHaveAccessibleName(name ?? '');
  await coming.getByRole('link', { name: server.session.title }).first().click();
  expect(new URL(page.url()).pathname).toBe('/sessions/s-1');
  expect(complaints).toEqual([]);
});

test('makes a session: for some areas, without one site, with checkpoints of its own', async ({ page, feed, server }) => {
  await page.goto(`${feed.url}/sessions`);
  await page.getByRole('button', { name: 'Tạo phiên họp' }).click();
  const form = page.getByRole('dialog', { name: 'Phiên họp mới' });
  await form.getByLabel('Tên phiên họp').fill('Tổng duyệt quý IV');
  await form.getByLabel('Bắt đầu').fill('2030-01-07T14:00');
  await expect(form.getByLabel('Kết thúc')).toHaveValue('2030-01-07T17:30');
  await expect(form.getByLabel('Phải kết nối trước')).toHaveValue('2030-01-07T13:30');
  await form.getByLabel('Chỉ những điểm cầu sau').check();
  await expect(form.getByRole('alert')).toContainText('Chưa chọn điểm cầu nào.');
  await form.getByLabel('Hòa Bình', { exact: true }).check();
  await form.getByRole('combobox', { name: 'Trừ các điểm cầu' }).fill('da bac');
  await page.keyboard.press('Enter');
  await expect(form.getByRole('button', { name: 'Bỏ Xã Đà Bắc' })).toBeVisible();
  await form.getByLabel('Trước 24 giờ').uncheck();
  await form.getByLabel('Trước 5 phút').check();
  await form.getByLabel(/^Tổng duyệt/).check();
  await form.getByLabel('Người thực hiện').fill('Lan');

  const error = { field: 'startsAt', found: 'x', allowed: 'an instant' };
  server.refuse = { status: 422, problem: { detail: 'refused', errors: [error] } };
  await form.getByRole('button', { name: 'Lưu' }).click();
  await expect(form.getByRole('alert')).toContainText('startsAt: không nhận “x”; cho phép: an instant');
  await form.getByRole('button', { name: 'Lưu' }).click();
  await expect(page.getByRole('heading', { name: 'Tổng duyệt quý IV', level: 2 })).toBeVisible();
  expect(server.posted.at(-1)).toMatchObject({
    path: '/sessions',
    body: {
      ...{ title: 'Tổng duyệt quý IV', startsAt: '2030-01-07T14:00:00+07:00', endsAt: '2030-01-07T17:30:00+07:00' },
      ...{ connectBy: '2030-01-07T13:30:00+07:00', checkpoints: ['PT2H', 'PT60M', 'PT30M', 'PT10M', 'PT5M'], by: 'Lan' },
      participants: { all: false, areas: ['Hòa Bình'], except: [feed.endpoint('Xã Đà Bắc').siteCode] },
      rehearsal: true,
    },
  });
});

test('changes and cancels a session as it was read, and overwrites nobody', async ({ page, feed, server }) => {
  await page.goto(`${feed.url}/sessions/s-1`);
  await page.getByRole('button', { name: 'Sửa phiên họp' }).click();
  const form = page.getByRole('dialog', { name: 'Sửa phiên họp' });
  await form.getByLabel('Người thực hiện').fill('Lan');
  await form.getByLabel('Đơn vị chủ trì').fill('Bộ Nội vụ');
  server.refuse = { status: 412, problem: { detail: 'changed' } };
  await form.getByRole('button', { name: 'Lưu' }).click();
  await expect(form.getByRole('alert')).toContainText('Phiên này vừa được người khác sửa.');
  expect(server.posted.at(-1)).toMatchObject({ method: 'PATCH', ifMatch: '"3"', body: { host: 'Bộ Nội vụ' } });
  await form.getByRole('button', { name: 'Hủy phiên họp' }).click();
  await form.getByRole('button', { name: 'Chắc chắn hủy phiên này?' }).click();
  await expect(page.getByText('Phiên họp đã hủy: không kiểm thử')).toBeVisible();
  expect(server.posted.at(-1)?.body).toEqual({ status: 'cancelled', by: 'Lan' });
});

test('shows what its calendar wants of a session that a person changed, and gives in', async ({ page, feed, server }) => {
  const says = { host: { from: 'UBND tỉnh', to: 'Bộ Nội vụ' } };
  server.sessions[0] = { ...server.session, changedByPerson: true, calendarSays: says };
  await page.goto(`${feed.url}/sessions/s-1`);
  await expect(page.locator('.session-remarks')).toContainText('host: UBND tỉnh Bộ Nội vụ');
  await page.getByRole('button', { name: 'Theo lịch họp' }).click();
  await expect
    .poll(() => server.posted.at(-1))
    .toMatchObject({ method: 'PATCH', ifMatch: '"3"', body: { followCalendar: true } });
});

test('takes a calendar only after having shown what it changes', async ({ page, feed, server }) => {
  const line = { id: 's-1', title: 'Chính phủ với các địa phương', startsAt: server.session.startsAt };
  const moved = { startsAt: { from: '2030-01-07T01:00:00.000Z', to: '2030-01-07T02:30:00.000Z' } };
  const report = {
    ...{
      dryRun: true,
      calendar: 'upload',
      created: [{ ...line, id: 'n', title: 'Phiên mới' }],
      changed: [{ ...line, fields: moved }],
    },
    ...{ cancelled: [], kept: [{ ...line, id: 'k', why: 'a person changed it', fields: {} }], unchanged: 4, ignored: [] },
  };
  server.report = report;
  await page.goto(`${feed.url}/sessions`);
  await page.getByRole('button', { name: 'Nhập lịch (.ics)' }).click();
  const dialog = page.getByRole('dialog');
  const file = { name: 'lich.ics', mimeType: '', buffer: Buffer.from('BEGIN:VCALENDAR') };
  const error = { line: 7, field: 'DTSTART', found: 'x', allowed: 'a date' };
  server.refuse = { status: 422, problem: { detail: 'nothing was changed', errors: [error] } };
  await dialog.getByLabel('Tệp lịch (.ics)').setInputFiles(file);
  await expect(dialog.getByRole('alert')).toContainText('Dòng 7, DTSTART: có “x”; cho phép: a date');
  await dialog.getByLabel('Tệp lịch (.ics)').setInputFiles(file);
  await expect(dialog).toContainText('Tệp này sẽ thay đổi như sau. Không đổi: 4.');
  await expect(dialog).toContainText('Thay đổi: 1');
  await expect(dialog).toContainText('startsAt: 07/01 08:00 07/01 09:30');
  await expect(dialog).toContainText('Giữ nguyên, dù lịch ghi khác: 1');
  server.report = { ...report, dryRun: false } as typeof report;
  await dialog.getByRole('button', { name: 'Nhập các thay đổi này' }).click();
  await expect(dialog).toContainText('Đã nhập xong.');
  expect(server.posted.map(({ path }) => path)).toEqual([
    '/sessions/import?dryRun=true',
    '/sessions/import?dryRun=true',
    '/sessions/import?dryRun=false',
  ]);
});

for (const theme of THEMES) {
  test(`the calendar, the form and the import have no barriers in the ${theme} theme`, async ({ page, feed, server }) => {
    test.setTimeout(AXE_TIMEOUT_MS);
    await wear(page, theme);
    await page.goto(`${feed.url}/sessions`);
    await expect(page.locator('.session-list').first()).toContainText(server.session.title);
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Tạo phiên họp' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Chỉ những điểm cầu sau').check();
    await form.getByRole('combobox', { name: 'Trừ các điểm cầu' }).fill('tam');
    await expect(form.getByRole('option').first()).toBeVisible();
    expect(await barriers(page, '.modal')).toEqual([]);
    await form.getByRole('button', { name: /^Đóng/ }).click();
    await page.getByRole('button', { name: 'Nhập lịch (.ics)' }).click();
    expect(await barriers(page, '.modal')).toEqual([]);
  });
}
