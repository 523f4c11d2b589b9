import { expect, type Page, test } from '@playwright/test';
import { chromiumIsMissing, MISSING_REASON } from '../fixtures/chromium.js';
import { Daemon } from '../fixtures/daemon.js';

test.skip(chromiumIsMissing, MISSING_REASON);

/** Of the lab's morning: one rings and is not taken up, one has its camera unplugged. */
const RINGING = { query: '05191', reason: 'Đổ chuông, không tự trả lời' };
const NO_CAMERA = { query: '05068', reason: 'Chỉ có tiếng, không có hình' };
/** Calls of four sites, beside the daemon's first round of all the others. */
const CHECKPOINT_MS = 90_000;
const MINUTE_MS = 60_000;

let daemon: Daemon;
test.beforeAll(async () => {
  daemon = await Daemon.start();
});
test.afterAll(async () => {
  await daemon.stop();
});

test('a session is made, tested, worked on, called and signed off', async ({ page }) => {
  await makeSession(page);
  await seeCheckpoint(page);
  await workOnSites(page);
  await callRoll(page);
  await signOff(page);
});

/** 12 minutes ahead: calls are still allowed, and checkpoints that are past are caught up at once. */
async function makeSession(page: Page): Promise<void> {
  await page.goto(`${daemon.url}/sessions`);
  await page.getByRole('button', { name: 'Tạo phiên họp' }).click();
  const form = page.getByRole('dialog', { name: 'Phiên họp mới' });
  await form.getByLabel('Tên phiên họp').fill('Giao ban trực tuyến ba cấp');
  await form.getByLabel('Bắt đầu').fill(localInput(Date.now() + 12.9 * MINUTE_MS));
  await form.getByLabel('Phải kết nối trước').fill('');
  await form.getByLabel('Chỉ những điểm cầu sau').check();
  await form.getByLabel('Trung ương', { exact: true }).check();
  await form.getByLabel('Cấp tỉnh', { exact: true }).check();
  for (const { query } of [RINGING, NO_CAMERA]) {
    await form.getByRole('combobox', { name: 'Từng điểm cầu' }).fill(query);
    await page.keyboard.press('Enter');
  }
  await form.getByLabel('Người thực hiện').fill('Nguyễn Thu Lan');
  await form.getByRole('button', { name: 'Lưu' }).click();
  await expect(page.getByRole('heading', { name: 'Giao ban trực tuyến ba cấp', level: 2 })).toBeVisible();
}

/** As `<input type="datetime-local">` has it in Hà Nội. */
const localInput = (ms: number): string => new Date(ms + 7 * 60 * MINUTE_MS).toISOString().slice(0, 16);

async function seeCheckpoint(page: Page): Promise<void> {
  const timeline = page.getByRole('region', { name: 'Các lượt kiểm thử' });
  await expect(timeline.locator('[data-checkpoint="PT2H"]')).toContainText('lượt trước 30 phút đã chạy bù');
  const caughtUp = timeline.locator('[data-checkpoint="PT30M"]');
  await expect(caughtUp).toContainText('gọi thử hai chiều');
  await expect(caughtUp).toContainText(/Xong lúc .* Bắt đầu muộn\./, { timeout: CHECKPOINT_MS });
  await expect(page.locator('.verdict-count')).toContainText('2/4');
  await expect(page.getByText('CHƯA ĐỦ ĐIỀU KIỆN', { exact: true })).toBeVisible();
}

async function workOnSites(page: Page): Promise<void> {
  const items = page.locator('.work-item');
  await expect(items).toHaveCount(2);
  await expect(items.filter({ hasText: RINGING.reason })).toHaveCount(1);
  const noCamera = items.filter({ hasText: NO_CAMERA.reason });
  await noCamera.focus();
  await page.keyboard.press('l');
  await page.getByLabel('Nội dung đã trao đổi').fill('đã nhắc cắm lại camera');
  await page.keyboard.press('Enter');
  await expect(noCamera.getByRole('list', { name: 'Đã trao đổi' })).toContainText('đã nhắc cắm lại camera Nguyễn Thu Lan');
  await expect(noCamera).toBeFocused();
  await page.keyboard.press('t');
  await expect(page.locator('.retest-line')).toContainText(/đã kiểm xong, (\d)\/\1 kết quả/, { timeout: CHECKPOINT_MS });
}

async function callRoll(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Điểm danh' }).click();
  const name = page.locator('.roll-name h3');
  await expect(name).not.toBeEmpty();
  const first = (await name.textContent()) ?? '';
  await page.keyboard.press('3');
  await page.keyboard.press('u');
  await expect(name).toHaveText(first);
  for (const key of ['1', '1', '2', '3']) await page.keyboard.press(key);
  const counts = page.getByRole('list', { name: 'Tổng hợp điểm danh' });
  await expect(counts).toHaveText(/2\s*đúng giờ\s*1\s*vào muộn\s*1\s*vắng mặt\s*0\s*rời phiên\s*0\s*chưa điểm danh/);
  await expect(page.getByText(/^đang gửi/)).toHaveCount(0);
  await page.reload();
  await expect(counts).toContainText('0 chưa điểm danh');
  await page.getByRole('list', { name: 'Tất cả điểm cầu của phiên' }).getByRole('button').first().click();
  await expect(page.getByRole('list', { name: 'Các lần ghi' }).getByRole('listitem')).toHaveText([
    /Vắng mặt · Nguyễn Thu Lan/,
    /Bỏ lần ghi trước/,
    /Có mặt/,
  ]);
  await page.keyboard.press('Escape');
}

async function signOff(page: Page): Promise<void> {
  const signing = page.getByRole('region', { name: 'Ký xác nhận' });
  await signing.getByLabel('Ghi chú').fill('2/4, hai xã họp qua điện thoại');
  await signing.getByRole('button', { name: 'Ký xác nhận' }).click();
  await expect(signing.getByRole('listitem')).toContainText(/Nguyễn Thu Lan \d\d:\d\d 2\/4, hai xã họp qua điện thoại$/);
}
