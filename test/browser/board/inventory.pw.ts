import { AXE_TIMEOUT_MS, barriers, THEMES, wear } from '../fixtures/accessibility.js';
import { expect, type Page, test } from '../fixtures/board-test.js';

const records = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    ...{ id: `${10_000 + n}-1`, siteCode: `${10_000 + n}`, siteName: n === 7 ? 'Xã Đoan Hùng' : `Xã Số ${n}`, tier: 'commune' },
    ...{ area: `Khu ${n % 4}`, carrier: n % 2 ? 'VNPT' : 'Viettel', address: `10.1.${n >> 8}.${n & 255}`, ordinal: 1 },
    ...{
      circuitId: '',
      sipUri: null,
      h323: null,
      contactName: 'An',
      contactPhone: '0912 345 678',
      deputyName: '',
      deputyPhone: '',
    },
    ...{ model: '', lat: null, lon: null, note: '' },
  }));

async function answerWith(page: Page, items: ReturnType<typeof records>): Promise<void> {
  await page.route('**/api/v1/inventory', (route) =>
    route.fulfill({ json: { items, total: items.length, file: 'diem-cau.csv' } }),
  );
  await page.route('**/api/v1/maintenance', (route) => route.fulfill({ json: { items: [], total: 0 } }));
}

test('3,500 rows are searched without diacritics, sorted and filtered; none is drawn that nobody sees', async ({
  page,
  feed,
}) => {
  await answerWith(page, records(3_500));
  await page.goto(`${feed.url}/inventory`);
  const table = page.getByRole('table');
  await expect(page.getByText('1–100 trong 3.500 thiết bị')).toBeVisible();
  await expect(table.getByRole('row')).toHaveCount(101);
  await expect(page.getByText(/diem-cau\.csv .* tệp thắng/)).toBeVisible();
  await page.getByLabel(/^Tìm tên, mã/).fill('doan hung');
  await expect(table.getByRole('rowheader')).toHaveText(['Xã Đoan Hùng']);
  await page.getByLabel(/^Tìm tên, mã/).fill('');
  await page.getByRole('search').getByLabel('Nhà mạng').selectOption('VNPT');
  await page.getByRole('button', { name: 'Mã', exact: true }).click();
  await page.getByRole('button', { name: 'Mã', exact: true }).click();
  await expect(page.getByRole('columnheader', { name: 'Mã' })).toHaveAttribute('aria-sort', 'descending');
  await expect(table.getByRole('rowheader').first()).toHaveText('Xã Số 3499');
  await page.getByRole('button', { name: 'Trang sau' }).click();
  await expect(page.getByText('101–200 trong 1.750 thiết bị')).toBeVisible();
});

test('a row is corrected where it stands, its errors at their fields', async ({ page, feed }) => {
  const items = records(10);
  await answerWith(page, items);
  const sent: { body: unknown; etag: string | undefined }[] = [];
  await page.route('**/api/v1/inventory/endpoints/*', async (route) => {
    const request = route.request();
    if (request.method() === 'GET') return route.fulfill({ json: items[7], headers: { etag: '"v1"' } });
    sent.push({ body: request.postDataJSON(), etag: request.headers()['if-match'] });
    if (sent.length > 1) return route.fulfill({ json: items[7] });
    const errors = [{ field: 'address', found: '10.0.0.256', allowed: 'an IPv4 address', fix: 'Enter it.' }];
    await route.fulfill({ status: 422, json: { title: 'Unprocessable Content', detail: 'no', errors } });
  });
  await page.goto(`${feed.url}/inventory`);
  await page.getByRole('button', { name: 'Sửa Xã Đoan Hùng' }).click();
  const form = page.getByRole('form', { name: 'Sửa Xã Đoan Hùng' });
  await expect(form.getByLabel('Tên điểm cầu')).toBeFocused();
  await form.getByLabel('Địa chỉ IP').fill('10.0.0.256');
  await form.getByRole('button', { name: 'Lưu' }).click();
  await expect(form.getByRole('alert')).toHaveText('Chưa lưu: 1 ô cần sửa lại.');
  const address = form.getByLabel('Địa chỉ IP');
  await expect(address).toBeFocused();
  await expect(address).toHaveAccessibleDescription(/^Cần: địa chỉ IP/);
  expect(await barriers(page, '.inv-form')).toEqual([]);
  await address.fill('10.0.0.25');
  await page.keyboard.press('Enter');
  await expect(form).toBeHidden();
  expect(sent).toEqual([
    { body: { address: '10.0.0.256' }, etag: '"v1"' },
    { body: { address: '10.0.0.25' }, etag: '"v1"' },
  ]);
});

test('has no barriers in either theme, with a plan, a selection and a refused file open', async ({ page, feed, complaints }) => {
  test.setTimeout(AXE_TIMEOUT_MS);
  await answerWith(page, records(8));
  await page.route('**/api/v1/inventory/import?*', (route) =>
    route.fulfill({
      status: 422,
      json: { title: 'no', errors: [{ line: 3, field: 'contact_phone', found: '12', allowed: 'a number', fix: 'Enter it.' }] },
    }),
  );
  await page.goto(`${feed.url}/inventory`);
  await page.getByRole('checkbox', { name: 'Chọn Xã Đoan Hùng' }).check();
  await page.getByRole('button', { name: 'Thêm kế hoạch' }).click();
  await page.getByLabel('Tệp CSV (UTF-8) hoặc XLSX').setInputFiles({ name: 'x.csv', mimeType: '', buffer: Buffer.from('a') });
  await expect(page.getByText('Tệp có 1 lỗi, không có gì được thay đổi.')).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'Dòng 3' })).toContainText('Điện thoại: tìm thấy “12”.');
  for (const theme of THEMES) {
    await wear(page, theme);
    expect(await barriers(page)).toEqual([]);
  }
  expect(complaints.filter((line) => !line.includes('422'))).toEqual([]);
});
